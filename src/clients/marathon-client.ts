import { type Api, send, sendForJson, sendForStream } from './call.ts';
import type { Connection } from './connection.ts';
import type {
  MarathonApp,
  MarathonDeployment,
  MarathonDeploymentResult,
  MarathonEndedDeployment,
  MarathonEvent,
  MarathonPreview,
  MarathonQueueItem,
  MarathonTask,
} from './marathon-types.ts';
import { type ChangeOptions, changeQuery, pathOfId, readMarathonError } from './marathon-wire.ts';
import { readServerSentEvents } from './server-sent-events.ts';

export interface AppQuery {
  readonly cmd?: string;
  /** Part of an id. */
  readonly id?: string;
  /** A label selector, such as `tier==web`. */
  readonly label?: string;
  readonly embed?: readonly string[];
}

export interface KillOptions {
  /** Only tasks on this agent's host. */
  readonly host?: string;
  /** Takes the reservations and volumes of the killed ones away too. */
  readonly wipe?: boolean;
}

/** The changes of apps, and the undoing of deployments, that can be looked at beforehand. */
export interface MarathonDryRun {
  createApp(app: object): Promise<MarathonPreview>;
  updateApp(id: string, change: object, options?: { readonly isWhole?: boolean }): Promise<MarathonPreview>;
  deleteApp(id: string): Promise<MarathonPreview>;
  restartApp(id: string): Promise<MarathonPreview>;
  rollbackDeployment(id: string): Promise<MarathonPreview>;
}

/** Marathon's API (marathon.md 1). Ids may come with or without their first slash. Every call throws ApiError. */
export interface MarathonClient {
  getApps(query?: AppQuery): Promise<MarathonApp[]>;
  getApp(id: string, query?: Pick<AppQuery, 'embed'>): Promise<MarathonApp>;
  /** The answer is the app with its deployment. */
  createApp(app: object, options?: ChangeOptions): Promise<MarathonApp>;
  /** Fields that are given replace those of the app, all others stay, unless the change is the whole app. */
  updateApp(
    id: string,
    change: object,
    options?: ChangeOptions & { readonly isWhole?: boolean },
  ): Promise<MarathonDeploymentResult>;
  /** What a change would do. Only Plenum's Marathon has dry runs: others carry the change out. */
  readonly dryRun: MarathonDryRun;
  deleteApp(id: string, options?: ChangeOptions): Promise<MarathonDeploymentResult>;
  restartApp(id: string, options?: ChangeOptions): Promise<MarathonDeploymentResult>;
  /** Newest first. */
  getVersions(id: string): Promise<string[]>;
  getVersion(id: string, version: string): Promise<MarathonApp>;
  /** Kills the app's tasks, which Marathon then replaces; the answer is what was killed. */
  killTasks(id: string, options?: KillOptions): Promise<MarathonTask[]>;
  /** Kills the app's tasks and has so many fewer instances from then on. */
  killTasksAndScale(
    id: string,
    options?: Pick<KillOptions, 'host'> & ChangeOptions,
  ): Promise<MarathonDeploymentResult>;
  getTasks(status?: 'running' | 'staging'): Promise<MarathonTask[]>;
  getDeployments(): Promise<MarathonDeployment[]>;
  /** The latest that ended, newest first; by Plenum's Marathon alone. */
  getEndedDeployments(): Promise<MarathonEndedDeployment[]>;
  /**
   * With the reasons why it waits, or how it ended. Marathon itself has no such call: ApiError with status 404 or 405.
   */
  getDeployment(id: string): Promise<MarathonDeployment | MarathonEndedDeployment>;
  /** Starts a deployment that undoes what this one changed. */
  rollbackDeployment(id: string, options?: ChangeOptions): Promise<MarathonDeploymentResult>;
  /**
   * Ends the pauses of a canary or blue-green upgrade: the present ones, or with `all` the later ones too. Without `force` it
   * is refused when the new instances are not healthy. Only Plenum's Marathon has such.
   */
  continueDeployment(
    id: string,
    options?: { readonly all?: boolean; readonly force?: boolean },
  ): Promise<{ readonly deploymentId: string; readonly continued: readonly string[] }>;
  /** Ends a deployment as it stands. */
  stopDeployment(id: string): Promise<void>;
  getQueue(options?: { readonly withUnusedOffers?: boolean }): Promise<MarathonQueueItem[]>;
  resetDelay(id: string): Promise<void>;
  /** Ends when Marathon or the connection's signal ends it. */
  events(types?: readonly string[]): AsyncGenerator<MarathonEvent>;
}

