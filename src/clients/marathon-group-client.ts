import { type Api, sendForJson } from './call.ts';
import type { Connection } from './connection.ts';
import type { MarathonApp, MarathonDeploymentResult } from './marathon-types.ts';
import { pathOfId, readMarathonError } from './marathon-wire.ts';

/** A group with what is in it; the root is `/`. Objects hold more fields than are named here, and are passed on whole. */
export interface MarathonGroup {
  readonly id: string;
  readonly version?: string;
  readonly enforceRole?: boolean;
  readonly apps?: readonly MarathonApp[];
  readonly pods?: readonly { readonly id: string }[];
  readonly groups?: readonly MarathonGroup[];
}

interface Force {
  readonly force?: boolean;
}

/** Marathon's groups (marathon.md 1.8). Ids may come with or without their first slash. Every call throws ApiError. */
export interface MarathonGroupClient {
  getGroup(id?: string): Promise<MarathonGroup>;
  getVersion(id: string, version: string): Promise<MarathonGroup>;
  /** Newest first. */
  getVersions(id: string): Promise<string[]>;
  createGroup(group: object): Promise<MarathonDeploymentResult>;
  updateGroup(id: string, change: object, options?: Force): Promise<MarathonDeploymentResult>;
  deleteGroup(id: string, options?: Force): Promise<MarathonDeploymentResult>;
}

const API: Api = { name: 'Marathon', readError: readMarathonError };
const HEADERS = { 'Content-Type': 'application/json' };

export const createMarathonGroupClient = (connection: Connection): MarathonGroupClient => {
  const group = (id = ''): string => (pathOfId(id) === '' ? '/v2/groups' : `/v2/groups/${pathOfId(id)}`);
  const change = <T extends object>(
    method: string,
    path: string,
    { force, body }: Force & { body?: object },
  ): Promise<T> =>
    sendForJson(API, connection, {
      method,
      path,
      query: { force: force || undefined },
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
    createGroup: (body) => change('POST', '/v2/groups', { body }),
    updateGroup: (id, body, { force } = {}) =>
      change('PUT', group(id), { body, ...(force ? { force } : {}) }),
    deleteGroup: (id, { force } = {}) => change('DELETE', group(id), force ? { force } : {}),
  };
};
