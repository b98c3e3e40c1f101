import { ApiError } from './api-error.ts';
import { type Api, send, sendForJson, sendForStream } from './call.ts';
import type { Connection } from './connection.ts';

/** A bundle of DC/OS's diagnostics API (cli.md 11). */
export interface DiagnosticsBundle {
  readonly id: string;
  /** Local ones are made by single nodes. */
  readonly type?: string;
  readonly status: string;
  readonly size: number;
  readonly started_at: string;
  readonly stopped_at?: string;
  readonly errors?: readonly string[] | null;
}

/** Everything about a cluster in one archive. Every call throws ApiError. */
export interface DiagnosticsClient {
  /** The id is a UUID of one's own. */
  create(
    id: string,
    scope: { readonly masters: boolean; readonly agents: boolean },
  ): Promise<DiagnosticsBundle>;
  list(): Promise<DiagnosticsBundle[]>;
  get(id: string): Promise<DiagnosticsBundle>;
  /** False when it was deleted before. */
  delete(id: string): Promise<boolean>;
  /** The archive, piece by piece. */
  download(id: string): Promise<AsyncIterable<Buffer>>;
}

const API: Api = {
  name: 'The diagnostics of the cluster',
  readError: (body) => {
    const { message } = (body ?? {}) as { message?: unknown };
    return typeof message === 'string' ? { message } : {};
  },
};
const BASE = '/system/health/v1/diagnostics';
const NOT_MODIFIED = 304;

export const createDiagnosticsClient = (connection: Connection): DiagnosticsClient => {
  const at = (id: string): string => `${BASE}/${encodeURIComponent(id)}`;
  return {
    create: (id, scope) =>
      sendForJson(API, connection, {
        method: 'PUT',
        path: at(id),
        headers: { 'Content-Type': 'application/json' },
        body: JSON.stringify(scope),
      }),
    list: () => sendForJson(API, connection, { path: BASE }),
    get: (id) => sendForJson(API, connection, { path: at(id) }),
    delete: async (id) => {
      try {
        await send(API, connection, { method: 'DELETE', path: at(id) });
        return true;
      } catch (error) {
        if (error instanceof ApiError && error.status === NOT_MODIFIED) return false;
        throw error;
      }
    },
    download: async (id) => (await sendForStream(API, connection, { path: `${at(id)}/file` })).body,
  };
};
