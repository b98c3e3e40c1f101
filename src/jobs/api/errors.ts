import { HttpError } from '../../http/http-error.ts';
import { sendJson } from '../../http/respond.ts';
import type { ErrorRenderer } from '../../http/server.ts';
import { Refusal } from '../core/refusal.ts';
import { InvalidJob } from '../definitions/violation.ts';

/** What is thrown while a request is answered, as Metronome answers it: JSON with a message, and what is wrong where. */
export const toHttpError = (error: unknown): unknown => {
  if (error instanceof Refusal) {
    return new HttpError(error.status, error.message, { body: { message: error.message } });
  }
  if (!(error instanceof InvalidJob)) return error;
  const byPath = new Map<string, string[]>();
  for (const { path, message } of error.violations) byPath.set(path, [...(byPath.get(path) ?? []), message]);
  const details = [...byPath].map(([path, errors]) => ({ path, errors }));
  return new HttpError(422, 'Object is not valid', { body: { message: 'Object is not valid', details } });
};

export const renderJobsError: ErrorRenderer = (error, _request, response) =>
  sendJson(response, error.status, error.body ?? { message: error.message }, error.headers);
