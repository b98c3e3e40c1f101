import type { HttpError } from '../../http/http-error.ts';
import { entryOf, isJsonObject, type Json, type JsonObject } from '../../universe/json/json.ts';
import { cosmosError } from './cosmos-error.ts';

/**
 * The fields of a request's body, read by name and type. A field that is null counts as missing; unknown fields are
 * ignored. Everything that does not fit throws the API's json_error.
 */
export class RequestFields {
  readonly #body: JsonObject;

  /** All of them, for whom a request is passed on to. */
  get body(): JsonObject {
    return this.#body;
  }

  constructor(body: Json) {
    if (!isJsonObject(body)) throw decodeError('the body must be an object', '');
    this.#body = body;
  }

  text(name: string): string {
    return this.optionalText(name) ?? this.#missing(name);
  }

  optionalText(name: string): string | undefined {
    const value = this.#value(name);
    if (value === undefined || typeof value === 'string') return value;
    throw decodeError(`${name} must be a string`, name);
  }

  flag(name: string): boolean {
    return this.optionalFlag(name) ?? this.#missing(name);
  }

  optionalFlag(name: string): boolean | undefined {
    const value = this.#value(name);
    if (value === undefined || typeof value === 'boolean') return value;
    throw decodeError(`${name} must be true or false`, name);
  }

  optionalInteger(name: string): number | undefined {
    const value = this.#value(name);
    if (value === undefined || (typeof value === 'number' && Number.isInteger(value))) return value;
    throw decodeError(`${name} must be a whole number`, name);
  }

  optionalObject(name: string): JsonObject | undefined {
    const value = this.#value(name);
    if (value === undefined || isJsonObject(value)) return value;
    throw decodeError(`${name} must be an object`, name);
  }

  #value(name: string): Json | undefined {
    return entryOf(this.#body, name) ?? undefined;
  }

  #missing(name: string): never {
    throw decodeError(`${name} is required`, name);
  }
}

const decodeError = (reason: string, path: string): HttpError =>
  cosmosError('json_error', `The request cannot be read: ${reason}`, {
    data: { type: 'decode', reason, ...(path === '' ? {} : { path: `.${path}` }) },
  });
