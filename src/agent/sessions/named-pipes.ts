import { execFile } from 'node:child_process';
import { closeSync, constants, mkdirSync, openSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';

/** Both ends of a pipe; whoever has them closes them. */
export interface PipeEnds {
  /** Does not block. */
  readonly mine: number;
  readonly theirs: number;
}

export interface SessionPipes {
  readonly stdin: PipeEnds;
  readonly stdout: PipeEnds;
  readonly stderr: PipeEnds;
}

const run = promisify(execFile);
const { O_RDONLY, O_WRONLY, O_NONBLOCK } = constants;

/**
 * The pipes of one command. What Node.js makes for a child are sockets, which no program can open as /dev/stdin or
 * /dev/stderr; so these are named pipes, whose names are gone once both ends are open. The folder must not exist.
 */
export const openPipes = async (folder: string, mkfifo: string): Promise<SessionPipes> => {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const opened: number[] = [];
  const open = (path: string, flags: number): number => {
    const file = openSync(path, flags);
    opened.push(file);
    return file;
  };
  try {
    const [stdin = '', stdout = '', stderr = ''] = ['stdin', 'stdout', 'stderr'].map((name) =>
      join(folder, name),
    );
    await run(mkfifo, ['-m', '600', stdin, stdout, stderr]);
    return { stdin: writing(stdin, open), stdout: reading(stdout, open), stderr: reading(stderr, open) };
  } catch (error) {
    for (const file of opened) closeSync(file);
    throw error;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
};

type Open = (path: string, flags: number) => number;

const reading = (path: string, open: Open): PipeEnds => {
  const mine = open(path, O_RDONLY | O_NONBLOCK);
  return { mine, theirs: open(path, O_WRONLY) };
};

/** A pipe can be opened for writing without waiting only while somebody reads it; theirs must block when it is empty. */
const writing = (path: string, open: Open): PipeEnds => {
  const first = openSync(path, O_RDONLY | O_NONBLOCK);
  const mine = open(path, O_WRONLY | O_NONBLOCK);
  const theirs = open(path, O_RDONLY);
  closeSync(first);
  return { mine, theirs };
};
