import type { KeyObject } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { HttpError } from '../http/http-error.ts';
import type { Principal } from '../http/principal.ts';
import type { Clock } from '../runtime/clock.ts';
import { type Credential, isKnown } from './credentials.ts';
import type { Access, Realms } from './realms.ts';
import { type Claims, type Role, verifyToken } from './token.ts';

/** Headers of an answer 401 that say how to authenticate. */
export type Challenge = (path: string, realm: string) => Readonly<Record<string, string>>;

const basicChallenge: Challenge = (_path, realm) => ({ 'WWW-Authenticate': `Basic realm="${realm}"` });

export interface AuthenticatorOptions {
  readonly realms: Realms;
  /** What is asked for; everything else is open to everyone. */
  readonly demanded: ReadonlySet<Access>;
  /** Of the cluster's authority, whose tokens are taken. */
  readonly authorityKey?: KeyObject | undefined;
  /** Whether a genuine token is no good any more; default: none is. */
  readonly isRevoked?: ((claims: Claims) => boolean) | undefined;
  /** Mesos' principals, who come by HTTP Basic. */
  readonly credentials?: readonly Credential[] | undefined;
  /** The service that this is, to which the gateway brings requests; default: none. */
  readonly audience?: string | undefined;
  /** Headers that say how to authenticate; default: HTTP Basic. */
  readonly challenge?: Challenge | undefined;
  readonly clock: Clock;
}

/** With what the gateway shows a service that it is the gateway; services' own logins go by Authorization. */
export const PROXY_HEADER = 'x-plenum-proxy';

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
  const {
    realms,
    demanded,
    authorityKey,
    credentials = [],
    challenge = basicChallenge,
    audience,
    isRevoked = () => false,
    clock,
  } = options;
  const remembered = new Map<string, Claims>();

  const claimsOf = (token: string): Claims | undefined => {
    const claims = genuineClaims(token);
    return claims && isRevoked(claims) ? undefined : claims;
  };

  const genuineClaims = (token: string): Claims | undefined => {
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
    const proxy = claimsOf(String(request.headers[PROXY_HEADER] ?? ''));
    if (proxy?.role === 'proxy' && audience !== undefined && proxy.sub === audience) {
      return { name: 'gateway', by: 'token' };
    }
    const { token, principal, secret } = presented(request.headers.authorization);
    const claims = claimsOf(token ?? secret ?? '');
    if (claims) {
      if (!isAllowed(claims.role, access)) throw new HttpError(403, '403 Forbidden.');
      return { name: claims.sub, by: 'token' };
    }
    if (principal !== undefined && secret !== undefined && isKnown(credentials, { principal, secret })) {
      return { name: principal, by: 'password' };
    }
    throw new HttpError(401, '401 Unauthorized.', { headers: challenge(path, realm) });
  };
};

/** What tokens are good for. */
const isAllowed = (role: Role, access: Access): boolean => {
  if (role === 'agent') return access === 'agents';
  if (role === 'framework') return access === 'frameworks' || access === 'readonly';
  return role !== 'proxy';
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
