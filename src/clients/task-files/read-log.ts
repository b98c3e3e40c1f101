import type { AgentFilesClient } from '../agent-files-client.ts';
import { pathInSandbox } from './sandbox.ts';

/** The most that an agent gives at once (mesos.md 3.11). */
const PIECE_BYTES = 65_536;
const LINE_FEED = 0x0a;
/** However many lines are asked for, no more of a file is fetched to find them. */
const LONGEST_TAIL_BYTES = 64 * 1024 * 1024;

/** A folder whose files can be read: a sandbox, or what is like one. */
export interface ReadableFolder {
  readonly files: Pick<AgentFilesClient, 'size' | 'read'>;
  readonly root: string;
}

/** The last lines of a file, and where it ended. */
export interface Tail {
  readonly text: Buffer;
  readonly end: number;
}

/** The last so many lines of a file in a sandbox, read backwards from its end. */
export const readTail = async (sandbox: ReadableFolder, file: string, lines: number): Promise<Tail> => {
  const path = pathInSandbox(sandbox, file);
  const end = await sandbox.files.size(path);
  const pieces: Buffer[] = [];
  let start = end;
  let feeds = 0;
  while (lines > 0 && start > 0 && feeds <= lines && end - start < LONGEST_TAIL_BYTES) {
    const length = Math.min(PIECE_BYTES, start);
    start -= length;
    const piece = await readExactly(sandbox, path, start, length);
    pieces.unshift(piece);
    feeds += countFeeds(piece);
  }
  return { text: lastLines(Buffer.concat(pieces), lines), end };
};

/**
 * What a file has from an offset on, up to where it ends now, given to `write` piece by piece; the answer is where that
 * was. A file that has become shorter was begun anew, as logs are when they are rotated.
 */
export const readOn = async (
  sandbox: ReadableFolder,
  { file, offset, write }: { file: string; offset: number; write: (piece: Buffer) => void },
): Promise<number> => {
  const path = pathInSandbox(sandbox, file);
  for (let from = offset; ; ) {
    const { data, size } = await sandbox.files.read(path, from, PIECE_BYTES);
    if (data.length > 0) write(data);
    else if (size >= from) return from;
    from = size < from ? 0 : from + data.length;
  }
};

const readExactly = async (
  sandbox: ReadableFolder,
  path: string,
  start: number,
  length: number,
): Promise<Buffer> => {
  const pieces: Buffer[] = [];
  for (let got = 0; got < length; ) {
    const { data } = await sandbox.files.read(path, start + got, length - got);
    // It has become shorter meanwhile.
    if (data.length === 0) break;
    pieces.push(data);
    got += data.length;
  }
  return Buffer.concat(pieces);
};

const countFeeds = (bytes: Buffer): number => {
  let count = 0;
  for (let at = bytes.indexOf(LINE_FEED); at >= 0; at = bytes.indexOf(LINE_FEED, at + 1)) count++;
  return count;
};

/** The last so many lines of a text, whether or not the last one is ended. */
export const lastLines = (bytes: Buffer, lines: number): Buffer => {
  if (lines <= 0) return Buffer.alloc(0);
  // The feed at the very end ends the last line, it does not begin another.
  let at = bytes.length - 1;
  for (let left = lines; left > 0; left--) {
    at = at <= 0 ? -1 : bytes.lastIndexOf(LINE_FEED, at - 1);
    if (at < 0) return bytes;
  }
  return bytes.subarray(at + 1);
};
