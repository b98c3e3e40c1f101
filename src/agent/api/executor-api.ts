import { HttpError } from '../../http/http-error.ts';
import { OutputStream } from '../../http/output-stream.ts';
import { send } from '../../http/respond.ts';
import type { Exchange, Router } from '../../http/router.ts';
import type { Call } from '../../mesos/generated/executor.ts';
import type { TaskStatus } from '../../mesos/generated/mesos.ts';
import type { AgentCore, AgentInput } from '../core/agent-core.ts';
import { findRun, type Run } from '../core/state.ts';
import type { ExecutorStreams } from './executor-streams.ts';
import { chooseEventCodec, readCall } from './wire.ts';

export interface ExecutorApiOptions {
  core: AgentCore;
  streams: ExecutorStreams;
  handle: (input: AgentInput) => void;
}

const UUID_BYTES = 16;
/** An executor that falls this far behind with its events is cut off. */
const BACKLOG_LIMIT_BYTES = 16 * 1024 * 1024;

/** POST /api/v1/executor (mesos.md 2): custom executors subscribe here and report their tasks. */
export const addExecutorRoutes = (router: Router, options: ExecutorApiOptions): void => {
  for (const prefix of ['', '/slave(1)']) {
    router.on('POST', `${prefix}/api/v1/executor`, (exchange) => handleCall(exchange, options));
  }
};

const handleCall = async (exchange: Exchange, options: ExecutorApiOptions): Promise<void> => {
  const call = await readCall<Call>(exchange.request, 'mesos.v1.executor.Call');
  const fault = faultOf(call);
  if (fault !== undefined) throw new HttpError(400, `Failed to validate Executor::Call: ${fault}`);
  if (call.type === 'SUBSCRIBE') return subscribe(exchange, call, options);
  if (call.type === 'HEARTBEAT') return send(exchange.response, 202);
  const run = findRunOf(options.core, call);
  if (!run.isSubscribed && run.record.phase === 'registering') {
    throw new HttpError(403, 'Executor is not subscribed');
  }
  if (call.type === 'UPDATE') {
    options.handle({ type: 'executor-update', runId: run.record.id, status: call.update.status });
  } else {
    options.handle({ type: 'executor-message', runId: run.record.id, data: call.message.data });
  }
  send(exchange.response, 202);
};

const findRunOf = ({ state }: AgentCore, call: Call): Run => {
  if (!state.frameworks.has(call.framework_id.value)) throw new HttpError(400, 'Framework cannot be found');
  const run = findRun(state, call.framework_id.value, call.executor_id.value);
  if (run?.record.kind !== 'custom') throw new HttpError(400, 'Executor cannot be found');
  return run;
};

const subscribe = (
  { request, response }: Exchange,
  call: Extract<Call, { type: 'SUBSCRIBE' }>,
  { core, streams, handle }: ExecutorApiOptions,
): void => {
  const codec = chooseEventCodec(request);
  const { record } = findRunOf(core, call);
  const { unacknowledged_tasks = [], unacknowledged_updates = [] } = call.subscribe;
  response.writeHead(200, { 'Content-Type': codec.mediaType });
  const stream = new OutputStream(
    response,
    () => {
      if (streams.isCurrent(record.id, stream)) handle({ type: 'executor-disconnected', runId: record.id });
    },
    BACKLOG_LIMIT_BYTES,
  );
  streams.open(record.id, stream, (event) => codec.encode('mesos.v1.executor.Event', event));
  handle({
    type: 'executor-subscribed',
    runId: record.id,
    unacknowledgedTasks: unacknowledged_tasks,
    unacknowledgedUpdates: unacknowledged_updates,
  });
};

/** What is wrong with a call, in Mesos' words. */
const faultOf = (call: Call): string | undefined => {
  switch (call.type) {
    case 'SUBSCRIBE':
      if (!call.subscribe) return "Expecting 'subscribe' to be present";
      return call.subscribe.unacknowledged_updates
        ?.map(({ status }) => faultOfStatus(call, status))
        .find(Boolean);
    case 'UPDATE':
      return call.update ? faultOfStatus(call, call.update.status) : "Expecting 'update' to be present";
    case 'MESSAGE':
      return call.message ? undefined : "Expecting 'message' to be present";
    case 'HEARTBEAT':
      return undefined;
    default:
      return "Expecting 'type' to be present";
  }
};

const faultOfStatus = (call: Call, status: TaskStatus): string | undefined => {
  if (status.uuid === undefined) return "Expecting 'uuid' to be present";
  if (Buffer.from(status.uuid, 'base64').length !== UUID_BYTES) return 'Not a valid UUID';
  const { executor_id, source, state } = status;
  const id = call.executor_id.value;
  if (executor_id && executor_id.value !== id) {
    return `ExecutorID in Call: ${id} does not match ExecutorID in TaskStatus: ${executor_id.value}`;
  }
  if (source !== 'SOURCE_EXECUTOR') {
    return `Received Call from executor ${id} with invalid source, expecting 'SOURCE_EXECUTOR'`;
  }
  if (state === 'TASK_STAGING') return `Received TASK_STAGING from executor ${id}`;
  return undefined;
};
