import { isUtf8 } from 'node:buffer';
import type { Readable } from 'node:stream';
import { promisify } from 'node:util';
import * as yauzl from 'yauzl';
import { type ArchiveEntry, archiveTree } from './archive-tree.ts';
import { LARGEST_FILE_BYTES } from './file-tree.ts';
import type { RepositoryContent } from './loaded-repository.ts';
import { readRevisions } from './read-revisions.ts';
import { RepositoryError } from './repository-error.ts';

/** Entries of all kinds; each is looked at. */
const MOST_ENTRIES = 250_000;
const TYPE_BITS = 0o170000;
const FILE_TYPE = 0o100000;
const LINK_TYPE = 0o120000;
const ENCRYPTED_BIT = 1;

const openZip = promisify<string, yauzl.Options, yauzl.ZipFile>(yauzl.open);

/** Reads a zip archive of a folder repository, the form that clusters before DC/OS 1.8 read (reference 1.11). */
export const readZipRepository = async (file: string, what: string): Promise<RepositoryContent> => {
  const zip = await openZip(file, { lazyEntries: true, autoClose: false, decodeStrings: false }).catch(
    (error: unknown) => {
      throw broken(what, error);
    },
  );
  try {
    const entries = await listEntries(zip, what);
    return await readRevisions(archiveTree(entries, what));
  } finally {
    zip.close();
  }
};

const listEntries = (zip: yauzl.ZipFile, what: string): Promise<ArchiveEntry[]> =>
  new Promise((resolve, reject) => {
    const entries: ArchiveEntry[] = [];
    zip.on('entry', (entry) => {
      if (entries.length >= MOST_ENTRIES)
        return reject(new RepositoryError('bad-content', `${what} has more than ${MOST_ENTRIES} entries`));
      entries.push(entryOf(zip, entry));
      zip.readEntry();
    });
    zip.on('end', () => resolve(entries));
    zip.on('error', (error) => reject(broken(what, error)));
    zip.readEntry();
  });

const entryOf = (zip: yauzl.ZipFile, entry: yauzl.Entry): ArchiveEntry => {
  // Names come as bytes, so that one bad name is not the end of all others.
  const name = entry.fileName as unknown as Buffer;
  const path = name.toString(isUtf8(name) ? 'utf8' : 'latin1');
  return {
    path,
    type: typeOf(path, entry),
    sizeBytes: entry.uncompressedSize,
    read: () => readEntry(zip, entry),
  };
};

const typeOf = (path: string, { externalFileAttributes }: yauzl.Entry): ArchiveEntry['type'] => {
  if (path.endsWith('/')) return 'folder';
  const type = (externalFileAttributes >>> 16) & TYPE_BITS;
  if (type === LINK_TYPE) return 'link';
  // Archives of other systems than Unix have no type there.
  return type === 0 || type === FILE_TYPE ? 'file' : 'other';
};

/** The size that the archive states is checked while it is unpacked, so that no entry unpacks to more. */
const readEntry = async (zip: yauzl.ZipFile, entry: yauzl.Entry): Promise<Buffer> => {
  if (entry.generalPurposeBitFlag & ENCRYPTED_BIT) throw new Error('is encrypted');
  const stream = await new Promise<Readable>((resolve, reject) => {
    zip.openReadStream(entry, (error, opened) => (error ? reject(error) : resolve(opened)));
  });
  const pieces: Buffer[] = [];
  let bytes = 0;
  for await (const piece of stream as AsyncIterable<Buffer>) {
    bytes += piece.length;
    if (bytes > LARGEST_FILE_BYTES) throw new Error(`is larger than ${LARGEST_FILE_BYTES} bytes`);
    pieces.push(piece);
  }
  return Buffer.concat(pieces);
};

const broken = (what: string, error: unknown): RepositoryError =>
  new RepositoryError(
    'bad-content',
    `${what} is a zip archive that cannot be read: ${error instanceof Error ? error.message : error}`,
    { cause: error },
  );
