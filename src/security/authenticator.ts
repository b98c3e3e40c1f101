import type { KeyObject } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { HttpError } from '../http/http-error.ts';
import type { Principal } from '../http/principal.ts';
import type { Clock } from '../runtime/clock.ts';
import { type Credential, isKnown } from './credentials.ts';
import type { Access, Realms } from './realms.ts';
import { type Claims, verifyToken } from './token.ts';

/** Headers of an answer 401 that say how to authenticate. */
export type Challenge = (path: string, realm: string) => Readonly<Record<string, string>>;

const basicChallenge: Challenge = (_path, realm) => ({ 'WWW-Authenticate': `Basic realm="${realm}"` });

export interface AuthenticatorOptions {
  readonly realms: Realms;
  /** What is asked for; everything else is open to everyone. */
  readonly demanded: ReadonlySet<Access>;
  /** Of the cluster's authority, whose tokens are taken. */
  readonly authorityKey?: KeyObject | undefined;
  /** Mesos' principals, who come by HTTP Basic. */
  readonly credentials?: readonly Credential[] | undefined;
  /** Headers that say how to authenticate; default: HTTP Basic. */
  readonly challenge?: Challenge | undefined;
  readonly clock: Clock;
}

/** Tokens are looked at once and remembered: checking a signature costs more than answering a small read. */
const MOST_REMEMBERED = 1_000;

/**
 * Finds out who sends a request: by `Authorization: token=…` (as DC/OS sends it) or `Bearer …` with a token of the
 * cluster, or by Basic with one of Mesos' principals, or with a token as the password, as browsers can. Throws HttpError
 * 401 with the realm of the path, 403 for a token that is not meant for it; both as Mesos words them.
 */
export const authenticator = (
  options: AuthenticatorOptions,
): ((request: IncomingMessage) => Principal | undefined) => {
  const { realms, demanded, authorityKey, credentials = [], challenge = basicChallenge, clock } = options;
  const remembered = new Map<string, Claims>();

  const claimsOf = (token: string): Claims | undefined => {
    if (authorityKey === undefined) return undefined;
    const known = remembered.get(token);
    if (known && known.exp > clock.now() / 1000) return known;
    remembered.delete(token);
    const claims = verifyToken(token, authorityKey, clock.now());
    if (!claims) return undefined;
    if (remembered.size >= MOST_REMEMBERED) remembered.clear();
    remembered.set(token, claims);
    return claims;
  };

  return (request) => {
    const path = request.url?.split('?', 1)[0] ?? '/';
    const { access, realm } = realms(path);
    if (!demanded.has(access)) return undefined;
    const { token, principal, secret } = presented(request.headers.authorization);
    const claims = claimsOf(token ?? secret ?? '');
    if (claims) {
      if (claims.role === 'agent' && access !== 'agents') throw new HttpError(403, '403 Forbidden.');
      return { name: claims.sub, by: 'token' };
    }
    if (principal !== undefined && secret !== undefined && isKnown(credentials, { principal, secret })) {
      return { name: principal, by: 'password' };
    }
    throw new HttpError(401, '401 Unauthorized.', { headers: challenge(path, realm) });
  };
};

interface Presented {
  readonly token?: string | undefined;
  readonly principal?: string;
  readonly secret?: string;
}

/** What an Authorization header presents. */
export const presented = (header = ''): Presented => {
  const [, token] = /^(?:token=|bearer\s+)(\S+)$/i.exec(header) ?? [];
  if (token !== undefined) return { token };
  const [, encoded] = /^basic\s+([A-Za-z0-9+/=_-]+)$/i.exec(header) ?? [];
  if (encoded === undefined) return {};
  const text = Buffer.from(encoded, 'base64').toString('utf8');
  const colon = text.indexOf(':');
  return colon < 0 ? {} : { principal: text.slice(0, colon), secret: text.slice(colon + 1) };
};
