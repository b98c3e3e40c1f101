import { type HttpResponse, type HttpStream, openStream, request } from '../http/client.ts';
import { errorCode, errorMessage } from '../runtime/error-message.ts';
import { ApiError, type ApiErrorOptions } from './api-error.ts';
import { type Connection, type Query, urlOf } from './connection.ts';
import { PlannedCall } from './planned-call.ts';

/** Follows a standby to its leader (307), not in circles. */
const MOST_REDIRECTS = 3;
const LONGEST_ANSWER_BYTES = 1024 * 1024 * 1024;
/** The longest error text of a server that is shown, so that a page of HTML is not. */
const LONGEST_MESSAGE = 2_000;

/** What an API's errors say, read from their bodies. */
export type ErrorReader = (
  body: unknown,
) => Partial<Pick<ApiErrorOptions, 'message' | 'type' | 'details' | 'nearest' | 'deploymentIds'>>;

export interface Api {
  /** As people call it. */
  readonly name: string;
  readonly readError: ErrorReader;
}

export interface Call {
  readonly method?: string;
  readonly path: string;
  readonly query?: Query;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
  /** Whatever its method is, it changes nothing. */
  readonly isRead?: boolean;
  /** What it sends is shown to nobody. */
  readonly isSecret?: boolean;
}

/** Sends a call and gives its answer when it succeeded (2xx). Throws ApiError for everything else, and PlannedCall. */
export const send = async (api: Api, connection: Connection, call: Call): Promise<HttpResponse> => {
  refuseIfPlanned(connection, call);
  const options = requestOptions(connection, call);
  let response: HttpResponse;
  try {
    response = await request(options);
  } catch (error) {
    throw connectionError(api, options, error, connection.signal);
  }
  if (response.status < 200 || response.status > 299) {
    throw answerError(api, options, response.status, response.body.toString());
  }
  return response;
};

/** Opens an endless answer. Throws ApiError when it does not come to be. */
export const sendForStream = async (api: Api, connection: Connection, call: Call): Promise<HttpStream> => {
  refuseIfPlanned(connection, call);
  const options = requestOptions(connection, call);
  let stream: HttpStream;
  try {
    stream = await openStream(options);
  } catch (error) {
    throw connectionError(api, options, error, connection.signal);
  }
  if (stream.status < 200 || stream.status > 299) {
    const text = await readShort(stream);
    throw answerError(api, options, stream.status, text);
  }
  return stream;
};

/** Sends a call and gives the JSON that it is answered with, checked for being an object or an array only. */
export const sendForJson = async <T extends object>(
  api: Api,
  connection: Connection,
  call: Call,
): Promise<T> => {
  const headers = { Accept: 'application/json', ...call.headers };
  const { body, status } = await send(api, connection, { ...call, headers });
  const value = parsed(body.toString());
  if (typeof value !== 'object' || value === null) {
    const { method = 'GET', path, query } = call;
    const url = urlOf(connection, path, query);
    throw new ApiError({
      kind: 'foreign-answer',
      api: api.name,
      message: `${api.name} does not stand at ${url}: what answers there does not speak its JSON`,
      method,
      url,
      status,
    });
  }
  return value as T;
};

const refuseIfPlanned = ({ isPlan, ...connection }: Connection, call: Call): void => {
  const { method = 'GET', path, query, body, isRead, isSecret } = call;
  if (!isPlan || isRead || method === 'GET' || method === 'HEAD') return;
  throw new PlannedCall({ method, url: urlOf(connection, path, query), body: isSecret ? undefined : body });
};

type RequestOptions = ReturnType<typeof requestOptions>;

const requestOptions = (connection: Connection, { method = 'GET', path, query, headers, body }: Call) => {
  const { token, timeoutMs, signal, tls, limitBytes = LONGEST_ANSWER_BYTES } = connection;
  return {
    method,
    url: urlOf(connection, path, query),
    headers: { ...(token ? { Authorization: `token=${token}` } : {}), ...headers },
    // A redirect may lead to another host, which must not be shown the token.
    maxRedirects: token ? 0 : MOST_REDIRECTS,
    limitBytes,
    ...(body === undefined ? {} : { body }),
    ...(timeoutMs === undefined ? {} : { timeoutMs }),
    ...(signal ? { signal } : {}),
    ...(tls ? { tls } : {}),
  };
};

/** Whoever aborted knows why; everyone else is told what the network said. */
const connectionError = (
  { name }: Api,
  { method, url }: RequestOptions,
  error: unknown,
  signal: AbortSignal | undefined,
): unknown => {
  if (signal?.aborted) return signal.reason;
  const isTimeout = error instanceof Error && error.name === 'TimeoutError';
  const isTooLong = error instanceof Error && error.name === 'AnswerTooLongError';
  const { origin } = new URL(url);
  return new ApiError({
    kind: isTimeout ? 'timed-out' : isTooLong ? 'foreign-answer' : 'unreachable',
    api: name,
    message: isTimeout
      ? `${name} at ${origin} did not answer in time`
      : isTooLong
        ? `${name} does not stand at ${origin}: ${errorMessage(error)}`
        : `${name} at ${origin} cannot be reached: ${reasonOf(error)}`,
    method,
    url,
    cause: error,
  });
};

const REASONS: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'nothing listens there',
  ENOTFOUND: 'the host is unknown',
  EAI_AGAIN: 'the host name cannot be looked up',
  ECONNRESET: 'the connection was closed',
  EHOSTUNREACH: 'there is no way to the host',
};

const reasonOf = (error: unknown): string => REASONS[errorCode(error) ?? ''] ?? errorMessage(error);

const answerError = (api: Api, { method, url }: RequestOptions, status: number, text: string): ApiError => {
  const said = api.readError(parsed(text));
  const plain = isPage(text) ? '' : text.trim().slice(0, LONGEST_MESSAGE);
  return new ApiError({
    kind: 'refused',
    api: api.name,
    method,
    url,
    status,
    ...said,
    isOwnForm: Boolean(said.message),
    message: said.message || plain || `${api.name} answered ${status} to ${method} ${new URL(url).pathname}`,
  });
};

const isPage = (text: string): boolean =>
  text.trimStart().startsWith('<') || text.trimStart().startsWith('{');

const parsed = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
};

const readShort = async (stream: HttpStream): Promise<string> => {
  let text = '';
  try {
    for await (const chunk of stream.body) {
      text += chunk.toString();
      if (text.length > LONGEST_MESSAGE) break;
    }
  } catch {
    // What was read of the error is better than nothing.
  } finally {
    stream.close();
  }
  return text;
};
