import { below, type Connection } from '../../clients/connection.ts';
import type { MesosClient } from '../../clients/mesos-client.ts';
import { CliError } from '../errors/cli-error.ts';
import type { CurrentCluster } from './current-cluster.ts';

/** The connection to an agent. `by` is the cluster's path to its agents. Rejects with ApiError, or CliError when it is gone. */
export type AgentConnections = (agentId: string, by: '/agent' | '/slave') => Promise<Connection>;

/**
 * How the agents of a cluster are reached: by way of the cluster, and those of a master that stands alone, which leads
 * to none, at the addresses that they are registered with. These are asked for once, and again for an agent that is new.
 */
export const agentConnections = (
  { mesosUrl, name }: CurrentCluster,
  { base, mesos }: { readonly base: Connection; readonly mesos: MesosClient },
): AgentConnections => {
  if (mesosUrl === undefined) {
    return async (agentId, by) => below(base, `${by}/${encodeURIComponent(agentId)}`);
  }
  const { protocol } = new URL(mesosUrl);
  let known = Promise.resolve(new Map<string, string>());
  return async (agentId) => {
    const addresses = await known.catch(() => new Map<string, string>());
    if (!addresses.has(agentId)) known = addressesOf(mesos);
    const address = (await known).get(agentId);
    if (address !== undefined) return { ...base, url: `${protocol}//${address}` };
    throw new CliError('not-found', `Agent ${agentId} is not one of cluster ${name} any more`, {
      hint: 'plenum node list shows those that are',
    });
  };
};

/** Where agents listen, by their ids, of what they are registered as: slave(1)@IP:PORT. */
const addressesOf = async (mesos: MesosClient): Promise<Map<string, string>> =>
  new Map(
    (await mesos.getSlaves()).flatMap(({ id, pid = '' }) => {
      const [, address] = /@(.+)$/.exec(pid) ?? [];
      return address === undefined ? [] : [[id, address]];
    }),
  );
