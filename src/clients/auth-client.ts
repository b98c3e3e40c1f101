import { request } from '../http/client.ts';
import { ApiError } from './api-error.ts';
import { type Api, sendForJson } from './call.ts';
import { type Connection, urlOf } from './connection.ts';

/** A way to log in (cli.md 13.6). */
export interface LoginProvider {
  readonly 'authentication-type': string;
  readonly 'client-method': string;
  readonly config?: { readonly start_flow_url?: string };
  readonly description?: string;
}

/** What a cluster wants of those who have no token. */
export type LoginDemand =
  /** Nobody needs to log in. */
  | { readonly type: 'none' }
  /** The scheme of its challenge, such as acsjwt. */
  | { readonly type: 'login'; readonly challenge: string };

/** A DC/OS cluster's logins. Every call throws ApiError. */
export interface AuthClient {
  /** Asked without a token. */
  getDemand(): Promise<LoginDemand>;
  /** By id; a cluster that has no list has the provider that its challenge means. */
  getProviders(challenge: string): Promise<Readonly<Record<string, LoginProvider>>>;
  /** With `{uid, password}`, `{uid, token}` or `{token}`; gives a token of the cluster. */
  logIn(path: string, credentials: Readonly<Record<string, string>>): Promise<string>;
  /** Whether the cluster knows whose token this is. */
  isTokenGood(token: string): Promise<boolean>;
  /** Where a browser finds a page of the cluster. */
  pageUrl(path: string): string;
}

const API: Api = {
  name: 'The cluster',
  readError: (body) => {
    const { description, message } = (body ?? {}) as { description?: unknown; message?: unknown };
    const text = description ?? message;
    return typeof text === 'string' ? { message: text } : {};
  },
};
const PROBE = '/pkgpanda/active.buildinfo.full.json';

/** What the schemes of challenges stand for where a cluster lists no providers. */
const KNOWN_PROVIDERS: Readonly<Record<string, readonly [id: string, provider: LoginProvider]>> = {
  acsjwt: [
    'dcos-users',
    {
      'authentication-type': 'dcos-uid-password',
      'client-method': 'dcos-usercredential-post-receive-authtoken',
      config: { start_flow_url: '/acs/api/v1/auth/login' },
      description: 'Log in with a user name and a password',
    },
  ],
  oauthjwt: [
    'dcos-oidc-auth0',
    {
      'authentication-type': 'oidc-implicit-flow',
      'client-method': 'browser-prompt-oidcidtoken-get-authtoken',
      config: { start_flow_url: '/login?redirect_uri=urn:ietf:wg:oauth:2.0:oob' },
      description: 'Log in with Google, GitHub or Microsoft',
    },
  ],
};

export const createAuthClient = (connection: Connection): AuthClient => {
  const { token: _none, ...anonymous } = connection;
  const probe = (headers: Readonly<Record<string, string>> = {}) =>
    request({
      method: 'HEAD',
      url: urlOf(anonymous, PROBE),
      headers,
      ...(anonymous.tls ? { tls: anonymous.tls } : {}),
      ...(anonymous.signal ? { signal: anonymous.signal } : {}),
      ...(anonymous.timeoutMs === undefined ? {} : { timeoutMs: anonymous.timeoutMs }),
    });
  return {
    getDemand: async () => {
      const { status, headers } = await probe();
      if (status === 401) {
        const [challenge = ''] = (headers['www-authenticate'] ?? '').split(/[\s,]/);
        return { type: 'login', challenge: challenge.toLowerCase() };
      }
      // A Mesos master alone has no such page, and no login either.
      if (status < 400 || status === 404) return { type: 'none' };
      const url = urlOf(anonymous, PROBE);
      const message = `The cluster answered ${status} where it should say how to log in`;
      throw new ApiError({ kind: 'foreign-answer', api: API.name, message, method: 'HEAD', url, status });
    },
    getProviders: async (challenge) => {
      try {
        return await sendForJson(API, anonymous, { path: '/acs/api/v1/auth/providers' });
      } catch (error) {
        const known = KNOWN_PROVIDERS[challenge];
        if (known === undefined || !(error instanceof ApiError) || error.kind !== 'refused') throw error;
        return { [known[0]]: known[1] };
      }
    },
    logIn: async (path, credentials) => {
      const { token } = await sendForJson<{ token?: unknown }>(API, anonymous, {
        method: 'POST',
        path,
        headers: { 'Content-Type': 'application/json' },
        body: JSON.stringify(credentials),
      });
      if (typeof token === 'string' && token !== '') return token;
      const url = urlOf(anonymous, path);
      const message = 'The cluster took the login and gave no token';
      throw new ApiError({ kind: 'foreign-answer', api: API.name, message, method: 'POST', url });
    },
    isTokenGood: async (token) => (await probe({ Authorization: `token=${token}` })).status !== 401,
    pageUrl: (path) => urlOf(anonymous, path),
  };
};
