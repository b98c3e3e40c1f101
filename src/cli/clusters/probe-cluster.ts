import { orUndefinedIfMissing } from '../../clients/api-error.ts';
import { type Api, sendForJson } from '../../clients/call.ts';
import { below, type Connection } from '../../clients/connection.ts';
import { createMesosClient } from '../../clients/mesos-client.ts';

/** What a cluster says of itself. */
export interface ClusterFacts {
  readonly id: string | undefined;
  /** Missing when it has none. */
  readonly name: string | undefined;
  /** Of DC/OS, or of Mesos where there is nothing else. */
  readonly version: string;
  /** A master alone, without the paths of a DC/OS cluster. */
  readonly isBareMaster: boolean;
}

const CLUSTER: Api = { name: 'the cluster', readError: () => ({}) };

/** Asks what stands at an address. Throws ApiError when it is no cluster, or cannot be reached. */
export const probeCluster = async (connection: Connection): Promise<ClusterFacts> => {
  const release = await orUndefinedIfMissing(clusterVersion(connection));
  if (release === undefined) {
    const mesos = createMesosClient(connection);
    const [{ version, plenum_version = version }, { cluster }] = await Promise.all([
      mesos.getVersion(),
      mesos.getStateSummary(),
    ]);
    return { id: undefined, name: cluster, version: plenum_version, isBareMaster: true };
  }
  const [metadata, { cluster }] = await Promise.all([
    sendForJson<{ CLUSTER_ID?: string }>(CLUSTER, connection, { path: '/metadata' }),
    createMesosClient(below(connection, '/mesos')).getStateSummary(),
  ]);
  return { id: metadata.CLUSTER_ID, name: cluster, version: release, isBareMaster: false };
};

/** The release of DC/OS that a cluster is compatible with. Throws ApiError. */
export const clusterVersion = async (connection: Connection): Promise<string> => {
  const answer = await sendForJson<{ version?: string }>(CLUSTER, connection, {
    path: '/dcos-metadata/dcos-version.json',
  });
  return answer.version ?? 'UNKNOWN';
};
