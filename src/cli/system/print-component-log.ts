import type { ComponentLogQuery, SystemClient } from '../../clients/system-client.ts';
import { createPaint } from '../output/paint.ts';
import { shownOn } from '../output/plain-text.ts';
import type { Terminal } from '../output/terminal.ts';
import { entryText, type LogForm } from './print-entries.ts';

export interface ComponentLogOptions {
  readonly form: LogForm;
  readonly isFollowed: boolean;
  /** Nothing older is printed, in ms since the epoch. */
  readonly sinceMs?: number | undefined;
  readonly terminal: Terminal;
}

const MICROSECONDS = 1_000;

/** Prints the log of a part of the cluster, and goes on with what comes when it is followed. Gives how many entries it had. */
export const printComponentLog = async (
  system: SystemClient,
  query: ComponentLogQuery,
  { form, isFollowed, sinceMs = 0, terminal: { out } }: ComponentLogOptions,
): Promise<number> => {
  const paint = await createPaint(out.hasColor);
  let count = 0;
  const entries = isFollowed ? system.followComponentLog(query) : await system.getComponentLog(query);
  for await (const entry of entries) {
    if ((entry.realtime_timestamp ?? 0) / MICROSECONDS < sinceMs) continue;
    out.write(shownOn(out, `${entryText(entry, form, paint)}\n`));
    count += 1;
  }
  return count;
};