const API: Api = { name: 'Marathon', readError: readMarathonError };
const DRY_RUN = { dryRun: true };
const JSON_BODY = { 'Content-Type': 'application/json' };

export const createMarathonClient = (connection: Connection): MarathonClient => {
  const ask = <T extends object>(path: string, query = {}): Promise<T> =>
    sendForJson(API, connection, { path, query });
  const change = <T extends object>(method: string, path: string, query: object, body?: object): Promise<T> =>
    sendForJson(API, connection, {
      method,
      path,
      query: { ...query },
      ...(body === undefined ? {} : { headers: JSON_BODY, body: JSON.stringify(body) }),
    });
  const app = (id: string): string => `/v2/apps/${pathOfId(id)}`;

  return {
    getApps: async (query) => (await ask<{ apps: MarathonApp[] }>('/v2/apps', query)).apps,
    getApp: async (id, query) => (await ask<{ app: MarathonApp }>(app(id), query)).app,
    createApp: (definition, options = {}) => change('POST', '/v2/apps', changeQuery(options), definition),
    updateApp: (id, fields, { isWhole, ...options } = {}) =>
      change(
        'PUT',
        app(id),
        { ...changeQuery(options), ...(isWhole ? { partialUpdate: false } : {}) },
        fields,
      ),
    dryRun: {
      createApp: (definition) => change('POST', '/v2/apps', DRY_RUN, definition),
      updateApp: (id, fields, { isWhole } = {}) =>
        change('PUT', app(id), { ...DRY_RUN, ...(isWhole ? { partialUpdate: false } : {}) }, fields),
      deleteApp: (id) => change('DELETE', app(id), DRY_RUN),
      restartApp: (id) => change('POST', `${app(id)}/restart`, DRY_RUN, {}),
      rollbackDeployment: (id) => change('DELETE', deployment(id), DRY_RUN),
    },
    deleteApp: (id, { force = false, ...options } = {}) =>
      change('DELETE', app(id), changeQuery({ force, ...options })),
    restartApp: (id, options = {}) => change('POST', `${app(id)}/restart`, changeQuery(options), {}),
    getVersions: async (id) => {
      const { versions } = await ask<{ versions: string[] }>(`${app(id)}/versions`);
      return versions.sort().reverse();
    },
    getVersion: (id, version) => ask(`${app(id)}/versions/${encodeURIComponent(version)}`),
    killTasks: async (id, options) =>
      (await change<{ tasks: MarathonTask[] }>('DELETE', `${app(id)}/tasks`, { ...options })).tasks,
    killTasksAndScale: (id, { host, ...options } = {}) =>
      change('DELETE', `${app(id)}/tasks`, { host, ...changeQuery(options), scale: true }),
    getTasks: async (status) => (await ask<{ tasks: MarathonTask[] }>('/v2/tasks', { status })).tasks,
    getDeployments: () => ask('/v2/deployments'),
    getEndedDeployments: () => ask('/v2/deployments', { ended: true }),
    getDeployment: (id) => ask(deployment(id)),
    rollbackDeployment: (id, options = {}) => change('DELETE', deployment(id), changeQuery(options)),
    continueDeployment: (id, { all, force } = {}) =>
      change('POST', `${deployment(id)}/continue`, { all: all || undefined, force: force || undefined }, {}),
    stopDeployment: async (id) => {
      await send(API, connection, { method: 'DELETE', path: deployment(id), query: { force: true } });
    },
    getQueue: async ({ withUnusedOffers = false } = {}) => {
      const embed = withUnusedOffers ? 'lastUnusedOffers' : undefined;
      return (await ask<{ queue: MarathonQueueItem[] }>('/v2/queue', { embed })).queue;
    },
    resetDelay: async (id) => {
      await send(API, connection, { method: 'DELETE', path: `/v2/queue/${pathOfId(id)}/delay` });
    },
    events: (types) => readEvents(connection, types),
  };
};

const deployment = (id: string): string => `/v2/deployments/${encodeURIComponent(id)}`;

async function* readEvents(
  connection: Connection,
  types: readonly string[] | undefined,
): AsyncGenerator<MarathonEvent> {
  const stream = await sendForStream(API, connection, {
    path: '/v2/events',
    query: { event_type: types, 'plan-format': 'light' },
    headers: { Accept: 'text/event-stream' },
  });
  try {
    for await (const { type, data } of readServerSentEvents(stream.body)) {
      yield { eventType: type, ...(JSON.parse(data) as object) };
    }
  } finally {
    stream.close();
  }
}
