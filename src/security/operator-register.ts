import { statSync } from 'node:fs';
import { join } from 'node:path';
import type { Clock } from '../runtime/clock.ts';
import { readSecretIfThere, SecretFileError, writeSecretFile } from './secret-file.ts';
import type { Claims } from './token.ts';

/** A token that was made for a person or a program; the token itself is kept nowhere. Seconds since 1970. */
export type IssuedToken = Pick<Claims, 'sub' | 'iat' | 'exp'>;

/** Which operators' tokens there are, and whose are no good any more. */
export interface OperatorRegister {
  /** Those that have not expired, the oldest first. */
  readonly issued: readonly IssuedToken[];
  /** By whom they are for: tokens that were made up to this second, in seconds since 1970, are revoked. */
  readonly revoked: ReadonlyMap<string, number>;
}

/** Of more tokens the oldest are not listed any more; they can be revoked all the same. */
const MOST_ISSUED = 10_000;
const MOST_REVOKED = 10_000;
/** How long a revocation may take to be noticed. */
const LOOK_EVERY_MS = 1_000;

const registerFile = (folder: string): string => join(folder, 'operators.json');

/** The register of a cluster's security folder. Throws SecretFileError. */
export const readOperators = (folder: string, nowMs: number): OperatorRegister => {
  const file = registerFile(folder);
  const text = readSecretIfThere(file);
  if (text === undefined) return { issued: [], revoked: new Map() };
  try {
    const { issued, revoked } = JSON.parse(text) as {
      issued: IssuedToken[];
      revoked: Record<string, number>;
    };
    return {
      issued: issued.filter(({ exp }) => exp > nowMs / 1000),
      revoked: new Map(Object.entries(revoked)),
    };
  } catch (error) {
    throw new SecretFileError(`${file} is damaged; without it all tokens of operators are good again`, error);
  }
};

/** Notes that a token was made. Throws SecretFileError. */
export const noteToken = (folder: string, token: IssuedToken, nowMs: number): void => {
  const { issued, revoked } = readOperators(folder, nowMs);
  write(folder, { issued: [...issued, token].slice(-MOST_ISSUED), revoked });
};

/** Makes all tokens that somebody has no good; gives how many of them are known. Throws SecretFileError. */
export const revokeTokens = (folder: string, sub: string, nowMs: number): number => {
  const { issued, revoked } = readOperators(folder, nowMs);
  if (!revoked.has(sub) && revoked.size >= MOST_REVOKED) {
    throw new SecretFileError(`Tokens of ${MOST_REVOKED} operators are revoked already, which is the most`);
  }
  write(folder, {
    issued: issued.filter((token) => token.sub !== sub),
    revoked: new Map([...revoked, [sub, Math.floor(nowMs / 1000)]]),
  });
  return issued.filter((token) => token.sub === sub).length;
};

/** When the next token of somebody may be said to be made: one made in the second of a revocation would be revoked, too. */
export const issueTimeMs = (folder: string, sub: string, nowMs: number): number => {
  const revokedUpTo = readOperators(folder, nowMs).revoked.get(sub) ?? 0;
  return Math.max(nowMs, (revokedUpTo + 1) * 1000);
};

/** Tells whether an operator's token is revoked, as the register says it now. */
export const revocationCheck = (folder: string, clock: Clock): ((claims: Claims) => boolean) => {
  let revoked: OperatorRegister['revoked'] = new Map();
  let version: string | undefined;
  let lookedMs = Number.NEGATIVE_INFINITY;
  const look = (): void => {
    if (clock.now() - lookedMs < LOOK_EVERY_MS) return;
    lookedMs = clock.now();
    const found = statSync(registerFile(folder), { throwIfNoEntry: false });
    const current = found && `${found.ino} ${found.mtimeMs}`;
    if (current === version) return;
    revoked = readOperators(folder, clock.now()).revoked;
    version = current;
  };
  return ({ sub, role, iat }) => {
    if (role !== 'operator') return false;
    look();
    return iat <= (revoked.get(sub) ?? -1);
  };
};

const write = (folder: string, { issued, revoked }: OperatorRegister): void =>
  writeSecretFile(registerFile(folder), JSON.stringify({ issued, revoked: Object.fromEntries(revoked) }));
