import {
  type AgentContainersClient,
  createAgentContainersClient,
} from '../../clients/agent-containers-client.ts';
import { type AgentFilesClient, createAgentFilesClient } from '../../clients/agent-files-client.ts';
import { type AgentMonitorClient, createAgentMonitorClient } from '../../clients/agent-monitor-client.ts';
import { below, type Connection } from '../../clients/connection.ts';
import { type CosmosClient, createCosmosClient } from '../../clients/cosmos-client.ts';
import { createDiagnosticsClient, type DiagnosticsClient } from '../../clients/diagnostics-client.ts';
import { createJobsClient, type JobsClient } from '../../clients/jobs-client.ts';
import { createMarathonAdminClient, type MarathonAdminClient } from '../../clients/marathon-admin-client.ts';
import { createMarathonClient, type MarathonClient } from '../../clients/marathon-client.ts';
import {
  createMarathonDefinitionsClient,
  type MarathonDefinitionsClient,
} from '../../clients/marathon-definitions-client.ts';
import { createMarathonGroupClient, type MarathonGroupClient } from '../../clients/marathon-group-client.ts';
import { createMarathonPodClient, type MarathonPodClient } from '../../clients/marathon-pod-client.ts';
import { createMesosClient, type MesosClient } from '../../clients/mesos-client.ts';
import {
  createNodeDiagnosticsClient,
  type NodeDiagnosticsClient,
} from '../../clients/node-diagnostics-client.ts';
import { createSecretsClient, type SecretsClient } from '../../clients/secrets-client.ts';
import { createSparkClient, type SparkClient } from '../../clients/spark-client.ts';
import { createSystemClient, type SystemClient } from '../../clients/system-client.ts';
import { agentConnections } from './agent-connections.ts';
import type { CurrentCluster } from './current-cluster.ts';
import type { KnownCluster } from './known-clusters.ts';

/** The APIs of one cluster. */
export interface ClusterClients {
  readonly cluster: CurrentCluster;
  readonly mesos: MesosClient;
  readonly marathon: MarathonClient;
  readonly groups: MarathonGroupClient;
  readonly pods: MarathonPodClient;
  readonly definitions: MarathonDefinitionsClient;
  readonly marathonAdmin: MarathonAdminClient;
  readonly packages: CosmosClient;
  readonly secrets: SecretsClient;
  readonly jobs: JobsClient;
  readonly system: SystemClient;
  readonly diagnostics: DiagnosticsClient;
  readonly nodeDiagnostics: NodeDiagnosticsClient;
  /** Of the package spark that was installed under this name. */
  spark(service: string): SparkClient;
  /** Of agents: by way of the cluster, or at their own addresses where it leads to none. Reject as AgentConnections. */
  agentFiles(agentId: string): Promise<AgentFilesClient>;
  agentMonitor(agentId: string): Promise<AgentMonitorClient>;
  agentContainers(agentId: string): Promise<AgentContainersClient>;
}

export interface ConnectOptions {
  readonly timeoutMs: number | undefined;
  readonly signal: AbortSignal;
  /** Nothing is changed; see Connection. */
  readonly isPlan?: boolean | undefined;
}

/** How a cluster is reached. */
export const connectionTo = (
  cluster: KnownCluster,
  { timeoutMs, signal, isPlan }: ConnectOptions,
): Connection => {
  const { url, token, ca, isInsecure } = cluster;
  const tls = { ...(ca === undefined ? {} : { ca }), ...(isInsecure ? { rejectUnauthorized: false } : {}) };
  return { url, token, timeoutMs, signal, isPlan, ...(Object.keys(tls).length > 0 ? { tls } : {}) };
};

/** Clients with the paths of a DC/OS cluster, or the addresses that were given for it. */
export const clusterClients = (cluster: CurrentCluster, options: ConnectOptions): ClusterClients => {
  const base = connectionTo(cluster, options);
  const at = (given: string | undefined, path: string): Connection =>
    given === undefined ? below(base, path) : { ...base, url: given };
  const marathon = at(cluster.marathonUrl, '/service/marathon');
  const mesos = createMesosClient(at(cluster.mesosUrl, '/mesos'));
  const agentAt = agentConnections(cluster, { base, mesos });
  return {
    cluster,
    mesos,
    marathon: createMarathonClient(marathon),
    groups: createMarathonGroupClient(marathon),
    pods: createMarathonPodClient(marathon),
    definitions: createMarathonDefinitionsClient(marathon),
    marathonAdmin: createMarathonAdminClient(marathon),
    secrets: createSecretsClient(
      at(cluster.marathonUrl && `${cluster.marathonUrl}/secrets/v1`, '/secrets/v1'),
    ),
    packages: createCosmosClient(at(cluster.packagesUrl, '')),
    system: createSystemClient(base),
    diagnostics: createDiagnosticsClient(base),
    nodeDiagnostics: createNodeDiagnosticsClient(base),
    jobs: createJobsClient(at(cluster.jobsUrl, '/service/metronome')),
    spark: (service) =>
      createSparkClient(below(base, `/service/${service.split('/').map(encodeURIComponent).join('/')}`)),
    agentFiles: async (agentId) => createAgentFilesClient(await agentAt(agentId, '/agent')),
    agentMonitor: async (agentId) => createAgentMonitorClient(await agentAt(agentId, '/agent')),
    agentContainers: async (agentId) => createAgentContainersClient(await agentAt(agentId, '/slave')),
  };
};
