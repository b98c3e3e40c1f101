import { createMarathonClient, type MarathonClient } from '../clients/marathon-client.ts';
import { createMesosClient, type MesosClient } from '../clients/mesos-client.ts';
import type { ServiceHistory } from './history/service-history.ts';
import type { RepositoryCache } from './repositories/repository-cache.ts';
import type { RepositoryList } from './repositories/repository-list.ts';
import type { Uninstalls } from './uninstall/uninstalls.ts';

/** Clients of the cluster; what is asked in a caller's name carries the caller's token. */
export interface ClusterClients {
  readonly marathon: (authorization: string | undefined) => MarathonClient;
  readonly mesos: (authorization: string | undefined) => MesosClient;
}

/** What the endpoints work with. */
export interface PackageServices {
  readonly repositories: RepositoryList;
  readonly cache: RepositoryCache;
  readonly clients: ClusterClients;
  readonly uninstalls: Uninstalls;
  readonly history: ServiceHistory;
}

export const createClusterClients = ({
  marathonUrl,
  mesosUrl,
}: {
  readonly marathonUrl: string;
  readonly mesosUrl: string;
}): ClusterClients => ({
  marathon: (authorization) => createMarathonClient({ url: marathonUrl, token: tokenOf(authorization) }),
  mesos: (authorization) => createMesosClient({ url: mesosUrl, token: tokenOf(authorization) }),
});

/** `Authorization: token=…`, the only form that clusters know. */
const tokenOf = (authorization: string | undefined): string | undefined =>
  /^token=(\S+)$/i.exec(authorization ?? '')?.[1];
