import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { promisify } from 'node:util';
import type { TTYInfoWindowSize } from '../../mesos/generated/mesos.ts';

const run = promisify(execFile);

/** Fields of /proc/PID/stat after the name: state, parent, group, session, terminal. */
const TERMINAL_FIELD = 4;
/** Pseudo terminals have a range of major device numbers, and all minor ones of the first are used. */
const FIRST_MAJOR = 136;
const LAST_MAJOR = 143;
const MINORS = 256;

/** The terminal that a process is controlled by, such as /dev/pts/3; undefined for none. */
export const terminalOfProcess = (pid: number): string | undefined => {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'latin1');
    const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
    const device = Number(fields[TERMINAL_FIELD]);
    const major = (device >> 8) & 0xfff;
    const minor = (device & 0xff) | ((device >> 12) & 0xfff00);
    if (major < FIRST_MAJOR || major > LAST_MAJOR) return undefined;
    return `/dev/pts/${(major - FIRST_MAJOR) * MINORS + minor}`;
  } catch {
    return undefined;
  }
};

/** Has a terminal be of another size; what runs in front of it hears of it. Rejects, for people, when it cannot be. */
export const setWindowSize = async (
  stty: string,
  terminal: string,
  { rows, columns }: TTYInfoWindowSize,
): Promise<void> => {
  await run(stty, ['-F', terminal, 'rows', String(rows), 'cols', String(columns)]);
};
