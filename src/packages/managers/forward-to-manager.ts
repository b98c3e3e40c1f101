import { type HttpResponse, request } from '../../http/client.ts';
import { errorMessage } from '../../runtime/error-message.ts';
import { isJsonObject, type JsonObject } from '../../universe/json/json.ts';
import { parseJson } from '../../universe/json/parse-json.ts';
import { stringifyJson } from '../../universe/json/stringify-json.ts';
import { cosmosError } from '../api/cosmos-error.ts';
import type { CosmosRequest } from '../api/endpoint.ts';
import type { PackageServices } from '../package-services.ts';
import { locateManager } from './locate-manager.ts';
import { managerNotFound } from './manager-not-found.ts';

/** What a manager says is repeated up to this length. */
const LONGEST_CONTENT_CHARACTERS = 10_000;
const LONGEST_ANSWER_MS = 60_000;

export interface ManagerCall {
  /** The manager's app. */
  readonly managerId: string;
  /** Such as /package/install. */
  readonly path: string;
  /** Fields that the manager has to know, laid over those of the request. */
  readonly filledIn?: JsonObject;
}

/**
 * Has a custom package manager answer a request, in the same format (reference 2.12): the body without `managerId`, the
 * caller's authorization and what proxies have said of the caller. Throws the API's errors.
 */
export const forwardToManager = async (
  { clients }: Pick<PackageServices, 'clients'>,
  { fields, requestType, responseType, authorization, forwarded }: CosmosRequest,
  { managerId, path, filledIn = {} }: ManagerCall,
): Promise<JsonObject> => {
  const url = await locateManager(clients.marathon(authorization), managerId);
  const { managerId: _managerId, ...body } = { ...fields.body, ...filledIn };
  const send = request({
    url: `${url}${path}`,
    method: 'POST',
    headers: {
      ...forwarded,
      'Content-Type': requestType,
      Accept: responseType,
      ...(authorization === undefined ? {} : { Authorization: authorization }),
    },
    body: stringifyJson(body),
    timeoutMs: LONGEST_ANSWER_MS,
  });
  const response = await send.catch((error: unknown) => {
    const message = `Service [${managerId}] is unavailable: ${errorMessage(error)}`;
    throw cosmosError('ServiceUnavailable', message, {
      status: 503,
      data: { serviceName: managerId, status: 503 },
      cause: error,
    });
  });
  return answerOf(response, managerId);
};

const answerOf = ({ status, body }: HttpResponse, managerId: string): JsonObject => {
  const text = body.toString('utf8');
  if (status === 404) throw managerNotFound(managerId);
  if (status === 409) {
    throw cosmosError('ServiceAlreadyStarted', 'The service has already been started', { status });
  }
  const answer = status >= 200 && status < 300 ? parsed(text) : undefined;
  if (isJsonObject(answer)) return answer;
  const responseContent = text.slice(0, LONGEST_CONTENT_CHARACTERS);
  throw cosmosError(
    'CustomPackageManagerError',
    `The package manager [${managerId}] answered ${status}: ${responseContent}`,
    { data: { managerId, statusCode: status, responseContent } },
  );
};

const parsed = (text: string): unknown => {
  try {
    return parseJson(text);
  } catch {
    return undefined;
  }
};
