import type { ApiErrorDetail } from './api-error.ts';
import type { ErrorReader } from './call.ts';

/** An id as part of a path: slashes at its ends are dropped, those within stay. */
export const pathOfId = (id: string): string =>
  id
    .replace(/^\/+|\/+$/g, '')
    .split('/')
    .map(encodeURIComponent)
    .join('/');

/** The errors of Marathon (marathon.md 1.2): a message, details by path, or the deployments that hold a lock. */
export const readMarathonError: ErrorReader = (body) => {
  if (typeof body !== 'object' || body === null) return {};
  const { message, details, deployments } = body as Readonly<Record<string, unknown>>;
  return {
    message: typeof details === 'string' ? `${message}: ${details}` : String(message ?? ''),
    details: Array.isArray(details) ? details.flatMap(readDetail) : [],
    deploymentIds: Array.isArray(deployments) ? deployments.flatMap(readId) : [],
  };
};

const readDetail = (detail: unknown): ApiErrorDetail[] => {
  const { path, errors } = (detail ?? {}) as { path?: unknown; errors?: unknown };
  const messages = Array.isArray(errors) ? errors.map(String) : [];
  return messages.map((message) => ({ path: typeof path === 'string' ? path : '/', message }));
};

const readId = (deployment: unknown): string[] => {
  const { id } = (deployment ?? {}) as { id?: unknown };
  return typeof id === 'string' ? [id] : [];
};
