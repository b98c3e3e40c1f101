import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { errorCode } from '../runtime/error-message.ts';
import type { ProcessIdentity } from './core/state.ts';
import { identify, isAlive } from './processes/process-table.ts';

/**
 * Keeps a second agent out of a work folder: two would both think that the tasks are theirs. A lock that a dead process
 * left behind does not count. Gives what lets go of it; throws when another agent has it.
 */
export const lockWorkFolder = (file: string): (() => void) => {
  const mine = JSON.stringify(identify(process.pid));
  for (;;) {
    try {
      writeFileSync(file, mine, { flag: 'wx' });
      return () => rmSync(file, { force: true });
    } catch (error) {
      if (errorCode(error) !== 'EEXIST') throw error;
    }
    const holder = readHolder(file);
    if (holder && isAlive(holder)) {
      throw new Error(`The work folder is in use by the agent with process ${holder.pid}`);
    }
    rmSync(file, { force: true });
  }
};

const readHolder = (file: string): ProcessIdentity | undefined => {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch {
    // Gone meanwhile, or cut short by a crash.
    return undefined;
  }
};
