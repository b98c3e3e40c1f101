import { type FileHandle, mkdir, mkdtemp, open, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { Parser, type ReadEntry } from 'tar';
import { type ArchiveEntry, archiveTree } from './archive-tree.ts';
import { LARGEST_FILE_BYTES, mayBeRevision } from './file-tree.ts';
import type { RepositoryContent } from './loaded-repository.ts';
import { readRevisions } from './read-revisions.ts';
import { RepositoryError } from './repository-error.ts';

const MOST_ENTRIES = 250_000;
const FILES: ReadonlySet<string> = new Set(['File', 'OldFile', 'ContiguousFile']);
const LINKS: ReadonlySet<string> = new Set(['SymbolicLink', 'Link']);

/**
 * Reads a tar archive of a folder repository as it arrives. The files of packages are kept in one file of the scratch
 * folder until all have been seen, because an archive says only at its end where its packages lie.
 */
export const readTarRepository = async (
  pieces: AsyncIterable<Buffer>,
  { what, scratchDir }: { readonly what: string; readonly scratchDir: string },
): Promise<RepositoryContent> => {
  await mkdir(scratchDir, { recursive: true, mode: 0o700 });
  const folder = await mkdtemp(join(scratchDir, 'tar-'));
  const spool = await open(join(folder, 'files'), 'wx+', 0o600);
  try {
    const entries = await listEntries(pieces, spool, what);
    return await readRevisions(archiveTree(entries, what));
  } finally {
    await spool.close();
    await rm(folder, { recursive: true, force: true });
  }
};

const listEntries = async (
  pieces: AsyncIterable<Buffer>,
  spool: FileHandle,
  what: string,
): Promise<ArchiveEntry[]> => {
  const entries: ArchiveEntry[] = [];
  const contents: Buffer[] = [];
  let position = 0;
  const state: { trouble?: RepositoryError } = {};
  const fail = (reason: string, cause?: unknown): void => {
    state.trouble ??= new RepositoryError('bad-content', `${what} ${reason}`, { cause });
  };
  const parser = new Parser({
    strict: false,
    onReadEntry: (entry: ReadEntry) => {
      if (entries.length >= MOST_ENTRIES) fail(`has more than ${MOST_ENTRIES} entries`);
      const { path, size } = entry;
      const type = typeOf(entry);
      const isKept = type === 'file' && mayBeRevision(path) && size <= LARGEST_FILE_BYTES;
      const at = position;
      entries.push({
        path: path.replace(/^(?:\.\/)+/, ''),
        type,
        sizeBytes: size,
        read: () => readAt(spool, at, size),
      });
      if (isKept && !state.trouble) {
        position += size;
        entry.on('data', (piece: Buffer) => contents.push(piece));
      } else entry.resume();
    },
    onwarn: (code: string, message: string | Error) =>
      fail(`is a tar archive that cannot be read: ${code} ${message}`),
  });
  parser.on('error', (error: unknown) => fail('is a tar archive that cannot be read', error));
  for await (const piece of pieces) {
    parser.write(piece);
    if (state.trouble) throw state.trouble;
    for (const content of contents.splice(0)) await spool.writeFile(content);
  }
  parser.end();
  if (state.trouble) throw state.trouble;
  for (const content of contents) await spool.writeFile(content);
  return entries;
};

const typeOf = ({ type }: ReadEntry): ArchiveEntry['type'] => {
  if (FILES.has(type)) return 'file';
  if (type === 'Directory' || type === 'GNUDumpDir') return 'folder';
  return LINKS.has(type) ? 'link' : 'other';
};

const readAt = async (spool: FileHandle, position: number, sizeBytes: number): Promise<Buffer> => {
  if (sizeBytes > LARGEST_FILE_BYTES) throw new Error(`is larger than ${LARGEST_FILE_BYTES} bytes`);
  const buffer = Buffer.alloc(sizeBytes);
  const { bytesRead } = await spool.read(buffer, 0, sizeBytes, position);
  return buffer.subarray(0, bytesRead);
};
