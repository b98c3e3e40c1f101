import type { IncomingMessage } from 'node:http';
import type { Connection } from '../../clients/connection.ts';
import { HttpError } from '../../http/http-error.ts';
import { introducePeer } from '../../http/peers.ts';
import { principalOf } from '../../http/principal.ts';
import type { AgentDirectory } from '../agent-directory.ts';
import type { AgentPeer } from '../routing.ts';

/** How the gateway itself asks agents. */
export interface AgentAccess {
  readonly agents: AgentDirectory;
  readonly agentPeer: AgentPeer | undefined;
}

/** In the name of who sends the request, or of the gateway itself. Throws HttpError 404 when there is no such agent. */
export const connectionToAgent = async (
  { agents, agentPeer }: AgentAccess,
  id: string,
  request?: IncomingMessage,
): Promise<Connection & { readonly hostname: string }> => {
  const agent = (await agents.get()).get(id);
  if (!agent) throw new HttpError(404, `No agent ${id} is registered`);
  if (agentPeer) introducePeer(agent.url, agentPeer);
  const caller = request && principalOf(request)?.name;
  return {
    url: agent.url,
    hostname: agent.hostname,
    // Renewed while a log is followed.
    get token() {
      return caller === undefined ? undefined : agentPeer?.tokenOfCaller(caller);
    },
  };
};
