import type { IncomingMessage } from 'node:http';
import { readBody } from '../../http/body.ts';
import { HttpError } from '../../http/http-error.ts';
import type { Codec } from '../../mesos/codec/codec.ts';
import { accepts, codecForAnswer, codecOfBody, lastHeaderLine } from '../../mesos/codec/negotiation.ts';
import type { Call } from '../../mesos/generated/agent.ts';
import { readRecords } from '../../mesos/recordio.ts';
import { errorMessage } from '../../runtime/error-message.ts';
import { contentTypeOf, decodeMessage } from './wire.ts';

const RECORDIO = 'application/recordio';
const CALL = 'mesos.v1.agent.Call';
const LONGEST_RECORD_BYTES = 4 * 1024 * 1024;
const ALL_TYPES = 'application/json or application/x-protobuf or application/recordio';

/** One side of an exchange: what its messages are encoded in, and whether they are a stream of records. */
export interface Format {
  readonly codec: Codec;
  readonly isStream: boolean;
}

/** How calls are read and answers written on the agent's operator API, by its headers, in Mesos' order (mesos.md 3.8). */
export interface Formats {
  readonly content: Format;
  readonly answer: Format;
}

/** Throws HttpError 400, 406 or 415 in Mesos' words. */
export const negotiate = (request: IncomingMessage): Formats => ({
  content: contentFormat(contentTypeOf(request), request.headers['message-content-type']),
  answer: answerFormat(request.rawHeaders),
});

const contentFormat = (type: string, messageType: string | string[] | undefined): Format => {
  if (type === RECORDIO) {
    if (messageType === undefined) {
      throw new HttpError(400, "Expecting 'Message-Content-Type' to be set for streaming requests");
    }
    const codec = codecOfBody(String(messageType));
    if (codec) return { codec, isStream: true };
    throw new HttpError(
      415,
      "Expecting 'Message-Content-Type' of application/json or application/x-protobuf",
    );
  }
  const codec = codecOfBody(type);
  if (codec === undefined) throw new HttpError(415, `Expecting 'Content-Type' of ${ALL_TYPES}`);
  if (messageType !== undefined) {
    throw new HttpError(415, "Expecting 'Message-Content-Type' to be not set for non-streaming requests");
  }
  return { codec, isStream: false };
};

/** Of a header that comes twice the last line counts, as in Mesos: clients that want a stream rely on it (mesos.md 8.4). */
const answerFormat = (rawHeaders: readonly string[]): Format => {
  const accept = lastHeaderLine(rawHeaders, 'accept');
  const messageAccept = lastHeaderLine(rawHeaders, 'message-accept');
  const codec = codecForAnswer(accept);
  if (codec) {
    if (messageAccept === undefined) return { codec, isStream: false };
    throw new HttpError(406, "Expecting 'Message-Accept' to be not set for non-streaming responses");
  }
  if (!accepts(accept, RECORDIO)) throw new HttpError(406, `Expecting 'Accept' to allow ${ALL_TYPES}`);
  const messageCodec = codecForAnswer(messageAccept);
  if (messageCodec) return { codec: messageCodec, isStream: true };
  throw new HttpError(406, "Expecting 'Message-Accept' to allow application/json or application/x-protobuf");
};

/** The call of a plain body, or the first one of a stream, with those that follow it. Throws HttpError 400. */
export const readCalls = async (
  request: IncomingMessage,
  { codec, isStream }: Format,
): Promise<{ call: Call; others: AsyncIterator<Call> }> => {
  const calls = isStream ? callsOf(request, codec) : oneCall(request, codec);
  const first = await calls.next();
  if (first.done) throw new HttpError(400, 'Received EOF while reading request body');
  return { call: first.value, others: calls };
};

async function* oneCall(request: IncomingMessage, codec: Codec): AsyncGenerator<Call, undefined> {
  yield decodeMessage<Call>(codec, CALL, await readBody(request));
}

/** To leave the request's own iterator would end the connection before the answer, so what is not wanted stays unread. */
async function* callsOf(request: IncomingMessage, codec: Codec): AsyncGenerator<Call, undefined> {
  const records = recordsOf(request.iterator({ destroyOnReturn: false }));
  for await (const record of records) yield decodeMessage<Call>(codec, CALL, record);
}

async function* recordsOf(body: AsyncIterable<Uint8Array>): AsyncGenerator<Buffer> {
  try {
    yield* readRecords(body, LONGEST_RECORD_BYTES);
  } catch (error) {
    throw new HttpError(400, errorMessage(error), { cause: error });
  }
}

/** Refuses streams where the call has none. Throws HttpError 406 or 415. */
export const checkStreams = (type: Call['type'], { content, answer }: Formats): void => {
  const isInput = type === 'ATTACH_CONTAINER_INPUT';
  if (content.isStream && !isInput) {
    throw new HttpError(415, `Streaming 'Content-Type' ${RECORDIO} is not supported for ${type} call`);
  }
  if (!content.isStream && isInput) {
    throw new HttpError(415, `Expecting 'Content-Type' to be ${RECORDIO} for ${type} call`);
  }
  const hasOutput = type === 'ATTACH_CONTAINER_OUTPUT' || type === 'LAUNCH_NESTED_CONTAINER_SESSION';
  if (answer.isStream && !hasOutput) {
    throw new HttpError(406, `Streaming response is not supported for ${type} call`);
  }
};
