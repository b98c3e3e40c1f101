import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Candidate } from './complete.ts';
import type { ClusterKind } from './live-names.ts';

/** Names of one kind, as a cluster told them. */
export interface CachedNames {
  /** Since the epoch. */
  readonly atMs: number;
  readonly candidates: readonly Candidate[];
}

const FOLDER_MODE = 0o700;
const FILE_MODE = 0o600;

/** No hash: loading node:crypto takes longer than all the rest at a press of the key. */
const folderOf = (home: string, clusterUrl: string): string =>
  join(home, 'cache', 'names', encodeURIComponent(clusterUrl));

const fileOf = (home: string, clusterUrl: string, kind: ClusterKind): string =>
  join(folderOf(home, clusterUrl), `${kind}.json`);

/** Undefined when there is none that can be read. */
export const readCachedNames = (
  home: string,
  clusterUrl: string,
  kind: ClusterKind,
): CachedNames | undefined => {
  try {
    const value: unknown = JSON.parse(readFileSync(fileOf(home, clusterUrl, kind), 'utf8'));
    return isCachedNames(value) ? value : undefined;
  } catch {
    return undefined;
  }
};

/** Nothing is written where nothing can be: the next time only takes longer. */
export const writeCachedNames = (
  home: string,
  clusterUrl: string,
  { kind, names }: { kind: ClusterKind; names: CachedNames },
): void => {
  const file = fileOf(home, clusterUrl, kind);
  const temporary = `${file}.${process.pid}`;
  try {
    mkdirSync(folderOf(home, clusterUrl), { recursive: true, mode: FOLDER_MODE });
    writeFileSync(temporary, JSON.stringify(names), { mode: FILE_MODE });
    renameSync(temporary, file);
  } catch {
    // Completing is no reason to fail.
  }
};

const isCachedNames = (value: unknown): value is CachedNames => {
  if (typeof value !== 'object' || value === null) return false;
  const { atMs, candidates } = value as Partial<CachedNames>;
  return (
    typeof atMs === 'number' &&
    Array.isArray(candidates) &&
    candidates.every(
      (candidate: unknown) => typeof (candidate as Partial<Candidate> | null)?.value === 'string',
    )
  );
};
