import { createMarathonClient, type MarathonClient } from '../clients/marathon-client.ts';
import { createMesosClient, type MesosClient } from '../clients/mesos-client.ts';

/** Clients of the cluster; what is asked in a caller's name carries the caller's token. */
export interface ClusterClients {
  readonly marathon: (authorization: string | undefined) => MarathonClient;
  readonly mesos: (authorization: string | undefined) => MesosClient;
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
