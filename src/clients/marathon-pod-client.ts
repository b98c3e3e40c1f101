import { ApiError } from './api-error.ts';
import { type Api, send, sendForJson } from './call.ts';
import type { Connection, Query } from './connection.ts';
import type { MarathonPod, MarathonPodStatus, MarathonPreview } from './marathon-types.ts';
import { type ChangeOptions, changeQuery, pathOfId, readMarathonError } from './marathon-wire.ts';

/** What a change of a pod is answered with. */
export interface MarathonPodChange {
  readonly deploymentId: string;
  readonly pod: MarathonPod;
}

/** Marathon's pods (marathon.md 1.10). Ids may come with or without their first slash. Every call throws ApiError. */
export interface MarathonPodClient {
  /** Whether this Marathon has pods at all: before 1.4 there were none. */
  isSupported(): Promise<boolean>;
  getStatuses(): Promise<MarathonPodStatus[]>;
  getStatus(id: string): Promise<MarathonPodStatus>;
  createPod(pod: object, options?: ChangeOptions): Promise<MarathonPodChange>;
  /** The whole pod takes the place of what there is. */
  replacePod(id: string, pod: object, options?: ChangeOptions): Promise<MarathonPodChange>;
  deletePod(id: string, options?: ChangeOptions): Promise<Pick<MarathonPodChange, 'deploymentId'>>;
  /** Kills instances, which Marathon then replaces; with wipe also their volumes go. The answer is what was killed. */
  killInstances(
    id: string,
    instanceIds: readonly string[],
    options?: { readonly wipe?: boolean },
  ): Promise<readonly { readonly instanceId: string }[]>;
  /** What a change would do. Only Plenum's Marathon has dry runs: others carry the change out. */
  readonly dryRun: {
    createPod(pod: object): Promise<MarathonPreview>;
    replacePod(id: string, pod: object): Promise<MarathonPreview>;
    deletePod(id: string): Promise<MarathonPreview>;
  };
}

const API: Api = { name: 'Marathon', readError: readMarathonError };
const ALL = '/v2/pods';
const DRY_RUN = { dryRun: true };

export const createMarathonPodClient = (connection: Connection): MarathonPodClient => {
  const one = (id: string): string => `${ALL}/${pathOfId(id)}`;
  const call = (method: string, path: string, query: Query, body?: object) => ({
    method,
    path,
    query,
    ...(body === undefined
      ? {}
      : { headers: { 'Content-Type': 'application/json' }, body: JSON.stringify(body) }),
  });
  const ask = <T extends object>(method: string, path: string, query: Query, body?: object): Promise<T> =>
    sendForJson(API, connection, call(method, path, query, body));
  /** The deployment stands in a header alone, the body is the pod's. */
  const change = async (...request: Parameters<typeof call>): Promise<MarathonPodChange> => {
    const { headers, body } = await send(API, connection, call(...request));
    const text = body.toString('utf8');
    const pod: MarathonPod = text === '' ? { id: '' } : JSON.parse(text);
    return { deploymentId: String(headers['marathon-deployment-id'] ?? ''), pod };
  };
  return {
    isSupported: async () => {
      try {
        await send(API, connection, { method: 'HEAD', path: ALL });
        return true;
      } catch (error) {
        const isRefused = error instanceof ApiError && (error.status === 404 || error.status === 405);
        if (isRefused) return false;
        throw error;
      }
    },
    getStatuses: () => sendForJson(API, connection, { path: `${ALL}/::status` }),
    getStatus: (id) => sendForJson(API, connection, { path: `${one(id)}::status` }),
    createPod: (pod, options = {}) => change('POST', ALL, forcedQuery(options), pod),
    replacePod: (id, pod, options = {}) => change('PUT', one(id), forcedQuery(options), pod),
    deletePod: (id, options = {}) => change('DELETE', one(id), forcedQuery(options)),
    killInstances: (id, instanceIds, { wipe } = {}) =>
      ask('DELETE', `${one(id)}::instances`, { wipe: wipe || undefined }, instanceIds),
    dryRun: {
      createPod: (pod) => ask('POST', ALL, DRY_RUN, pod),
      replacePod: (id, pod) => ask('PUT', one(id), DRY_RUN, pod),
      deletePod: (id) => ask('DELETE', one(id), DRY_RUN),
    },
  };
};

/** Force is said only when it is meant. */
const forcedQuery = ({ force, ...options }: ChangeOptions): Query =>
  changeQuery({ ...options, force: force || undefined });
