import { HttpError } from '../../http/http-error.ts';
import { send } from '../../http/respond.ts';
import type { Exchange, Router } from '../../http/router.ts';
import { sendCompressible } from '../../http/send-compressible.ts';
import { sendLong } from '../../http/send-long.ts';
import type { AclAction } from '../../mesos/acls/acl-actions.ts';
import type { Call } from '../../mesos/generated/master.ts';
import { demand, forbidden, inNameOf, subjectOf } from './authorize.ts';
import { messageBody } from './documents/make-document.ts';
import type { SharedDocuments } from './documents/shared-documents.ts';
import { type OperatorCallOptions, performCall } from './operator-calls.ts';
import { answerRead, longRead, type OperatorReadOptions } from './operator-reads.ts';
import type { OperatorStreams } from './operator-streams.ts';
import { visibilityOf } from './visibility.ts';
import { chooseAnswerCodec, readCall } from './wire.ts';

export interface OperatorApiOptions extends Omit<OperatorReadOptions, 'visibility'>, OperatorCallOptions {
  readonly streams: OperatorStreams;
  readonly documents: SharedDocuments;
}

/** POST /api/v1 (mesos.md 3.1). */
export const addOperatorRoutes = (router: Router, options: OperatorApiOptions): void => {
  for (const path of ['/api/v1', '/master/api/v1']) {
    router.on('POST', path, (exchange) => handleCall(exchange, options));
  }
};

const handleCall = async ({ request, response }: Exchange, options: OperatorApiOptions): Promise<void> => {
  const call = await readCall<Call>(request, 'mesos.v1.master.Call');
  validate(call);
  const codec = chooseAnswerCodec(request);
  options.verbosity.note(call.type);
  const demanded = DEMANDED[call.type];
  if (demanded !== undefined) demand(options.acls, request, ...demanded);
  const visibility = visibilityOf(options.acls, subjectOf(request));
  if (call.type === 'SUBSCRIBE') {
    // Events are the same for everybody.
    if (!visibility.isWhole) throw forbidden();
    return options.streams.subscribe(response, codec);
  }
  const long = longRead(call.type);
  if (long !== undefined) {
    const held = await options.documents.read(
      `${codec.mediaType} ${call.type} ${visibility.key}`,
      (view, fragments) => messageBody(codec, long(visibility.view(view), fragments)),
    );
    try {
      const headers = { 'Content-Type': codec.mediaType };
      await sendLong(response, 200, held.body, { headers, signal: held.signal });
    } finally {
      held.release();
    }
    return;
  }
  const answer = await answerRead(call, { ...options, visibility });
  if (answer === undefined) {
    return send(response, await performCall(call, inNameOf(options, request)));
  }
  const body = codec.encode(RESPONSE, answer);
  await sendCompressible(response, 200, body, { 'Content-Type': codec.mediaType });
};

const RESPONSE = 'mesos.v1.master.Response';

/** What calls need leave for beside what they change (mesos.md 6). */
const DEMANDED: Partial<Record<Call['type'], readonly [action: AclAction, object?: string]>> = {
  GET_FLAGS: ['view_flags'],
  GET_METRICS: ['get_endpoints', '/metrics/snapshot'],
  SET_LOGGING_LEVEL: ['set_log_level'],
};

/** Calls whose body may be left out because they have none. */
const WITHOUT_BODY = new Set<string>([
  'UNKNOWN',
  'GET_HEALTH',
  'GET_FLAGS',
  'GET_VERSION',
  'GET_LOGGING_LEVEL',
  'GET_STATE',
  'GET_AGENTS',
  'GET_FRAMEWORKS',
  'GET_EXECUTORS',
  'GET_OPERATIONS',
  'GET_TASKS',
  'GET_ROLES',
  'GET_WEIGHTS',
  'GET_MASTER',
  'SUBSCRIBE',
  'GET_MAINTENANCE_STATUS',
  'GET_MAINTENANCE_SCHEDULE',
  'GET_QUOTA',
]);

const validate = (call: Call): void => {
  const field = missingField(call);
  if (field !== undefined) {
    throw new HttpError(400, `Failed to validate master::Call: Expecting '${field}' to be present`);
  }
};

const missingField = (call: Partial<Call>): string | undefined => {
  if (call.type === undefined) return 'type';
  const body = call.type.toLowerCase();
  return WITHOUT_BODY.has(call.type) || body in call ? undefined : body;
};
