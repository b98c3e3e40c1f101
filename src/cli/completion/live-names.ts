import type { ClusterClients } from '../clusters/cluster-clients.ts';
import type { Candidate } from './complete.ts';
import type { LiveKind } from './live-kinds.ts';

/** Kinds that only a cluster can tell. */
export type ClusterKind = Exclude<LiveKind, 'cluster' | 'setting'>;

/** More than this nobody reads, and a cache of it would be slow to read. */
const MOST_NAMES = 5_000;

/** Asks the cluster for its names of a kind. Throws ApiError. */
export const fetchNames = async (kind: ClusterKind, clients: ClusterClients): Promise<readonly Candidate[]> =>
  (await SOURCES[kind](clients)).slice(0, MOST_NAMES);

type Source = (clients: ClusterClients) => Promise<readonly Candidate[]>;

const named = (value: string, summary = ''): Candidate => ({ value, summary });

const SOURCES: Readonly<Record<ClusterKind, Source>> = {
  app: async ({ marathon }) =>
    (await marathon.getApps({})).map(({ id, tasksRunning = 0, instances = 1 }) =>
      named(id, `${tasksRunning} of ${instances} run`),
    ),
  deployment: async ({ marathon }) =>
    (await marathon.getDeployments()).map(({ id, affectedApps }) => named(id, affectedApps.join(', '))),
  framework: async ({ mesos }) =>
    (await mesos.getFrameworks()).frameworks.map(({ id, name }) => named(id, name)),
  group: async ({ groups }) => groupIds(await groups.getGroup()).map((id) => named(id)),
  'installed-package': async ({ packages }) => {
    const definitions = (await packages.list()).map(
      ({ packageInformation }) => packageInformation.packageDefinition,
    );
    return definitions.map(({ name, version }) => named(name, version));
  },
  job: async ({ jobs }) => (await jobs.getJobs()).map(({ id, description = '' }) => named(id, description)),
  node: async ({ mesos }) =>
    (await mesos.getSlaves()).flatMap(({ id, hostname }) => [
      named(id, hostname),
      named(hostname, 'host name'),
    ]),
  package: async ({ packages }) =>
    (await packages.search()).packages.map(({ name, description }) => named(name, description)),
  pod: async ({ pods }) => (await pods.getStatuses()).map(({ id, status }) => named(id, status)),
  repository: async ({ packages }) =>
    (await packages.listRepositories()).map(({ name, uri }) => named(name, uri)),
  role: async ({ mesos }) => (await mesos.getRoles()).map(({ name }) => named(name)),
  secret: async ({ secrets }) => (await secrets.list()).map((path) => named(path)),
  service: async ({ mesos }) =>
    (await mesos.getFrameworks()).frameworks.map(({ id, name }) => named(name, id)),
  task: async ({ mesos }) => (await mesos.getTasks()).map(({ id, state }) => named(id, state)),
};

interface Group {
  readonly id: string;
  readonly groups?: readonly Group[];
}

const groupIds = ({ id, groups = [] }: Group): readonly string[] => [id, ...groups.flatMap(groupIds)];
