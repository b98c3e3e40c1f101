import { type Api, send, sendForJson } from './call.ts';
import type { Connection } from './connection.ts';

/** Another cluster that a DC/OS cluster knows of, and how to log in there (cli.md 3.2). */
export interface ClusterLink {
  readonly id: string;
  readonly name: string;
  readonly url: string;
  readonly login_provider: { readonly id: string; readonly type: string };
}

/** The links that a cluster keeps. Every call throws ApiError. */
export interface LinksClient {
  list(): Promise<ClusterLink[]>;
  add(link: ClusterLink): Promise<void>;
  remove(id: string): Promise<void>;
}

const API: Api = {
  name: 'The cluster',
  readError: (body) => {
    const { description } = (body ?? {}) as { description?: unknown };
    return typeof description === 'string' ? { message: description } : {};
  },
};
const PATH = '/cluster/v1/links';

export const createLinksClient = (connection: Connection): LinksClient => ({
  list: async () =>
    (await sendForJson<{ links?: ClusterLink[] }>(API, connection, { path: PATH })).links ?? [],
  add: async (link) => {
    const headers = { 'Content-Type': 'application/json' };
    await send(API, connection, { method: 'POST', path: PATH, headers, body: JSON.stringify(link) });
  },
  remove: async (id) => {
    await send(API, connection, { method: 'DELETE', path: `${PATH}/${encodeURIComponent(id)}` });
  },
});
