import type { IncomingMessage } from 'node:http';
import { readBody } from '../../http/body.ts';
import type { HttpError } from '../../http/http-error.ts';
import { send } from '../../http/respond.ts';
import type { Handler } from '../../http/router.ts';
import { type Json, type JsonObject, withoutNulls } from '../../universe/json/json.ts';
import { parseJson } from '../../universe/json/parse-json.ts';
import { stringifyJson } from '../../universe/json/stringify-json.ts';
import { type CosmosErrorBody, cosmosError, isCosmosErrorBody } from './cosmos-error.ts';
import { isOfType, negotiate, parseMediaType } from './media-type.ts';
import { RequestFields } from './request-fields.ts';

/** Options of a package are a few kilobytes. */
const BODY_LIMIT_BYTES = 4 * 1024 * 1024;

/** What an endpoint is asked. */
export interface CosmosRequest {
  readonly fields: RequestFields;
  /** The media type of the endpoint's requests. */
  readonly requestType: string;
  /** The media type that is answered with. */
  readonly responseType: string;
  /** The caller's Authorization header, for what is asked of other servers in their name. */
  readonly authorization: string | undefined;
  /** Scheme and host by which the caller reached us. */
  readonly origin: string;
  /** The X-Forwarded-* headers. */
  readonly forwarded: Readonly<Record<string, string>>;
}

export interface Endpoint {
  readonly requestType: string;
  /** What can be answered with. */
  readonly responseTypes: readonly string[];
  /** Gives the answer's body; entries whose value is null are left out of it. */
  readonly answer: (request: CosmosRequest) => JsonObject | Promise<JsonObject>;
  /** Whether a body of `null`, or none, counts as an empty object. */
  readonly mayBeEmpty?: boolean;
}

/** Serves an endpoint by the transport rules of the reference (2.1). */
export const serve =
  (endpoint: Endpoint): Handler =>
  async ({ request, response }) => {
    const responseType = checkTypes(request, endpoint);
    const fields = new RequestFields(await readFields(request, endpoint));
    const answer = await endpoint.answer({
      fields,
      requestType: endpoint.requestType,
      responseType,
      authorization: request.headers.authorization,
      origin: originOf(request),
      forwarded: forwardedOf(request),
    });
    send(response, 200, stringifyJson(withoutNulls(answer)), { 'Content-Type': responseType });
  };

/** All problems of the headers at once, as the original tells them. */
const checkTypes = (request: IncomingMessage, { requestType, responseTypes }: Endpoint): string => {
  const errors = [contentTypeError(request.headers['content-type'], requestType)];
  const { accept } = request.headers;
  const chosen = accept === undefined ? undefined : negotiate(accept, responseTypes);
  if (accept === undefined) errors.push(missingHeader('Accept', responseTypes));
  else if (chosen === undefined) errors.push(badHeader('Accept', accept, responseTypes));
  const [first, ...others] = errors.flatMap((error) => error ?? []);
  if (first !== undefined && others.length > 0) {
    const bodies = [first, ...others].map(({ body }) => body).filter(isCosmosErrorBody);
    throw cosmosError('multiple_errors', 'Multiple errors while processing request', {
      data: { errors: bodies.map(asJson) },
    });
  }
  if (first !== undefined) throw first;
  return chosen ?? '';
};

const contentTypeError = (contentType: string | undefined, wanted: string): HttpError | undefined => {
  if (contentType === undefined) return missingHeader('Content-Type', [wanted]);
  const given = parseMediaType(contentType);
  return given && isOfType(given, wanted) ? undefined : badHeader('Content-Type', contentType, [wanted]);
};

const missingHeader = (name: string, wanted: readonly string[]): HttpError =>
  cosmosError('not_present', `Required header '${name}' is not present: send ${wanted.join(' or ')}`);

const badHeader = (name: string, given: string, wanted: readonly string[]): HttpError =>
  cosmosError(
    'not_valid',
    `Header '${name}' is ${given.slice(0, 200)}, but should be ${wanted.join(' or ')}`,
  );

const asJson = ({ type, message, data }: CosmosErrorBody): JsonObject => ({
  type,
  message,
  ...(data === undefined ? {} : { data }),
});

const readFields = async (request: IncomingMessage, { mayBeEmpty = false }: Endpoint): Promise<Json> => {
  const text = (await readBody(request, BODY_LIMIT_BYTES)).toString('utf8');
  if (text.trim() === '') {
    if (mayBeEmpty) return {};
    throw cosmosError('not_present', 'The request has no body');
  }
  try {
    const body = parseJson(text);
    return body === null && mayBeEmpty ? {} : body;
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw cosmosError('json_error', `The body is no valid JSON: ${reason}`, {
      data: { type: 'parse', reason },
    });
  }
};

const originOf = (request: IncomingMessage): string => {
  const scheme = [request.headers['x-forwarded-proto'] ?? 'http'].flat()[0] ?? 'http';
  if (scheme !== 'http' && scheme !== 'https') {
    throw cosmosError(
      'not_valid',
      `X-Forwarded-Proto is ${scheme.slice(0, 40)}, but should be http or https`,
    );
  }
  const { host } = request.headers;
  if (host === undefined) throw cosmosError('not_present', "Required header 'Host' is not present");
  return `${scheme}://${host}`;
};

const forwardedOf = ({ headers }: IncomingMessage): Readonly<Record<string, string>> =>
  Object.fromEntries(
    Object.entries(headers).flatMap(([name, value]) =>
      name.startsWith('x-forwarded-') && value !== undefined ? [[name, [value].flat().join(', ')]] : [],
    ),
  );

/** Makes an error of this API of whatever else was thrown. */
export const errorBodyOf = (error: HttpError): CosmosErrorBody => {
  if (isCosmosErrorBody(error.body)) return error.body;
  return { type: error.status >= 500 ? 'unhandled_exception' : 'not_valid', message: error.message };
};
