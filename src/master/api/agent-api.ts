import type { ServerResponse } from 'node:http';
import { readBody } from '../../http/body.ts';
import { HttpError } from '../../http/http-error.ts';
import { send } from '../../http/respond.ts';
import type { Exchange, Router } from '../../http/router.ts';
import {
  AGENT_PATH,
  type AgentCall,
  type AgentEvent,
  STREAM_ID_HEADER,
  type SubscribeAgent,
} from '../../mesos/agent-protocol.ts';
import { DecodeError } from '../../mesos/codec/decode-json.ts';
import { parseJson } from '../../mesos/codec/parse-json.ts';
import type { MasterInput } from '../core/input.ts';
import type { MasterState } from '../core/state.ts';
import { decodeAgentCall } from './decode-agent-call.ts';
import type { EventStreams } from './event-streams.ts';

export interface AgentApiOptions {
  state: MasterState;
  streams: EventStreams<AgentEvent>;
  handle: (input: MasterInput) => void;
  settled: () => Promise<void>;
  uuid: () => string;
}

/** An agent that reports thousands of tasks has much to say. */
const BODY_LIMIT_BYTES = 256 * 1024 * 1024;

/** The agents' side of src/mesos/agent-protocol.ts. */
export const addAgentRoutes = (router: Router, options: AgentApiOptions): void => {
  router.on('POST', AGENT_PATH, (exchange) => takeCall(exchange, options));
};

const takeCall = async ({ request, response }: Exchange, options: AgentApiOptions): Promise<void> => {
  const call = readAgentCall(await readBody(request, BODY_LIMIT_BYTES));
  if (call.type === 'SUBSCRIBE') {
    subscribe(response, call.subscribe, options);
    return;
  }
  const agent = options.state.agents.get(call.agent_id.value);
  const streamId = request.headers[STREAM_ID_HEADER.toLowerCase()];
  if (agent?.streamId === undefined || agent.streamId !== streamId) {
    throw new HttpError(403, 'This is not the current stream of the agent');
  }
  options.handle({ type: 'agent-call', agentId: agent.id, call });
  if (call.type === 'UNREGISTER') await options.settled();
  send(response, 202);
};

const readAgentCall = (body: Buffer): AgentCall => {
  try {
    return decodeAgentCall(parseJson(body.toString('utf8')));
  } catch (error) {
    if (!(error instanceof DecodeError)) throw error;
    throw new HttpError(400, error.message);
  }
};

const subscribe = (
  response: ServerResponse,
  subscription: SubscribeAgent,
  { streams, handle, uuid }: AgentApiOptions,
): void => {
  const streamId = uuid();
  streams.open(streamId, response, {
    mediaType: 'application/json',
    encode: (event) => JSON.stringify(event),
    onClose: () => handle({ type: 'agent-closed', streamId }),
  });
  handle({ type: 'agent-subscribe', streamId, subscribe: subscription });
};
