import { type Api, sendForJson } from './call.ts';
import type { Connection } from './connection.ts';
import type { MarathonApp, MarathonDeploymentResult, MarathonPreview } from './marathon-types.ts';
import { type ChangeOptions, changeQuery, pathOfId, readMarathonError } from './marathon-wire.ts';

/** A group with what is in it; the root is `/`. Objects hold more fields than are named here, and are passed on whole. */
export interface MarathonGroup {
  readonly id: string;
  readonly version?: string;
  readonly dependencies?: readonly string[];
  readonly enforceRole?: boolean;
  readonly apps?: readonly MarathonApp[];
  readonly pods?: readonly { readonly id: string }[];
  readonly groups?: readonly MarathonGroup[];
}

/** Marathon's groups (marathon.md 1.8). Ids may come with or without their first slash. Every call throws ApiError. */
export interface MarathonGroupClient {
  getGroup(id?: string): Promise<MarathonGroup>;
  getVersion(id: string, version: string): Promise<MarathonGroup>;
  /** Newest first. */
  getVersions(id: string): Promise<string[]>;
  createGroup(group: object, options?: ChangeOptions): Promise<MarathonDeploymentResult>;
  updateGroup(id: string, change: object, options?: ChangeOptions): Promise<MarathonDeploymentResult>;
  deleteGroup(id: string, options?: ChangeOptions): Promise<MarathonDeploymentResult>;
  /** What a change would do. Only Plenum's Marathon has dry runs: others carry the change out. */
  readonly dryRun: {
    createGroup(group: object): Promise<MarathonPreview>;
    updateGroup(id: string, change: object): Promise<MarathonPreview>;
    deleteGroup(id: string): Promise<MarathonPreview>;
  };
}

const API: Api = { name: 'Marathon', readError: readMarathonError };
const HEADERS = { 'Content-Type': 'application/json' };

export const createMarathonGroupClient = (connection: Connection): MarathonGroupClient => {
  const group = (id = ''): string => (pathOfId(id) === '' ? '/v2/groups' : `/v2/groups/${pathOfId(id)}`);
  const change = <T extends object>(
    method: string,
    path: string,
    { body, dryRun, ...options }: ChangeOptions & { body?: object; dryRun?: boolean },
  ): Promise<T> =>
    sendForJson(API, connection, {
      method,
      path,
      query: { ...changeQuery({ ...options, force: options.force || undefined }), dryRun },
      ...(body === undefined ? {} : { headers: HEADERS, body: JSON.stringify(body) }),
    });
  return {
    getGroup: (id) => sendForJson(API, connection, { path: group(id) }),
    getVersion: (id, version) =>
      sendForJson(API, connection, { path: `${group(id)}/versions/${encodeURIComponent(version)}` }),
    getVersions: async (id) => {
      const versions = await sendForJson<string[]>(API, connection, { path: `${group(id)}/versions` });
      return versions.sort().reverse();
    },
    createGroup: (body, options) => change('POST', '/v2/groups', { ...options, body }),
    updateGroup: (id, body, options) => change('PUT', group(id), { ...options, body }),
    deleteGroup: (id, options) => change('DELETE', group(id), { ...options }),
    dryRun: {
      createGroup: (body) => change('POST', '/v2/groups', { body, dryRun: true }),
      updateGroup: (id, body) => change('PUT', group(id), { body, dryRun: true }),
      deleteGroup: (id) => change('DELETE', group(id), { dryRun: true }),
    },
  };
};
