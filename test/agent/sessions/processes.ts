import { randomInt } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';

/** A command that no other test runs, so that its process can be told from all others, whatever its number is inside. */
export const uniqueSleep = (): string => `sleep ${100_000 + randomInt(900_000)}.${randomInt(1_000_000)}`;

/** The processes that run exactly this command, as the host counts them. */
export const running = (command: string): number[] =>
  readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .filter((pid) => commandOf(pid) === command)
    .map(Number);

const commandOf = (pid: string): string => {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0').join(' ').trim();
  } catch {
    return '';
  }
};
