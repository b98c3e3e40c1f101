import { createWriteStream } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { promisify } from 'node:util';
import type { Entry, Options, ZipFile } from 'yauzl';
import { errorMessage } from '../../runtime/error-message.ts';
import { CliError } from '../errors/cli-error.ts';

const MOST_ENTRIES = 20_000;
const LARGEST_BYTES = 1024 * 1024 * 1024;
const TYPE_BITS = 0o170000;
const FILE_TYPE = 0o100000;
const FOLDER_TYPE = 0o040000;

/**
 * Unpacks a zip archive into an empty folder. Names that lead out of it, links, devices, and archives that become too
 * large are refused: throws CliError.
 */
export const unpackZip = async (file: string, folder: string): Promise<void> => {
  const { open } = await import('yauzl');
  const openZip = promisify<string, Options, ZipFile>(open);
  const zip = await openZip(file, { lazyEntries: true, autoClose: false }).catch((error: unknown) => {
    throw refused(errorMessage(error));
  });
  try {
    const budget = { bytes: LARGEST_BYTES, entries: MOST_ENTRIES };
    for await (const entry of entriesOf(zip)) await unpackEntry(zip, entry, { folder, budget });
  } finally {
    zip.close();
  }
};

async function* entriesOf(zip: ZipFile): AsyncGenerator<Entry> {
  for (;;) {
    const entry = await new Promise<Entry | undefined>((resolve, reject) => {
      zip.once('entry', resolve);
      zip.once('end', () => resolve(undefined));
      zip.once('error', (error) => reject(refused(errorMessage(error))));
      zip.readEntry();
    });
    zip.removeAllListeners();
    if (entry === undefined) return;
    yield entry;
  }
}

interface Target {
  readonly folder: string;
  readonly budget: { bytes: number; entries: number };
}

/** yauzl has refused absolute names, and names with `..`, by itself. */
const unpackEntry = async (zip: ZipFile, entry: Entry, { folder, budget }: Target): Promise<void> => {
  const { fileName, externalFileAttributes } = entry;
  if (--budget.entries < 0) throw refused(`it has more than ${MOST_ENTRIES} entries`);
  const mode = externalFileAttributes >>> 16;
  const type = mode & TYPE_BITS;
  if (type !== 0 && type !== FILE_TYPE && type !== FOLDER_TYPE)
    throw refused(`${fileName} is neither file nor folder`);
  const path = join(folder, fileName);
  if (fileName.endsWith('/')) return void (await mkdir(path, { recursive: true }));
  await mkdir(dirname(path), { recursive: true });
  const openEntry = promisify(zip.openReadStream.bind(zip) as (entry: Entry, done: StreamCallback) => void);
  const limit = new Transform({
    transform: (chunk: Buffer, _encoding, done) => {
      budget.bytes -= chunk.length;
      done(
        budget.bytes < 0 ? refused(`it is larger than ${LARGEST_BYTES} bytes when unpacked`) : null,
        chunk,
      );
    },
  });
  const source = await openEntry(entry).catch((error: unknown) => {
    throw refused(errorMessage(error));
  });
  const output = createWriteStream(path, { flags: 'wx', mode: (mode & 0o755) | 0o600 });
  await pipeline(source, limit, output).catch((error: unknown) => {
    throw error instanceof CliError ? error : refused(errorMessage(error));
  });
};

type StreamCallback = (error: Error | null, stream: NodeJS.ReadableStream) => void;

const refused = (reason: string): CliError =>
  new CliError('failed', `The archive cannot be unpacked: ${reason}`);
