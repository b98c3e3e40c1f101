import type { ApiErrorDetail } from './api-error.ts';
import type { ErrorReader } from './call.ts';
import type { Query } from './connection.ts';

/** An id as part of a path: slashes at its ends are dropped, those within stay. */
export const pathOfId = (id: string): string =>
  id
    .replace(/^\/+|\/+$/g, '')
    .split('/')
    .map(encodeURIComponent)
    .join('/');

/** How a change is to be carried out. */
export interface ChangeOptions {
  /** Takes the change through although a deployment holds the app: that deployment is given up. */
  readonly force?: boolean | undefined;
  /** The deployment fails when it makes no progress for so long. Only Plenum's Marathon knows deadlines. */
  readonly deadlineSeconds?: number | undefined;
  /** What happens then; `rollback` undoes what it has changed. */
  readonly onDeadline?: string | undefined;
}

/** They as a query. */
export const changeQuery = ({ force, deadlineSeconds, onDeadline }: ChangeOptions): Query => ({
  force,
  deadlineSeconds,
  onDeadline,
});

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
