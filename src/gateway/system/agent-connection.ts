import type { Connection } from '../../clients/connection.ts';
import { HttpError } from '../../http/http-error.ts';
import { introducePeer } from '../../http/peers.ts';
import type { AgentDirectory } from '../agent-directory.ts';
import type { AgentPeer } from '../routing.ts';

/** How the gateway itself asks agents. */
export interface AgentAccess {
  readonly agents: AgentDirectory;
  readonly agentPeer: AgentPeer | undefined;
}

/** Throws HttpError 404 when there is no such agent. */
export const connectionToAgent = async (
  { agents, agentPeer }: AgentAccess,
  id: string,
): Promise<Connection & { readonly hostname: string }> => {
  const agent = (await agents.get()).get(id);
  if (!agent) throw new HttpError(404, `No agent ${id} is registered`);
  if (agentPeer) introducePeer(agent.url, agentPeer);
  return { url: agent.url, hostname: agent.hostname };
};
