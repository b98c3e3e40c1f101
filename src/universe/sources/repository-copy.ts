import { createHash } from 'node:crypto';
import { mkdir, open, readFile, rename, rm, stat, utimes } from 'node:fs/promises';
import { dirname } from 'node:path';
import {
  type PackedDefinition,
  type PackedParts,
  restoreDefinition,
} from '../definition/packed-definition.ts';
import { createTurns } from '../turns.ts';
import type { LoadedRepository } from './loaded-repository.ts';

/** A copy of a repository on this machine's disk. It may be damaged or deleted at any time. */
export interface RepositoryCopy {
  /** Gives undefined when there is none that can be read. */
  read(): Promise<StoredRepository | undefined>;
  /** A copy that cannot be written must not be in the way of what was read: that is no error. */
  write(loaded: LoadedRepository, validators: Readonly<Record<string, string>>): Promise<void>;
  /** Notes that the source has just said that it still holds this. */
  confirm(): Promise<void>;
}

export interface StoredRepository {
  readonly loaded: LoadedRepository;
  readonly signature: string;
  readonly validators: Readonly<Record<string, string>>;
  /** When the source last said that it holds this, in ms since 1970. */
  readonly confirmedAtMs: number;
  /** Another version of the reader may have understood the source otherwise. */
  readonly isOfThisReader: boolean;
}

interface Header extends Omit<LoadedRepository, 'definitions' | 'stale'> {
  readonly reader: string;
  readonly validators: Readonly<Record<string, string>>;
}

const MARK = Buffer.from('universe copy 1\n');
const HASH_BYTES = 32;
const LENGTH_BYTES = 4;
const LARGEST_COPY_BYTES = 512 * 1024 * 1024;
const HASHED_AT_ONCE_BYTES = 1024 * 1024;

/**
 * The copy in a file: a mark; records, each behind its length, of which the first is a header and then two are a
 * definition (what is at hand, and what is compressed); a hash of it all. It takes the place of the last one whole.
 */
export const repositoryCopy = (file: string, reader: string): RepositoryCopy => ({
  read: async () => {
    try {
      const { size, mtimeMs: confirmedAtMs } = await stat(file);
      if (size > LARGEST_COPY_BYTES) return undefined;
      const { header, definitions } = await parse(await readFile(file));
      const { reader: itsReader, validators, ...loaded } = header;
      return {
        loaded: { ...loaded, definitions },
        signature: loaded.signature,
        validators,
        confirmedAtMs,
        isOfThisReader: itsReader === reader,
      };
    } catch {
      // Not there yet, or damaged: the source is read anew.
      return undefined;
    }
  },
  write: async ({ definitions, stale: _stale, ...loaded }, validators) => {
    const next = `${file}.new`;
    try {
      await mkdir(dirname(file), { recursive: true, mode: 0o700 });
      await writeCopy(next, { ...loaded, reader, validators }, definitions);
      await rename(next, file);
    } catch {
      await rm(next, { force: true }).catch(() => undefined);
    }
  },
  confirm: async () => {
    const now = new Date();
    await utimes(file, now, now).catch(() => undefined);
  },
});

const writeCopy = async (
  file: string,
  header: Header,
  definitions: readonly PackedDefinition[],
): Promise<void> => {
  const hash = createHash('sha256');
  const output = await open(file, 'w', 0o600);
  let pieces: Buffer[] = [MARK];
  let bytes = 0;
  const flush = async (): Promise<void> => {
    const whole = Buffer.concat(pieces);
    pieces = [];
    bytes = 0;
    hash.update(whole);
    await output.writeFile(whole);
  };
  const add = (record: Buffer): void => {
    const length = Buffer.alloc(LENGTH_BYTES);
    length.writeUInt32BE(record.length);
    pieces.push(length, record);
    bytes += record.length;
  };
  const turn = createTurns();
  try {
    add(Buffer.from(JSON.stringify(header)));
    for (const { summary, urls, compressed } of definitions) {
      add(Buffer.from(JSON.stringify({ summary, urls })));
      add(compressed);
      if (bytes > HASHED_AT_ONCE_BYTES) await flush();
      await turn();
    }
    await flush();
    await output.writeFile(hash.digest());
  } finally {
    await output.close();
  }
};

/** Throws for anything that was not written by the above to its end. */
const parse = async (bytes: Buffer): Promise<{ header: Header; definitions: PackedDefinition[] }> => {
  const end = bytes.length - HASH_BYTES;
  const turn = createTurns();
  const hash = createHash('sha256');
  for (let from = 0; from < end; from += HASHED_AT_ONCE_BYTES) {
    hash.update(bytes.subarray(from, Math.min(end, from + HASHED_AT_ONCE_BYTES)));
    await turn();
  }
  const isWhole = hash.digest().equals(bytes.subarray(end));
  if (!isWhole || !bytes.subarray(0, MARK.length).equals(MARK)) throw new Error('The copy is damaged');
  let position = MARK.length;
  const record = (): Buffer => {
    const start = position + LENGTH_BYTES;
    position = start + bytes.readUInt32BE(position);
    return bytes.subarray(start, position);
  };
  const header = JSON.parse(record().toString('utf8')) as Header;
  const definitions: PackedDefinition[] = [];
  while (position < end) {
    const parts = JSON.parse(record().toString('utf8')) as Omit<PackedParts, 'compressed'>;
    definitions.push(restoreDefinition({ ...parts, compressed: record() }));
    await turn();
  }
  return { header, definitions };
};
