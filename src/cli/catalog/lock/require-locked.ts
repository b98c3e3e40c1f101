import type { PackageDescription } from '../../../clients/cosmos-types.ts';
import { CliError } from '../../errors/cli-error.ts';
import { lockDifferences } from './compare-lock.ts';
import { DEFAULT_LOCK_FILE, type LockedPackage, readLock } from './lock-file.ts';
import { type LockTools, lockPackage } from './lock-package.ts';

/** The entry of a package in a lock file. Throws CliError when there is none, or when another version is asked for. */
export const lockedPackage = async (
  given: string | undefined,
  name: string,
  version: string | undefined,
): Promise<LockedPackage> => {
  const path = given ?? DEFAULT_LOCK_FILE;
  const lock = await readLock(path);
  if (lock === undefined) {
    throw new CliError('not-found', `There is no lock file ${path}`, {
      hint: `plenum package lock ${name} writes one`,
    });
  }
  const locked = Object.hasOwn(lock.packages, name) ? lock.packages[name] : undefined;
  if (locked === undefined) {
    throw new CliError('not-found', `${path} does not have package ${name}`, {
      hint: `plenum package lock ${name} --file ${path} adds it`,
    });
  }
  if (version !== undefined && version !== locked.version) {
    throw new CliError('conflict', `${path} has package ${name} locked at version ${locked.version}`);
  }
  return locked;
};

/** Throws CliError unless a package and all that it fetches are what they were when it was locked. */
export const requireLocked = async (
  locked: LockedPackage,
  description: PackageDescription,
  tools: LockTools,
): Promise<void> => {
  const found = await lockPackage(description, tools);
  const details = lockDifferences(locked, found);
  if (details.length === 0) return;
  throw new CliError('conflict', `Package ${description.package.name} is not what was locked`, {
    details,
    hint: 'Nothing was installed; plenum package lock accepts what there is now',
  });
};
