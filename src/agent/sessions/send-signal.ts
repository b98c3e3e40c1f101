import type { ProcessIdentity } from '../core/state.ts';
import { descendantsOf, isAlive, readProcessTable, treeOf } from '../processes/process-table.ts';

/** Sends a signal to everything in a container but the shell that waits for it, as one that is typed at a terminal would be. */
export const sendSignal = (root: ProcessIdentity, signal: number): void => {
  if (!isAlive(root)) return;
  for (const { pid } of descendantsOf(root.pid) ?? treeOf(root.pid, readProcessTable())) {
    try {
      process.kill(pid, signal);
    } catch {
      // It has ended.
    }
  }
};
