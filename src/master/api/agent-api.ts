import type { ServerResponse } from 'node:http';
import { readBody } from '../../http/body.ts';
import { HttpError } from '../../http/http-error.ts';
import { send } from '../../http/respond.ts';
import type { Exchange, Router } from '../../http/router.ts';
import type { Acls } from '../../mesos/acls/acls.ts';
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
import { demand } from './authorize.ts';
import { decodeAgentCall } from './decode-agent-call.ts';
import type { EventStreams } from './event-streams.ts';

export interface AgentApiOptions {
  state: MasterState;
  streams: EventStreams<AgentEvent>;
  handle: (input: MasterInput) => void;
  settled: () => Promise<void>;
  uuid: () => string;
  /** Undefined: agents of any cluster are taken. */
  clusterId: string | undefined;
  acls: Acls | undefined;
}

/** An agent that reports thousands of tasks has much to say. */
const BODY_LIMIT_BYTES = 256 * 1024 * 1024;

/** The agents' side of src/mesos/agent-protocol.ts. */
export const addAgentRoutes = (router: Router, options: AgentApiOptions): void => {
  router.on('POST', AGENT_PATH, (exchange) => takeCall(exchange, options));
};

const takeCall = async ({ request, response }: Exchange, options: AgentApiOptions): Promise<void> => {
  const calls = readAgentCalls(await readBody(request, BODY_LIMIT_BYTES));
  const [first] = calls;
  if (calls.length === 1 && first?.type === 'SUBSCRIBE') {
    demand(options.acls, request, 'register_agents');
    subscribe(response, first.subscribe, options);
    return;
  }
  const streamId = request.headers[STREAM_ID_HEADER.toLowerCase()];
  const later = calls.map((call) => ofCurrentStream(call, streamId, options.state));
  for (const call of later) options.handle({ type: 'agent-call', agentId: call.agent_id.value, call });
  if (later.some(({ type }) => type === 'UNREGISTER')) await options.settled();
  send(response, 202);
};

/** The call itself. Throws HttpError for one that its stream may not make. */
const ofCurrentStream = (
  call: AgentCall,
  streamId: string | string[] | undefined,
  { agents }: MasterState,
): Exclude<AgentCall, { type: 'SUBSCRIBE' }> => {
  if (call.type === 'SUBSCRIBE') throw new HttpError(400, 'SUBSCRIBE is not a call among others');
  const current = agents.get(call.agent_id.value)?.streamId;
  if (current !== undefined && current === streamId) return call;
  throw new HttpError(403, 'This is not the current stream of the agent');
};

const readAgentCalls = (body: Buffer): AgentCall[] => {
  try {
    const value = parseJson(body.toString('utf8'));
    return Array.isArray(value) ? value.map(decodeAgentCall) : [decodeAgentCall(value)];
  } catch (error) {
    if (!(error instanceof DecodeError)) throw error;
    throw new HttpError(400, error.message);
  }
};

const subscribe = (
  response: ServerResponse,
  subscription: SubscribeAgent,
  { streams, handle, uuid, clusterId }: AgentApiOptions,
): void => {
  const { cluster_id } = subscription;
  if (clusterId !== undefined && cluster_id !== undefined && cluster_id !== clusterId) {
    throw new HttpError(403, `The agent belongs to cluster ${cluster_id}, and this is cluster ${clusterId}`);
  }
  const streamId = uuid();
  streams.open(streamId, response, {
    mediaType: 'application/json',
    encode: (event) => JSON.stringify(event),
    onClose: () => handle({ type: 'agent-closed', streamId }),
  });
  handle({ type: 'agent-subscribe', streamId, subscribe: subscription });
};
