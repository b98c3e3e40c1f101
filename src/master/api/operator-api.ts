import { HttpError } from '../../http/http-error.ts';
import { mesosPrincipalOf } from '../../http/principal.ts';
import { send } from '../../http/respond.ts';
import type { Exchange, Router } from '../../http/router.ts';
import { sendCompressible } from '../../http/send-compressible.ts';
import { sendLong } from '../../http/send-long.ts';
import type { Call } from '../../mesos/generated/master.ts';
import { messageBody } from './documents/make-document.ts';
import type { SharedDocuments } from './documents/shared-documents.ts';
import { type OperatorCallOptions, performCall } from './operator-calls.ts';
import { answerRead, longRead, type OperatorReadOptions } from './operator-reads.ts';
import type { OperatorStreams } from './operator-streams.ts';
import { chooseAnswerCodec, readCall } from './wire.ts';

export interface OperatorApiOptions extends OperatorReadOptions, OperatorCallOptions {
  readonly streams: OperatorStreams;
  readonly documents: SharedDocuments;
}

/** POST /api/v1 (mesos.md 3.1), and below it under the name that clients in Python use (mesos.md 8.3). */
export const addOperatorRoutes = (router: Router, options: OperatorApiOptions): void => {
  for (const path of ['/api/v1', '/master/api/v1', '/api/v1/operator']) {
    router.on('POST', path, (exchange) => handleCall(exchange, options));
  }
};

const handleCall = async ({ request, response }: Exchange, options: OperatorApiOptions): Promise<void> => {
  const call = await readCall<Call>(request, 'mesos.v1.master.Call');
  validate(call);
  const codec = chooseAnswerCodec(request);
  options.verbosity.note(call.type);
  if (call.type === 'SUBSCRIBE') return options.streams.subscribe(response, codec);
  const long = longRead(call.type);
  if (long !== undefined) {
    const held = await options.documents.read(`${codec.mediaType} ${call.type}`, (view, fragments) =>
      messageBody(codec, long(view, fragments)),
    );
    try {
      const headers = { 'Content-Type': codec.mediaType };
      await sendLong(response, 200, held.body, { headers, signal: held.signal });
    } finally {
      held.release();
    }
    return;
  }
  const answer = await answerRead(call, options);
  if (answer === undefined)
    return send(response, await performCall(call, { ...options, principal: mesosPrincipalOf(request) }));
  const body = codec.encode(RESPONSE, answer);
  await sendCompressible(response, 200, body, { 'Content-Type': codec.mediaType });
};

const RESPONSE = 'mesos.v1.master.Response';

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
