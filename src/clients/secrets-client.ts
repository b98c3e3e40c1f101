import { type Api, send, sendForJson } from './call.ts';
import type { Connection } from './connection.ts';
import { readMarathonError } from './marathon-wire.ts';

/** The secrets of apps, as DC/OS serves them. Every call throws ApiError. */
export interface SecretsClient {
  /** Paths of all below one, or of all. */
  list(below?: string): Promise<string[]>;
  get(path: string): Promise<string>;
  create(path: string, value: string): Promise<void>;
  update(path: string, value: string): Promise<void>;
  remove(path: string): Promise<void>;
}

const SECRETS: Api = { name: 'The store of secrets', readError: readMarathonError };

export const createSecretsClient = (connection: Connection): SecretsClient => {
  const pathOf = (path: string): string =>
    `/secret/default/${path.replace(/^\/+/, '').split('/').map(encodeURIComponent).join('/')}`;
  const write = async (method: string, path: string, value: string): Promise<void> => {
    await send(SECRETS, connection, {
      method,
      path: pathOf(path),
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify({ value }),
      isSecret: true,
    });
  };
  return {
    list: async (below = '') => {
      const path = pathOf(below).replace(/\/$/, '');
      const query = { list: 'true' };
      return (await sendForJson<{ array?: string[] }>(SECRETS, connection, { path, query })).array ?? [];
    },
    get: async (path) =>
      (await sendForJson<{ value: string }>(SECRETS, connection, { path: pathOf(path) })).value,
    create: (path, value) => write('PUT', path, value),
    update: (path, value) => write('PATCH', path, value),
    remove: async (path) => {
      await send(SECRETS, connection, { method: 'DELETE', path: pathOf(path) });
    },
  };
};
