import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import { join } from 'node:path';
import { readSecretIfThere, writeSecretFile } from './secret-file.ts';

/** What an agent needs to join: how it recognises the cluster, and how the cluster recognises it. */
export interface JoinToken {
  /** Of the cluster's certificate authority, as Authority.fingerprint. */
  readonly fingerprint: string;
  readonly secret: string;
}

const PATTERN = /^plenum-join\.([0-9a-f]{64})\.([A-Za-z0-9_-]{43})$/;
const SECRET_BYTES = 32;

const tokenFile = (folder: string): string => join(folder, 'join-token');

/** The cluster's join token, made when there is none. */
export const joinTokenOf = (folder: string, fingerprint: string): string => {
  const kept = readSecretIfThere(tokenFile(folder))?.trim();
  return kept !== undefined && parseJoinToken(kept)?.fingerprint === fingerprint
    ? kept
    : rotateJoinToken(folder, fingerprint);
};

/** Makes another join token; agents that have joined stay, nobody joins with the former one. */
export const rotateJoinToken = (folder: string, fingerprint: string): string => {
  const token = `plenum-join.${fingerprint}.${randomBytes(SECRET_BYTES).toString('base64url')}`;
  writeSecretFile(tokenFile(folder), `${token}\n`);
  return token;
};

export const joinTokenPath = tokenFile;

/** Undefined for what is no join token. */
export const parseJoinToken = (text: string): JoinToken | undefined => {
  const [, fingerprint, secret] = PATTERN.exec(text.trim()) ?? [];
  return fingerprint === undefined || secret === undefined ? undefined : { fingerprint, secret };
};

/** Compares secrets without telling by the time it takes how much of them is right. */
export const isSameSecret = (one: string, other: string): boolean =>
  timingSafeEqual(createHash('sha256').update(one).digest(), createHash('sha256').update(other).digest());
