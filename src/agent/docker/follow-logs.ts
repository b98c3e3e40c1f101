import { constants } from 'node:fs';
import { type FileHandle, open, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { type Clock, pause } from '../../runtime/clock.ts';
import { splitAt } from './docker-parameters.ts';
import type { EngineApi } from './engine-api.ts';
import { EngineError } from './engine-client.ts';

const { O_WRONLY, O_APPEND, O_CREAT, O_NOFOLLOW, O_NONBLOCK } = constants;
const HEADER_BYTES = 8;
const STDERR = 2;
/** Longest piece of output that is one frame; engines send 16 KiB at most. */
const MAX_FRAME_BYTES = 4 * 1024 ** 2;
const AGAIN_MS = 1_000;
/** A container that has put a link in their places prints nowhere. */
const APPENDING = O_WRONLY | O_APPEND | O_CREAT | O_NOFOLLOW | O_NONBLOCK;
/** Times of files are a little less exact than those of lines. */
const SLACK_MS = 0.001;

/**
 * Writes what a container prints into its sandbox for as long as it runs. The time of the last line is kept as the time of
 * the file that it went to: so an agent that was restarted goes on from there, without losing or repeating much.
 */
export const followLogs = async (options: {
  engine: EngineApi;
  name: string;
  sandbox: string;
  hasTerminal: boolean;
  clock: Clock;
  signal: AbortSignal;
}): Promise<void> => {
  const { engine, name, sandbox, clock, signal } = options;
  const stdout = await open(join(sandbox, 'stdout'), APPENDING);
  const stderr = await open(join(sandbox, 'stderr'), APPENDING);
  const written = { ms: 0 };
  try {
    for (;;) {
      try {
        const since = written.ms === 0 ? await lastLine(sandbox) : written.ms;
        const answer = await engine.client.open({
          method: 'GET',
          path: `/containers/${name}/logs`,
          query: {
            follow: 'true',
            stdout: 'true',
            stderr: 'true',
            timestamps: 'true',
            since: String(since / 1000),
          },
          signal,
        });
        for await (const { isError, text } of options.hasTerminal ? plainLines(answer) : frames(answer)) {
          await writeLine(isError ? stderr : stdout, text, since, written);
        }
        return;
      } catch (error) {
        if (signal.aborted || (error instanceof EngineError && error.status === 404)) return;
        await pause(clock, AGAIN_MS);
        if (signal.aborted) return;
      }
    }
  } finally {
    await stdout.close();
    await stderr.close();
  }
};

/** Of a container that has printed nothing so far the files are empty: their times say nothing. */
const lastLine = async (sandbox: string): Promise<number> => {
  const found = await Promise.all(['stdout', 'stderr'].map((name) => stat(join(sandbox, name))));
  return Math.max(0, ...found.filter(({ size }) => size > 0).map(({ mtimeMs }) => mtimeMs));
};

const writeLine = async (
  file: FileHandle,
  line: Buffer,
  since: number,
  written: { ms: number },
): Promise<void> => {
  const at = line.indexOf(0x20);
  const ms = timeOf(line.subarray(0, Math.max(0, at)).toString('latin1'));
  if (ms === undefined) {
    await file.appendFile(line);
    return;
  }
  if (ms <= since + SLACK_MS) return;
  await file.appendFile(line.subarray(at + 1));
  await file.utimes(ms / 1000, ms / 1000);
  written.ms = Math.max(written.ms, ms);
};

/** Milliseconds of a time with nanoseconds, such as 2026-11-25T04:00:00.123456789Z. */
const timeOf = (text: string): number | undefined => {
  const [whole, fraction] = splitAt(text.replace(/Z$/, ''), '.');
  const ms = Date.parse(`${whole}Z`);
  return Number.isNaN(ms) ? undefined : ms + Number(`0.${fraction === '' ? '0' : fraction}`) * 1000;
};

interface Frame {
  isError: boolean;
  text: Buffer;
}

/** Pieces of output with a header each: which stream, three zeros, and the length. */
async function* frames(source: AsyncIterable<Buffer>): AsyncGenerator<Frame> {
  let rest = Buffer.alloc(0);
  for await (const chunk of source) {
    rest = Buffer.concat([rest, chunk]);
    for (;;) {
      if (rest.length < HEADER_BYTES) break;
      const length = rest.readUInt32BE(4);
      if (length > MAX_FRAME_BYTES) throw new Error('The engine sends output of an impossible length');
      if (rest.length < HEADER_BYTES + length) break;
      yield { isError: rest[0] === STDERR, text: rest.subarray(HEADER_BYTES, HEADER_BYTES + length) };
      rest = rest.subarray(HEADER_BYTES + length);
    }
  }
}

/** Output of a terminal comes as it is. */
async function* plainLines(source: AsyncIterable<Buffer>): AsyncGenerator<Frame> {
  let rest = Buffer.alloc(0);
  for await (const chunk of source) {
    rest = Buffer.concat([rest, chunk]);
    for (let end = rest.indexOf(0x0a); end !== -1; end = rest.indexOf(0x0a)) {
      yield { isError: false, text: rest.subarray(0, end + 1) };
      rest = rest.subarray(end + 1);
    }
    if (rest.length > MAX_FRAME_BYTES) throw new Error('The engine sends a line without end');
  }
  if (rest.length > 0) yield { isError: false, text: rest };
}
