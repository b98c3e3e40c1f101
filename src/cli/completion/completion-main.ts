import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { localClusterNames } from '../../cluster/cluster-folder.ts';
import { installationFolder } from '../../runtime/installation.ts';
import { currentCluster } from '../clusters/current-cluster.ts';
import { knownClusters } from '../clusters/known-clusters.ts';
import { plenumHome } from '../clusters/plenum-home.ts';
import { type Candidate, type Completion, complete } from './complete.ts';
import type { ClusterKind } from './live-names.ts';
import { readCachedNames, writeCachedNames } from './name-cache.ts';
import type { Surface } from './surface.ts';

/** Names this young are not asked for again: whoever presses the key twice in a row must not wait twice. */
const FRESH_MS = 10_000;
/** A cluster that does not answer by then is not waited for at a prompt. */
const PATIENCE_MS = 1_500;

interface Context {
  readonly env: Readonly<NodeJS.ProcessEnv>;
  readonly words: readonly string[];
}

/**
 * What the scripts of `plenum completion` call at every press of the key: `plenum __complete WORD…`. Prints a candidate a
 * line, with what it is behind a tab; `:files` says that a file may stand there. Never fails and never complains.
 */
export const main = async (words: readonly string[]): Promise<void> => {
  try {
    const file = join(installationFolder(), 'dist', 'completion.json');
    const surface = JSON.parse(readFileSync(file, 'utf8')) as Surface;
    const lines = await answer(complete(words, surface), { env: process.env, words });
    process.stdout.write(lines.map((line) => `${line}\n`).join(''));
  } catch {
    // At a prompt there is nobody who could read it.
  }
};

const answer = async (completion: Completion, context: Context): Promise<readonly string[]> => {
  switch (completion.type) {
    case 'none':
      return [];
    case 'files':
      return [':files'];
    case 'words':
      return completion.candidates.map(lineOf);
    case 'live': {
      const { kind, prefix, before } = completion;
      const candidates = await liveNames(kind, context);
      return candidates
        .filter(({ value }) => value.startsWith(prefix))
        .map(({ value, summary }) => lineOf({ value: before + value, summary }));
    }
  }
};

/** What came from elsewhere must neither steer the terminal nor break the line. */
const lineOf = ({ value, summary }: Candidate): string =>
  [value, summary].map((text) => text.replace(/\p{Cc}+/gu, ' ').trim()).join('\t');

const liveNames = async (
  kind: ClusterKind | 'cluster' | 'setting',
  { env, words }: Context,
): Promise<readonly Candidate[]> => {
  const home = plenumHome(env);
  if (kind === 'cluster') {
    const local = localClusterNames(home).map((value) => ({ value, summary: 'on this machine' }));
    return [...local, ...knownClusters(home).map(({ name, url }) => ({ value: name, summary: url }))];
  }
  if (kind === 'setting') {
    const { SETTINGS } = await import('../config/settings.ts');
    return SETTINGS.map(({ key, meaning }) => ({ value: key, summary: meaning }));
  }
  const cluster = currentCluster({ home, env, asked: askedCluster(words) });
  const cached = readCachedNames(home, cluster.url, kind);
  const nowMs = Date.now();
  if (cached && Math.abs(nowMs - cached.atMs) < FRESH_MS) return cached.candidates;
  try {
    const { clusterClients } = await import('../clusters/cluster-clients.ts');
    const { fetchNames } = await import('./live-names.ts');
    const signal = AbortSignal.timeout(PATIENCE_MS);
    const candidates = await fetchNames(kind, clusterClients(cluster, { timeoutMs: PATIENCE_MS, signal }));
    writeCachedNames(home, cluster.url, { kind, names: { atMs: nowMs, candidates } });
    return candidates;
  } catch {
    return cached?.candidates ?? [];
  }
};

const askedCluster = (words: readonly string[]): string | undefined => {
  const at = words.indexOf('--cluster');
  return at < 0 ? undefined : words[at + 1];
};
