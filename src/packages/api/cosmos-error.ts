import { HttpError } from '../../http/http-error.ts';
import type { JsonObject } from '../../universe/json/json.ts';

/** The body of an error of this API (reference 2.15). */
export interface CosmosErrorBody {
  /** Its name, such as PackageNotFound. */
  readonly type: string;
  readonly message: string;
  readonly data?: JsonObject;
}

/** An error under its name in the reference; status 400 unless told otherwise. */
export const cosmosError = (
  type: string,
  message: string,
  { status = 400, data, cause }: { status?: number; data?: JsonObject; cause?: unknown } = {},
): HttpError => {
  const body: CosmosErrorBody = { type, message, ...(data === undefined ? {} : { data }) };
  return new HttpError(status, message, { body, ...(cause === undefined ? {} : { cause }) });
};

export const isCosmosErrorBody = (body: unknown): body is CosmosErrorBody =>
  typeof body === 'object' && body !== null && 'type' in body && 'message' in body;
