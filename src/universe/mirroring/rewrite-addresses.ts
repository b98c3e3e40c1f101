import type { FileTree, TreeFile } from '../sources/file-tree.ts';
import type { MirrorManifest } from './mirror-manifest.ts';

/**
 * Where each address of a mirror leads once it is hosted at `base`, such as http://10.0.0.1:8085. Coordinates stay what
 * they are, and say where their files come from, because what they bring is a folder of files.
 */
export const mirroredAddresses = (
  { files, images }: MirrorManifest,
  base: string,
): ReadonlyMap<string, string> => {
  const { host } = new URL(base);
  const located = Object.entries(files).map(([address, { path }]): [string, string] => {
    const url = `${base}/${path.split('/').map(encodeURIComponent).join('/')}`;
    if (!/^(maven|npm):/.test(address)) return [address, url];
    return [address, `${address}${address.includes('?') ? '&' : '?'}from=${encodeURIComponent(url)}`];
  });
  const pulled = Object.entries(images).map(([reference, { name, tag, digest }]): [string, string] => [
    reference,
    reference.includes('@') ? `${host}/${name}@${digest}` : `${host}/${name}:${tag}`,
  ]);
  return new Map([...located, ...pulled]);
};

/** A tree whose packages name what a mirror holds instead of where it came from. */
export const rewrittenTree = (tree: FileTree, addresses: ReadonlyMap<string, string>): FileTree => ({
  ...tree,
  files: new Map([...tree.files].map(([path, file]) => [path, rewrittenFile(path, file, addresses)])),
});

const rewrittenFile = (path: string, file: TreeFile, addresses: ReadonlyMap<string, string>): TreeFile => {
  if (path.endsWith('/package.json')) return file;
  const isTemplate = path.endsWith('.mustache');
  const read = async (): Promise<Buffer> => {
    const text = (await file.read()).toString('utf8');
    return Buffer.from(isTemplate ? rewriteTemplate(text, addresses) : rewriteJson(text, addresses));
  };
  return { ...file, read };
};

/** In JSON an address is a whole string. */
const rewriteJson = (text: string, addresses: ReadonlyMap<string, string>): string =>
  text.replaceAll(/"(?:[^"\\]|\\.)*"/g, (quoted) => {
    if (quoted.length > 4_096) return quoted;
    const address = addresses.get(String(JSON.parse(quoted)));
    return address === undefined ? quoted : JSON.stringify(address);
  });

/** In a template it ends where no address goes on: the longest that fits is meant. */
export const rewriteTemplate = (text: string, addresses: ReadonlyMap<string, string>): string => {
  const known = [...addresses.keys()].filter((address) => text.includes(address));
  if (known.length === 0) return text;
  const alternatives = known.sort((one, other) => other.length - one.length).map(escapePattern);
  const pattern = new RegExp(`(?<![\\w./:@-])(?:${alternatives.join('|')})(?![\\w./:@%-])`, 'g');
  return text.replaceAll(pattern, (address) => addresses.get(address) ?? address);
};

const escapePattern = (text: string): string => text.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&');
