import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { ZipFile } from 'yazl';
import { type LayerEntry, tarOf } from '../support/registry/build-image.ts';
import { temporaryFolder } from './repository-files.ts';

export interface ZipEntry {
  readonly content?: unknown;
  /** Type and permissions, as Unix has them. */
  readonly mode?: number;
}

const FILE = 0o100644;
/** The writer refuses names with `..` and such that begin with `/`: they go in as others of the same length. */
const DISGUISES = [
  ['../', '@@@'],
  ['/repo', '%%%%%'],
] as const;

/** A zip archive, also one that no honest program writes. */
export const zipOf = async (entries: Readonly<Record<string, ZipEntry>>): Promise<Buffer> => {
  const zip = new ZipFile();
  const isHostile = Object.keys(entries).some((name) => name.includes('..') || name.startsWith('/'));
  for (const [name, { content = '', mode = FILE }] of Object.entries(entries)) {
    const harmless = isHostile && /^\.?\.?\//.test(name) ? disguised(name) : name;
    if (name.endsWith('/')) zip.addEmptyDirectory(name);
    else zip.addBuffer(bytesOf(content), harmless, { mode, compress: !isHostile });
  }
  zip.end();
  const bytes = await buffer(zip.outputStream as NodeJS.ReadableStream);
  if (!isHostile) return bytes;
  const text = bytes.toString('latin1');
  return Buffer.from(
    DISGUISES.reduce((changed, [name, disguise]) => changed.replaceAll(disguise, name), text),
    'latin1',
  );
};

const disguised = (name: string): string =>
  DISGUISES.reduce((changed, [part, disguise]) => changed.replaceAll(part, disguise), name);

/** Files, with contents that are no text written as JSON, as entries of archives. */
export const zipEntries = (files: Readonly<Record<string, unknown>>, prefix = ''): Record<string, ZipEntry> =>
  Object.fromEntries(Object.entries(files).map(([name, content]) => [prefix + name, { content }]));

/** A tar archive of files, and of further entries. */
export const tarWith = (
  files: Readonly<Record<string, unknown>>,
  more: readonly LayerEntry[] = [],
  prefix = '',
): Buffer =>
  tarOf([
    ...Object.entries(files).map(([name, content]) => ({ path: prefix + name, content: bytesOf(content) })),
    ...more,
  ]);

export const writeArchive = async (bytes: Buffer, name = 'universe'): Promise<string> => {
  const file = join(await temporaryFolder(), name);
  await writeFile(file, bytes);
  return file;
};

const bytesOf = (content: unknown): Buffer =>
  content instanceof Uint8Array
    ? Buffer.from(content)
    : Buffer.from(typeof content === 'string' ? content : JSON.stringify(content));
