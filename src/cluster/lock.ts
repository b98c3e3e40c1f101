import { linkSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { errorCode } from '../runtime/error-message.ts';
import { ClusterError } from './cluster-error.ts';
import type { ClusterFolder } from './cluster-folder.ts';
import { identify, isAlive } from './process-identity.ts';

/**
 * Takes the cluster for one operation and gives the function that lets it go. A lock whose process has died counts for
 * nothing. Throws ClusterError (conflict) when another operation is under way.
 */
export const lockCluster = (folder: ClusterFolder): (() => void) => {
  const own = JSON.stringify(identify(process.pid));
  const draft = `${folder.lockFile}.${process.pid}`;
  writeFileSync(draft, own, { mode: 0o600 });
  try {
    // A link appears with its content or not at all, and only one of two can make it.
    if (!isLinked(draft, folder.lockFile)) {
      discardStale(folder);
      if (!isLinked(draft, folder.lockFile)) throw underWay(folder);
    }
  } finally {
    rmSync(draft, { force: true });
  }
  return () => {
    if (read(folder.lockFile) === own) rmSync(folder.lockFile, { force: true });
  };
};

const isLinked = (draft: string, lockFile: string): boolean => {
  try {
    linkSync(draft, lockFile);
    return true;
  } catch (error) {
    if (errorCode(error) === 'EEXIST') return false;
    throw error;
  }
};

const discardStale = (folder: ClusterFolder): void => {
  const held = read(folder.lockFile);
  if (held === undefined) return;
  if (isHeldByLiving(held)) throw underWay(folder);
  const discarded = `${folder.lockFile}.${process.pid}.stale`;
  try {
    renameSync(folder.lockFile, discarded);
  } catch {
    return;
  }
  // Someone else may have replaced the stale lock since it was read: theirs goes back.
  if (read(discarded) !== held) isLinked(discarded, folder.lockFile);
  rmSync(discarded, { force: true });
};

const isHeldByLiving = (held: string): boolean => {
  try {
    const { pid, began } = JSON.parse(held);
    return isAlive({ pid, began });
  } catch {
    return false;
  }
};

const read = (file: string): string | undefined => {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return undefined;
  }
};

const underWay = ({ name }: ClusterFolder): ClusterError =>
  new ClusterError('conflict', `Another up or down of cluster ${name} is under way`, {
    hint: 'Try again when it has ended',
  });
