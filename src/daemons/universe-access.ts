import { HttpError } from '../http/http-error.ts';
import type { ServerAccess } from '../http/server-access.ts';
import { presented } from '../security/authenticator.ts';
import { type Credential, isKnown, readCredentials } from '../security/credentials.ts';
import { isSameSecret } from '../security/join-token.ts';
import type { DaemonOptions } from './daemon-options.ts';
import { fromFile } from './security.ts';

/** Health checks of Marathon log in nowhere. */
const OPEN = /^\/(health|repo-empty-v3\.json)\/?$/;

/**
 * Who may read a hosted universe: with --credentials those whose principal and secret are in the file, by HTTP Basic, or
 * by a secret alone as a bearer token, which is what most clients of repositories can be told; else everyone.
 */
export const universeAccess = (options: DaemonOptions, access: ServerAccess): ServerAccess => {
  const credentials = fromFile(options, 'credentials', readCredentials);
  if (credentials === undefined) return access;
  return {
    ...access,
    authenticate: (request) => {
      const path = request.url?.split('?', 1)[0] ?? '/';
      if (OPEN.test(path)) return undefined;
      const { token, principal, secret } = presented(request.headers.authorization);
      const known = token === undefined ? undefined : ownerOf(token, credentials);
      if (known) return { name: known.principal, by: 'token' };
      if (principal !== undefined && secret !== undefined && isKnown(credentials, { principal, secret })) {
        return { name: principal, by: 'password' };
      }
      throw new HttpError(401, 'Log in with HTTP Basic or a bearer token', {
        headers: { 'WWW-Authenticate': 'Basic realm="universe", Bearer realm="universe"' },
      });
    },
  };
};

/** All are compared, so that the time it takes tells nothing. */
const ownerOf = (token: string, credentials: readonly Credential[]): Credential | undefined =>
  credentials.filter(({ secret }) => isSameSecret(secret, token))[0];
