import type { ComponentLogQuery, SystemClient } from '../../clients/system-client.ts';
import { createPaint } from '../output/paint.ts';
import type { Terminal } from '../output/terminal.ts';
import { entryText, type LogForm } from './print-entries.ts';

/** Prints the log of a part of the cluster, and goes on with what comes when it is followed. Gives how many entries it had. */
export const printComponentLog = async (
  system: SystemClient,
  query: ComponentLogQuery,
  { form, isFollowed, terminal: { out } }: { form: LogForm; isFollowed: boolean; terminal: Terminal },
): Promise<number> => {
  const paint = await createPaint(out.hasColor);
  let count = 0;
  const entries = isFollowed ? system.followComponentLog(query) : await system.getComponentLog(query);
  for await (const entry of entries) {
    out.write(`${entryText(entry, form, paint)}\n`);
    count += 1;
  }
  return count;
};
