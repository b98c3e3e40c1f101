import { openAuthority } from '../security/authority.ts';
import { joinTokenOf, rotateJoinToken } from '../security/join-token.ts';
import { issueTimeMs, noteToken } from '../security/operator-register.ts';
import type { ClusterFolder } from './cluster-folder.ts';

/** How this machine's user speaks to a cluster with TLS that is his own. */
export interface LocalAccess {
  /** The cluster's authority, in PEM. */
  readonly ca: string;
  /** Of the role operator. */
  readonly token: string;
}

/** As whom this machine's user speaks; nobody else can have a token of that name. */
export const LOCAL_USER = 'local';
/** Longer than any command waits. */
const TOKEN_LIFE_MS = 12 * 3_600_000;

/** Makes the authority and the join token of a cluster when there are none. Throws SecretFileError. */
export const makeSecure = (folder: ClusterFolder): LocalAccess => {
  const { fingerprint } = openAuthority(folder.securityFolder, Date.now());
  joinTokenOf(folder.securityFolder, fingerprint);
  return localAccess(folder);
};

/** Whoever can read the authority's key may do everything: a token is made on the spot and kept nowhere. */
export const localAccess = (folder: ClusterFolder): LocalAccess => {
  const authority = openAuthority(folder.securityFolder, Date.now());
  const claims = { sub: LOCAL_USER, role: 'operator' as const, nowMs: Date.now(), lifeMs: TOKEN_LIFE_MS };
  return { ca: authority.certificate, token: authority.tokenFor(claims) };
};

/** A token for somebody who is to operate the cluster from elsewhere. That there is one is noted. Throws SecretFileError. */
export const operatorToken = (
  { securityFolder }: ClusterFolder,
  { sub, lifeMs }: { sub: string; lifeMs: number },
): string => {
  const nowMs = issueTimeMs(securityFolder, sub, Date.now());
  const token = openAuthority(securityFolder, nowMs).tokenFor({ sub, role: 'operator', nowMs, lifeMs });
  const iat = Math.floor(nowMs / 1000);
  noteToken(securityFolder, { sub, iat, exp: Math.floor((nowMs + lifeMs) / 1000) }, nowMs);
  return token;
};

/** The token with which agents join, made anew when asked to. */
export const joinToken = ({ securityFolder }: ClusterFolder, isRotated: boolean): string => {
  const { fingerprint } = openAuthority(securityFolder, Date.now());
  return isRotated ? rotateJoinToken(securityFolder, fingerprint) : joinTokenOf(securityFolder, fingerprint);
};
