import type { IncomingMessage, ServerResponse } from 'node:http';
import { isIP, type Socket } from 'node:net';
import { TLSSocket } from 'node:tls';
import { HttpError } from './http-error.ts';
import { isLoopback } from './origin-guard.ts';
import type { Principal } from './principal.ts';

/** Certificate (the authority's after it) and private key, in PEM. */
export interface ServerTls {
  readonly cert: string;
  readonly key: string;
}

/** How a server may be reached, and by whom. Without any of it: over plain HTTP, by everyone who can connect. */
export interface ServerAccess {
  /** Asked at the start and every few hours, so that a renewed certificate is shown without a restart. */
  readonly tls?: () => ServerTls;
  /** Who sends the request; undefined where nobody is asked. Throws HttpError 401 or 403. */
  readonly authenticate?: (request: IncomingMessage) => Principal | undefined;
  /** Answers what belongs to the access itself, such as an agent that joins; nobody is authenticated for it before. True: done. */
  readonly intercept?: (request: IncomingMessage, response: ServerResponse) => Promise<boolean>;
  /** Paths that programs of the same machine may use without TLS, as executors of tasks do. */
  readonly plainPaths?: RegExp;
  /** Paths that everyone may use without TLS, as health checks do. */
  readonly openPlainPaths?: RegExp;
}

/** Refuses a request without TLS to a server that has it. Throws HttpError 400. */
export const refusePlain = (
  request: IncomingMessage,
  { tls, plainPaths, openPlainPaths }: ServerAccess,
): void => {
  const { socket, url = '/' } = request;
  if (tls === undefined || socket instanceof TLSSocket) return;
  const path = url.split('?', 1)[0] ?? '/';
  if (openPlainPaths?.test(path) || (plainPaths?.test(path) && isFromThisMachine(socket))) return;
  throw new HttpError(400, 'This port speaks TLS: use https://', { headers: { Connection: 'close' } });
};

/** A connection from one of this machine's addresses to the same one never leaves the machine. */
const isFromThisMachine = ({ remoteAddress, localAddress }: Socket): boolean =>
  remoteAddress !== undefined && (remoteAddress === localAddress || isLoopback(unmapped(remoteAddress)));

/** An IPv4 address as a socket for both families shows it. */
export const unmapped = (address: string): string => {
  const v4 = address.replace(/^::ffff:/i, '');
  return isIP(v4) === 4 ? v4 : address;
};
