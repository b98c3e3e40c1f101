import { type Api, send, sendForJson } from './call.ts';
import type { Connection } from './connection.ts';
import type { MarathonDeploymentResult, MarathonTask } from './marathon-types.ts';
import { type ChangeOptions, changeQuery, readMarathonError } from './marathon-wire.ts';

export interface MarathonPlugin {
  readonly id: string;
  readonly implementation: string;
  readonly plugin: string;
}

export interface KillTasksOptions extends Omit<ChangeOptions, 'force'> {
  /** The apps have so many fewer instances from then on. */
  readonly scale?: boolean;
  /** Takes the reservations and volumes of the killed ones away too. */
  readonly wipe?: boolean;
}

/** What of Marathon's API is about Marathon itself, and about single tasks (marathon.md 1.7, 1.12, 1.14). Throws ApiError. */
export interface MarathonAdminClient {
  getInfo(): Promise<object>;
  /** The text that it answers with, `pong`. */
  ping(): Promise<string>;
  getLeader(): Promise<{ readonly leader: string }>;
  /** Has the leader step down; the answer is what Marathon says. */
  deleteLeader(): Promise<{ readonly message: string }>;
  getPlugins(): Promise<MarathonPlugin[]>;
  /** What was killed, or the deployment that scales down. */
  deleteTasks(
    ids: readonly string[],
    options?: KillTasksOptions,
  ): Promise<{ readonly tasks?: readonly MarathonTask[] } & Partial<MarathonDeploymentResult>>;
}

const API: Api = { name: 'Marathon', readError: readMarathonError };

export const createMarathonAdminClient = (connection: Connection): MarathonAdminClient => ({
  getInfo: () => sendForJson(API, connection, { path: '/v2/info' }),
  ping: async () => (await send(API, connection, { path: '/ping' })).body.toString('utf8').trim(),
  getLeader: () => sendForJson(API, connection, { path: '/v2/leader' }),
  deleteLeader: () => sendForJson(API, connection, { method: 'DELETE', path: '/v2/leader' }),
  getPlugins: async () =>
    (await sendForJson<{ plugins: MarathonPlugin[] }>(API, connection, { path: '/v2/plugins' })).plugins,
  deleteTasks: (ids, { scale, wipe, ...options } = {}) =>
    sendForJson(API, connection, {
      method: 'POST',
      path: '/v2/tasks/delete',
      query: { scale: scale || undefined, wipe: wipe || undefined, ...changeQuery(options) },
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify({ ids }),
    }),
});
