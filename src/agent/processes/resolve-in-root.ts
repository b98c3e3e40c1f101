import { lstatSync, readlinkSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';

const MAX_LINKS = 40;

/**
 * The path on the host of a path in another root folder, as a process would find it that has that folder as its root: links
 * never lead out of it. Parts that do not exist stay as they are. Throws when links go round in a circle.
 */
export const resolveInRoot = (root: string, path: string): string => {
  const pending = partsOf(path);
  let inside = '/';
  let links = 0;
  for (let part = pending.shift(); part !== undefined; part = pending.shift()) {
    if (part === '..') {
      inside = dirname(inside);
      continue;
    }
    const next = join(inside, part);
    const target = linkAt(join(root, next));
    if (target === undefined) {
      inside = next;
      continue;
    }
    if (++links > MAX_LINKS) throw new Error(`Too many links on the way to ${path}`);
    if (target.startsWith('/')) inside = '/';
    pending.unshift(...partsOf(target));
  }
  return join(root, inside);
};

/** `..` is kept: what it means depends on where the links before it lead. */
const partsOf = (path: string): string[] => path.split('/').filter((part) => part !== '' && part !== '.');

const linkAt = (path: string): string | undefined => {
  const found = lstatSync(normalize(path), { throwIfNoEntry: false });
  return found?.isSymbolicLink() ? readlinkSync(path) : undefined;
};
