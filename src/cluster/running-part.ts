import { mkdirSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { errorCode } from '../runtime/error-message.ts';
import type { ClusterFolder } from './cluster-folder.ts';
import { readJsonFile, writeJsonFile } from './durable-file.ts';
import { isAlive, type ProcessIdentity } from './process-identity.ts';

/** A process of a cluster, as noted in its run folder. */
export interface RunningPart {
  readonly process: ProcessIdentity;
  /** URLs by name; missing while it starts. */
  readonly addresses?: Readonly<Record<string, string>>;
}

const fileOf = (folder: ClusterFolder, part: string): string => join(folder.runFolder, `${part}.json`);

/** The part's process if it lives, whether it serves by now or not. */
export const findRunning = (folder: ClusterFolder, part: string): RunningPart | undefined => {
  const noted = parse(readJsonFile(fileOf(folder, part)));
  return noted && isAlive(noted.process) ? noted : undefined;
};

export const noteRunning = (folder: ClusterFolder, part: string, running: RunningPart): void => {
  mkdirSync(folder.runFolder, { recursive: true });
  writeJsonFile(fileOf(folder, part), running);
};

export const forgetRunning = (folder: ClusterFolder, part: string): void =>
  rmSync(fileOf(folder, part), { force: true });

/** Names of the parts that a process was noted for, living or not. */
export const runningPartNames = ({ runFolder }: ClusterFolder): string[] => {
  try {
    return readdirSync(runFolder).flatMap((file) => (file.endsWith('.json') ? [file.slice(0, -5)] : []));
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return [];
    throw error;
  }
};

const parse = (value: unknown): RunningPart | undefined => {
  if (typeof value !== 'object' || value === null || !('process' in value)) return undefined;
  const { process: identity } = value;
  if (typeof identity !== 'object' || identity === null) return undefined;
  if (!('pid' in identity && typeof identity.pid === 'number')) return undefined;
  if (!('began' in identity && typeof identity.began === 'string')) return undefined;
  const known = { process: { pid: identity.pid, began: identity.began } };
  if (!('addresses' in value) || typeof value.addresses !== 'object' || value.addresses === null)
    return known;
  const urls = Object.entries(value.addresses).filter(([, url]) => typeof url === 'string');
  return { ...known, addresses: Object.fromEntries(urls) };
};
