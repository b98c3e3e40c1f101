import type { ServerResponse } from 'node:http';
import { HttpError } from '../../http/http-error.ts';
import { mesosPrincipalOf, principalOf } from '../../http/principal.ts';
import { send } from '../../http/respond.ts';
import type { Exchange, Router } from '../../http/router.ts';
import type { Codec } from '../../mesos/codec/codec.ts';
import type { Call, CallSubscribe, Event } from '../../mesos/generated/scheduler.ts';
import type { MasterInput, OperatorOutcome } from '../core/input.ts';
import type { Framework, MasterState } from '../core/state.ts';
import type { EventStreams } from './event-streams.ts';
import { schedulerCallProblem } from './scheduler-call-problem.ts';
import { chooseAnswerCodec, readCall } from './wire.ts';

export interface SchedulerApiOptions {
  state: MasterState;
  streams: EventStreams<Event>;
  handle: (input: MasterInput) => void;
  /** Hands an UPDATE_FRAMEWORK to the core; resolves with what came of it. */
  update: (frameworkId: string, update: CallSubscribe) => Promise<OperatorOutcome>;
  /** Resolves once everything that was handled is durable. */
  settled: () => Promise<void>;
  uuid: () => string;
}

const STREAM_ID_HEADER = 'mesos-stream-id';
const CALL = 'mesos.v1.scheduler.Call';
const EVENT = 'mesos.v1.scheduler.Event';
/** A type of the description, for which there is no call. */
const UNKNOWN: ReadonlySet<string> = new Set(['UNKNOWN']);

/** POST /api/v1/scheduler (mesos.md 1.1), with its checks in Mesos' order. */
export const addSchedulerRoutes = (router: Router, options: SchedulerApiOptions): void => {
  for (const prefix of ['', '/master']) {
    router.on('POST', `${prefix}/api/v1/scheduler`, (exchange) => takeCall(exchange, options));
  }
};

const takeCall = async ({ request, response }: Exchange, options: SchedulerApiOptions): Promise<void> => {
  const call = await readCall<Call>(request, CALL);
  const problem = schedulerCallProblem(call);
  if (problem !== undefined) {
    throw new HttpError(400, `Failed to validate scheduler::Call: ${problem}`);
  }
  const principal = mesosPrincipalOf(request);
  const header = request.headers[STREAM_ID_HEADER];
  const streamId = Array.isArray(header) ? header.at(-1) : header;
  if (call.type === 'SUBSCRIBE') {
    const mismatch = principalProblem(principal, call.subscribe.framework_info.principal);
    if (mismatch !== undefined) throw new HttpError(400, `Failed to validate scheduler::Call: ${mismatch}`);
    const codec = chooseAnswerCodec(request);
    if (streamId !== undefined) {
      throw new HttpError(400, "Subscribe calls should not include the 'Mesos-Stream-Id' header");
    }
    subscribe(
      response,
      { codec, caller: principalOf(request)?.name },
      withPrincipal(call.subscribe, principal),
      options,
    );
    return;
  }
  if (call.type === 'RECONCILE_OPERATIONS') chooseAnswerCodec(request);
  const framework = callerOf(call, { principal, streamId }, options);
  if (UNKNOWN.has(call.type)) throw new HttpError(501, '501 Not Implemented.');
  await carryOut(response, framework, call, options);
};

const subscribe = (
  response: ServerResponse,
  { codec, caller }: { codec: Codec; caller: string | undefined },
  subscription: CallSubscribe,
  { streams, handle, uuid }: SchedulerApiOptions,
): void => {
  const streamId = uuid();
  streams.open(streamId, response, {
    mediaType: codec.mediaType,
    encode: (event) => codec.encode(EVENT, event),
    onClose: () => handle({ type: 'scheduler-closed', streamId }),
  });
  handle({ type: 'scheduler-subscribe', streamId, subscribe: subscription, caller });
};

/** The framework that may make this call on this stream. */
const callerOf = (
  call: Call,
  { principal, streamId }: { principal: string | undefined; streamId: string | undefined },
  { state }: SchedulerApiOptions,
): Framework => {
  const id = call.framework_id?.value ?? '';
  const framework = state.frameworks.get(id);
  if (!framework) throw new HttpError(400, 'Framework cannot be found');
  const mismatch = principalProblem(principal, framework.info.principal);
  if (mismatch !== undefined) throw new HttpError(400, mismatch);
  if (framework.streamId === undefined) throw new HttpError(403, 'Framework is not subscribed');
  if (streamId === undefined) {
    throw new HttpError(400, "All non-subscribe calls should include the 'Mesos-Stream-Id' header");
  }
  if (streamId !== framework.streamId) {
    throw new HttpError(
      400,
      `The stream ID '${streamId}' included in this request didn't match the stream ID currently associated with framework ID ${id}`,
    );
  }
  return framework;
};

/** Nobody speaks for a framework of another principal (auth-14, auth-18). */
const principalProblem = (
  authenticated: string | undefined,
  claimed: string | undefined,
): string | undefined =>
  authenticated === undefined || claimed === undefined || authenticated === claimed
    ? undefined
    : `Authenticated principal '${authenticated}' does not match principal '${claimed}' set in \`FrameworkInfo\``;

/** Who does not say as whom it subscribes does so as who it is. */
const withPrincipal = (subscription: CallSubscribe, principal: string | undefined): CallSubscribe =>
  principal === undefined || subscription.framework_info.principal !== undefined
    ? subscription
    : { ...subscription, framework_info: { ...subscription.framework_info, principal } };

const carryOut = async (
  response: ServerResponse,
  { id }: Framework,
  call: Exclude<Call, { type: 'SUBSCRIBE' }>,
  { handle, update, settled }: SchedulerApiOptions,
): Promise<void> => {
  if (call.type === 'UPDATE_FRAMEWORK') {
    const outcome = await update(id, call.update_framework);
    if (outcome.type === 'refused') throw new HttpError(outcome.status, outcome.message);
    send(response, 200);
    return;
  }
  handle({ type: 'scheduler-call', frameworkId: id, call });
  // Of all calls only this one makes something last.
  if (call.type === 'TEARDOWN') await settled();
  send(response, 202);
};
