import { ApiError } from '../../clients/api-error.ts';
import { HttpError } from '../../http/http-error.ts';
import type { Handler } from '../../http/router.ts';

/**
 * Lets who asks an agent through the gateway hear what the agent says: 403 and 404 as they are; that it does not answer, or with
 * something else, as 502.
 */
export const passingRefusals =
  (handler: Handler): Handler =>
  async (exchange) => {
    try {
      await handler(exchange);
    } catch (error) {
      throw error instanceof ApiError ? refusalOf(error) : error;
    }
  };

const refusalOf = (error: ApiError): HttpError => {
  if (error.status === 404) return new HttpError(404, 'The agent has no such file', { cause: error });
  if (error.status === 403) {
    return new HttpError(403, 'The agent does not let you read that (--acls)', { cause: error });
  }
  return new HttpError(502, `The agent cannot be asked: ${error.message}`, { cause: error });
};
