import { HttpError } from '../../http/http-error.ts';
import { ServicePortsExhausted } from '../definitions/assign-service-ports.ts';
import { InvalidDocument, type Violation } from '../definitions/violation.ts';
import { AppLocked, NotPaused, TooManyDeployments, UnknownDeployment, UnsupportedApp } from '../engine.ts';

/** What is thrown while a request is answered, as the answer that Marathon gives (marathon.md 1.2). */
export const toHttpError = (error: unknown): unknown => {
  if (error instanceof InvalidDocument) return unprocessable(error);
  if (error instanceof UnsupportedApp) {
    const { path, message } = error;
    return apiError(422, 'Object is not valid', { details: detailsOf([{ path, message }]) });
  }
  if (error instanceof AppLocked) {
    return apiError(
      409,
      "App is locked by one or more deployments. Override with the option '?force=true'. View details at '/v2/deployments/<DEPLOYMENT_ID>'.",
      { deployments: error.deploymentIds.map((id) => ({ id })) },
    );
  }
  if (error instanceof TooManyDeployments) return apiError(403, error.message);
  if (error instanceof UnknownDeployment) return notFound(error.message);
  if (error instanceof NotPaused) return apiError(409, error.message);
  if (error instanceof ServicePortsExhausted) return apiError(500, error.message);
  return error;
};

/** An answer other than success, in Marathon's shape. */
export const apiError = (status: number, message: string, more: Record<string, unknown> = {}): HttpError =>
  new HttpError(status, message, { body: { message, ...more } });

/** Something that a path names does not exist. */
export const notFound = (message: string): HttpError => apiError(404, message, { details: [] });

const unprocessable = ({ kind, violations }: InvalidDocument): HttpError =>
  apiError(422, kind === 'malformed' ? 'Invalid JSON' : 'Object is not valid', {
    details: detailsOf(violations),
  });

/** Grouped by path, in the order in which the paths come first. */
const detailsOf = (violations: readonly Violation[]): { path: string; errors: string[] }[] => {
  const byPath = new Map<string, string[]>();
  for (const { path, message } of violations) {
    const errors = byPath.get(path);
    if (!errors) byPath.set(path, [message]);
    else if (!errors.includes(message)) errors.push(message);
  }
  return [...byPath].map(([path, errors]) => ({ path, errors }));
};
