import { type KeyObject, sign, verify } from 'node:crypto';

/**
 * As whom somebody may speak: `operator` and `control-plane` may do everything, an `agent` and a `framework` may only be
 * one; `proxy` is the gateway towards one service, which `sub` names.
 */
export type Role = 'operator' | 'control-plane' | 'agent' | 'framework' | 'proxy';

export interface Claims {
  /** Who it is, for logs. */
  readonly sub: string;
  readonly role: Role;
  /** Seconds since 1970. */
  readonly iat: number;
  readonly exp: number;
}

const HEADER = Buffer.from(JSON.stringify({ alg: 'ES256', typ: 'JWT' })).toString('base64url');
const ROLES: ReadonlySet<unknown> = new Set<Role>([
  'operator',
  'control-plane',
  'agent',
  'framework',
  'proxy',
]);
/** Clocks of machines differ by so much. */
const LEEWAY_S = 60;
const LONGEST_TOKEN = 4_096;

/**
 * A JSON Web Token (RFC 7519, ES256) under the key of the cluster's authority: whoever has the authority's certificate
 * can tell whether it is genuine, and nobody but the control plane can make one.
 */
export const signToken = (claims: Claims, key: KeyObject): string => {
  const content = `${HEADER}.${Buffer.from(JSON.stringify(claims)).toString('base64url')}`;
  const signature = sign('sha256', Buffer.from(content), { key, dsaEncoding: 'ieee-p1363' });
  return `${content}.${signature.toString('base64url')}`;
};

/** What a token claims, or undefined when it is not genuine or has expired. */
export const verifyToken = (token: string, publicKey: KeyObject, nowMs: number): Claims | undefined => {
  const [header, payload, signature, ...more] = token.length > LONGEST_TOKEN ? [] : token.split('.');
  if (header !== HEADER || payload === undefined || signature === undefined || more.length > 0)
    return undefined;
  const isGenuine = verify(
    'sha256',
    Buffer.from(`${header}.${payload}`),
    { key: publicKey, dsaEncoding: 'ieee-p1363' },
    Buffer.from(signature, 'base64url'),
  );
  if (!isGenuine) return undefined;
  const claims: unknown = JSON.parse(Buffer.from(payload, 'base64url').toString('utf8'));
  return isClaims(claims) && claims.exp + LEEWAY_S > nowMs / 1000 ? claims : undefined;
};

const isClaims = (value: unknown): value is Claims => {
  if (typeof value !== 'object' || value === null) return false;
  const { sub, role, iat, exp } = value as Record<string, unknown>;
  return typeof sub === 'string' && ROLES.has(role) && typeof iat === 'number' && typeof exp === 'number';
};
