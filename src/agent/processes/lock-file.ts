import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { errorCode } from '../../runtime/error-message.ts';
import type { ProcessIdentity } from '../core/state.ts';
import { identify, isAlive } from './process-table.ts';

/** A lock that was got, or who has it. */
export type LockResult = { type: 'locked'; unlock: () => void } | { type: 'held'; by: ProcessIdentity };

/** Tries to get a lock between processes. One that a dead process left behind does not count. */
export const tryLock = (file: string): LockResult => {
  const mine = JSON.stringify(identify(process.pid));
  for (;;) {
    try {
      writeFileSync(file, mine, { flag: 'wx' });
      return { type: 'locked', unlock: () => rmSync(file, { force: true }) };
    } catch (error) {
      if (errorCode(error) !== 'EEXIST') throw error;
    }
    const holder = readHolder(file);
    if (holder && isAlive(holder)) return { type: 'held', by: holder };
    rmSync(file, { force: true });
  }
};

/**
 * Keeps a second agent out of a work folder: two would both think that the tasks are theirs. Gives what lets go of it;
 * throws when another agent has it.
 */
export const lockWorkFolder = (file: string): (() => void) => {
  const result = tryLock(file);
  if (result.type === 'locked') return result.unlock;
  throw new Error(`The work folder is in use by the agent with process ${result.by.pid}`);
};

const readHolder = (file: string): ProcessIdentity | undefined => {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch {
    // Gone meanwhile, or cut short by a crash.
    return undefined;
  }
};
