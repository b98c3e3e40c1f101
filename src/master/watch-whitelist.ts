import { readFile } from 'node:fs/promises';
import type { Clock, Timer } from '../runtime/clock.ts';
import { errorMessage } from '../runtime/error-message.ts';
import type { Log } from '../runtime/log.ts';

const INTERVAL_MS = 5_000;

export interface WhitelistOptions {
  /** Host names, one a line. */
  readonly file: string;
  readonly clock: Clock;
  readonly log: Log;
  /** Hears of the names at first and whenever they are others; undefined: no agent is kept out. */
  readonly onChange: (hostnames: ReadonlySet<string> | undefined) => void;
}

/**
 * Reads the file of `--whitelist` again and again. `*` alone stands for all agents. What cannot be read leaves everything as it
 * was. Returns what ends it.
 */
export const watchWhitelist = async ({
  file,
  clock,
  log,
  onChange,
}: WhitelistOptions): Promise<() => void> => {
  let timer: Timer | undefined;
  let isClosed = false;
  let before: string | undefined;
  const look = async (): Promise<void> => {
    try {
      const text = await readFile(file, 'utf8');
      if (text !== before) onChange(hostnamesOf(text));
      before = text;
    } catch (error) {
      log.warn({ file, error: errorMessage(error) }, 'cannot read the whitelist; it stays as it was');
    }
    if (!isClosed) timer = clock.setTimer(INTERVAL_MS, () => void look());
  };
  await look();
  return () => {
    isClosed = true;
    timer?.cancel();
  };
};

const hostnamesOf = (text: string): ReadonlySet<string> | undefined => {
  const names = text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '');
  return names.length === 1 && names[0] === '*' ? undefined : new Set(names);
};
