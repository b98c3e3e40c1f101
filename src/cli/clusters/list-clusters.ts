import type { Connection } from '../../clients/connection.ts';
import { createLinksClient } from '../../clients/links-client.ts';
import { createMesosClient } from '../../clients/mesos-client.ts';
import { clusterFolder } from '../../cluster/cluster-folder.ts';
import { localAccess } from '../../cluster/local-access.ts';
import { allClusters } from '../../cluster/status.ts';
import type { Column } from '../output/table.ts';
import { connectionTo } from './cluster-clients.ts';
import { attachedName, findKnownCluster, type KnownCluster, knownClusters } from './known-clusters.ts';
import { clusterVersion } from './probe-cluster.ts';

/** An element of `cluster list --json` (cli.md 3.2). */
export interface ClusterEntry {
  readonly attached: boolean;
  readonly cluster_id: string | undefined;
  readonly name: string;
  /** UNCONFIGURED: the attached cluster knows of it, and it was not set up here. */
  readonly status: 'AVAILABLE' | 'UNAVAILABLE' | 'UNCONFIGURED';
  readonly url: string | undefined;
  readonly version: string;
  /** It runs on this machine and was started by `plenum up`. */
  readonly local: boolean;
}

const PROBE_TIMEOUT_MS = 3_000;

/** All clusters, each asked whether it is there, in the order of their names. */
export const listClusters = async (home: string, signal: AbortSignal): Promise<ClusterEntry[]> => {
  const attached = attachedName(home);
  const local = allClusters(home).map(async ({ name, id, pid, addresses, isSecured }) => {
    const access = isSecured ? localAccess(clusterFolder(home, name)) : {};
    const known = addresses.gateway === undefined ? undefined : { name, url: addresses.gateway, ...access };
    const version = pid === undefined ? undefined : known && (await versionOf(known, signal));
    return entry({ name, id, url: addresses.gateway, version, attached, isLocal: true });
  });
  const others = knownClusters(home).map(async (known) => {
    const version = await versionOf(known, signal);
    return entry({ name: known.name, id: known.id, url: known.url, version, attached, isLocal: false });
  });
  const [linked, ...own] = await Promise.all([linkedTo(home, attached, signal), ...local, ...others]);
  const ids = new Set(own.map(({ cluster_id: id }) => id));
  const entries = [...own, ...linked.filter(({ cluster_id: id }) => !ids.has(id))];
  return entries.sort((one, other) => (one.name < other.name ? -1 : 1));
};

/** Names and ids, without asking anybody. */
export const clusterNames = (home: string): string[] =>
  [...allClusters(home), ...knownClusters(home)].flatMap(({ name, id }) => (id ? [name, id] : [name]));

/** What the attached cluster knows of others; most clusters keep no links. */
const linkedTo = async (
  home: string,
  attached: string | undefined,
  signal: AbortSignal,
): Promise<ClusterEntry[]> => {
  const known = attached === undefined ? undefined : findKnownCluster(home, attached);
  if (known === undefined || known.mesosUrl !== undefined) return [];
  const connection = connectionTo(known, { timeoutMs: PROBE_TIMEOUT_MS, signal });
  const links = await createLinksClient(connection)
    .list()
    .catch(() => []);
  return links.map(({ id, name, url }) => ({
    attached: false,
    cluster_id: id,
    name,
    status: 'UNCONFIGURED',
    url,
    version: 'UNKNOWN',
    local: false,
  }));
};

interface EntryFacts {
  readonly name: string;
  readonly id: string | undefined;
  readonly url: string | undefined;
  readonly version: string | undefined;
  readonly attached: string | undefined;
  readonly isLocal: boolean;
}

const entry = ({ name, id, url, version, attached, isLocal }: EntryFacts): ClusterEntry => ({
  attached: name === attached,
  cluster_id: id,
  name,
  status: version === undefined ? 'UNAVAILABLE' : 'AVAILABLE',
  url,
  version: version ?? 'UNKNOWN',
  local: isLocal,
});

/** Undefined when nobody answers, or somebody else. */
const versionOf = async (cluster: KnownCluster, signal: AbortSignal): Promise<string | undefined> => {
  const connection: Connection = connectionTo(cluster, { timeoutMs: PROBE_TIMEOUT_MS, signal });
  try {
    if (cluster.mesosUrl === undefined) return await clusterVersion(connection);
    const { version, plenum_version } = await createMesosClient({
      ...connection,
      url: cluster.mesosUrl,
    }).getVersion();
    return plenum_version ?? version;
  } catch {
    return undefined;
  }
};

/** The columns of `dcos cluster list`. */
export const CLUSTER_COLUMNS: readonly Column<ClusterEntry>[] = [
  { heading: '', value: ({ attached }) => (attached ? '*' : '') },
  { heading: 'NAME', value: ({ name }) => name },
  { heading: 'ID', value: ({ cluster_id }) => cluster_id },
  {
    heading: 'STATUS',
    value: ({ status }) => status,
    style: ({ status }, paint) => (status === 'AVAILABLE' ? paint.good : paint.bad),
  },
  { heading: 'VERSION', value: ({ version }) => version },
  { heading: 'URL', value: ({ url }) => url },
  { heading: 'LOCAL', value: ({ local }) => String(local) },
];
