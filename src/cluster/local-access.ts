import { openAuthority } from '../security/authority.ts';
import { joinTokenOf, rotateJoinToken } from '../security/join-token.ts';
import type { ClusterFolder } from './cluster-folder.ts';

/** How this machine's user speaks to a cluster with TLS that is his own. */
export interface LocalAccess {
  /** The cluster's authority, in PEM. */
  readonly ca: string;
  /** Of the role operator. */
  readonly token: string;
}

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
  return { ca: authority.certificate, token: operatorToken(folder, { sub: 'local', lifeMs: TOKEN_LIFE_MS }) };
};

/** A token for somebody who is to operate the cluster from elsewhere. */
export const operatorToken = (
  { securityFolder }: ClusterFolder,
  { sub, lifeMs }: { sub: string; lifeMs: number },
): string =>
  openAuthority(securityFolder, Date.now()).tokenFor({ sub, role: 'operator', nowMs: Date.now(), lifeMs });

/** The token with which agents join, made anew when asked to. */
export const joinToken = ({ securityFolder }: ClusterFolder, isRotated: boolean): string => {
  const { fingerprint } = openAuthority(securityFolder, Date.now());
  return isRotated ? rotateJoinToken(securityFolder, fingerprint) : joinTokenOf(securityFolder, fingerprint);
};
