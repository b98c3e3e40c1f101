import { ClusterError } from './cluster-error.ts';
import { type ClusterFolder, CONTROL_PLANE, clusterFolder, localClusterNames } from './cluster-folder.ts';
import { type ClusterRecord, readRecord, SERVERS, type ServerName, urlAt } from './cluster-record.ts';
import { findRunning } from './running-part.ts';

export interface AgentStatus {
  readonly name: string;
  /** Missing until the master gave it one. */
  readonly id?: string;
  readonly url?: string;
  /** Missing while it does not run. */
  readonly pid?: number;
}

export interface ClusterStatus {
  readonly name: string;
  /** Which cluster it is, for ever: a version 4 UUID. */
  readonly id: string;
  /** `degraded`: some of its processes have died; `plenum up` starts those again. */
  readonly state: 'up' | 'degraded' | 'stopped';
  /** Of the control plane; missing while it does not run. */
  readonly pid?: number;
  /** Where the servers listen, or will again. */
  readonly addresses: Readonly<Partial<Record<ServerName, string>>>;
  readonly agents: readonly AgentStatus[];
  /** Whether it has TLS and asks who is calling. */
  readonly isSecured: boolean;
  readonly folder: string;
}

/** What a local cluster is and which of its processes live. Throws ClusterError (not-found) when there is none. */
export const clusterStatus = (home: string, name: string): ClusterStatus => {
  const folder = clusterFolder(home, name);
  const record = readRecord(folder);
  if (!record) throw noSuchCluster(name);
  return statusOf(folder, record);
};

/** Every local cluster, in the order of their names. */
export const allClusters = (home: string): ClusterStatus[] =>
  localClusterNames(home).flatMap((name) => {
    const folder = clusterFolder(home, name);
    const record = readRecord(folder);
    return record ? [statusOf(folder, record)] : [];
  });

export const noSuchCluster = (name: string): ClusterError =>
  new ClusterError('not-found', `There is no local cluster ${name}`, { hint: 'plenum up starts one' });

export const statusOf = (folder: ClusterFolder, record: ClusterRecord): ClusterStatus => {
  const controlPlane = findRunning(folder, CONTROL_PLANE);
  const agents = record.agents.map((agent): AgentStatus => {
    const running = findRunning(folder, agent.name);
    const url = running?.addresses?.agent ?? urlIfKnown(record, agent.host, agent.port);
    return {
      name: agent.name,
      ...(agent.id === undefined ? {} : { id: agent.id }),
      ...(url === undefined ? {} : { url }),
      ...(running ? { pid: running.process.pid } : {}),
    };
  });
  const serving = [controlPlane, ...record.agents.map(({ name }) => findRunning(folder, name))];
  const count = serving.filter((part) => part?.addresses !== undefined).length;
  const living = serving.filter((part) => part !== undefined).length;
  return {
    name: record.name,
    id: record.id,
    state: count === serving.length ? 'up' : living > 0 ? 'degraded' : 'stopped',
    ...(controlPlane ? { pid: controlPlane.process.pid } : {}),
    addresses: Object.fromEntries(
      SERVERS.flatMap((server) => {
        const url =
          controlPlane?.addresses?.[server] ?? urlIfKnown(record, record.host, record.ports[server]);
        return url === undefined ? [] : [[server, url]];
      }),
    ),
    agents,
    isSecured: record.isSecured ?? false,
    folder: folder.path,
  };
};

const urlIfKnown = (record: ClusterRecord, host: string, port: number | undefined): string | undefined =>
  port === undefined ? undefined : urlAt(record, host, port);
