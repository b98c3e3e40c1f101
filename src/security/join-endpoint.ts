import { createPublicKey, type KeyObject, randomUUID, X509Certificate } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { isIP } from 'node:net';
import { networkInterfaces } from 'node:os';
import { readJson } from '../http/body.ts';
import { HttpError } from '../http/http-error.ts';
import { isLoopback } from '../http/origin-guard.ts';
import { sendJson } from '../http/respond.ts';
import { unmapped } from '../http/server-access.ts';
import type { Clock } from '../runtime/clock.ts';
import { errorMessage } from '../runtime/error-message.ts';
import type { Log } from '../runtime/log.ts';
import { presented } from './authenticator.ts';
import type { Authority } from './authority.ts';
import { JOIN_PATH, type JoinAnswer } from './join-protocol.ts';
import { isSameSecret, joinTokenOf, parseJoinToken } from './join-token.ts';
import { isNamed } from './server-certificate.ts';
import { verifyToken } from './token.ts';

export interface JoinEndpointOptions {
  readonly authority: Authority;
  /** The cluster's security folder. */
  readonly folder: string;
  /** The certificate of the servers beside this one, in PEM. */
  readonly ownCertificate: () => string;
  readonly clock: Clock;
  readonly log: Log;
}

const BODY_LIMIT_BYTES = 16 * 1024;
const MOST_NAMES = 64;
const NAME_PATTERN = /^[A-Za-z0-9]([A-Za-z0-9.-]{0,251}[A-Za-z0-9])?$/;
/** As long as its certificate: both are renewed together. */
const TOKEN_LIFE_MS = 90 * 86_400_000;

/** Answers agents that join or renew; true when the request was one. Throws HttpError 400, 401, 403. */
export const joinEndpoint =
  (options: JoinEndpointOptions) =>
  async (request: IncomingMessage, response: ServerResponse): Promise<boolean> => {
    if (request.method !== 'POST' || request.url !== JOIN_PATH) return false;
    const body = await readJson(request, BODY_LIMIT_BYTES);
    sendJson(response, 200, answer(options, request, fieldsOf(body)));
    return true;
  };

interface Fields {
  readonly secret: unknown;
  readonly public_key: unknown;
  readonly names: unknown;
}

/** Who may have a certificate. */
interface Member {
  readonly name: string;
  readonly role: 'agent' | 'framework';
}

const answer = (options: JoinEndpointOptions, request: IncomingMessage, fields: Fields): JoinAnswer => {
  const { authority, clock, log, ownCertificate } = options;
  const nowMs = clock.now();
  const member = memberOf(options, request, fields);
  const names = namesOf(fields.names);
  const from = unmapped(request.socket.remoteAddress ?? '');
  const own = new X509Certificate(ownCertificate());
  const taken = names.find((name) => !isLoopbackName(name) && isNamed(own, name));
  // Otherwise an agent could pass itself off as the master.
  if (taken !== undefined && !isThisMachine(from)) {
    throw new HttpError(403, `${taken} is a name of the master: an agent on another machine cannot have it`);
  }
  const certificate = authority.issue({ publicKey: publicKeyOf(fields.public_key), names, nowMs });
  log.info({ ...member, from, names }, 'joined, or renewed its certificate');
  return {
    certificate,
    token: authority.tokenFor({ sub: member.name, role: member.role, nowMs, lifeMs: TOKEN_LIFE_MS }),
  };
};

/** Who joins: with the join token's secret somebody new, with a token that it was given before the same one as then. */
const memberOf = (
  { authority, folder, clock }: JoinEndpointOptions,
  request: IncomingMessage,
  fields: Fields,
): Member => {
  const { token } = presented(request.headers.authorization);
  if (token !== undefined) {
    const claims = verifyToken(token, authority.publicKey, clock.now());
    if (claims?.role === 'agent' || claims?.role === 'framework')
      return { name: claims.sub, role: claims.role };
    throw new HttpError(401, 'The token is not genuine, or has expired');
  }
  const joinToken = parseJoinToken(joinTokenOf(folder, authority.fingerprint));
  if (typeof fields.secret === 'string' && joinToken && isSameSecret(fields.secret, joinToken.secret)) {
    return { name: `agent-${randomUUID()}`, role: 'agent' };
  }
  throw new HttpError(401, 'The join token is not the one of this cluster: plenum cluster token shows it');
};

const namesOf = (value: unknown): string[] => {
  if (!Array.isArray(value) || value.length === 0 || value.length > MOST_NAMES) {
    throw new HttpError(400, `names must be 1 to ${MOST_NAMES} host names or addresses`);
  }
  return value.map((name) => {
    if (typeof name === 'string' && (isIP(name) !== 0 || NAME_PATTERN.test(name))) return name.toLowerCase();
    throw new HttpError(400, 'names must be host names or addresses');
  });
};

const publicKeyOf = (value: unknown): KeyObject => {
  try {
    return createPublicKey(String(value));
  } catch (error) {
    throw new HttpError(400, `public_key is no public key in PEM: ${errorMessage(error)}`);
  }
};

const isLoopbackName = (name: string): boolean => isLoopback(name);

const isThisMachine = (address: string): boolean =>
  isLoopback(address) ||
  Object.values(networkInterfaces()).some((some) => some?.some((own) => own.address === address));

const fieldsOf = (body: unknown): Fields => {
  if (typeof body !== 'object' || body === null) throw new HttpError(400, 'The body must be a JSON object');
  const { secret, public_key, names } = body as Record<string, unknown>;
  return { secret, public_key, names };
};
