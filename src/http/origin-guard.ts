import type { IncomingMessage } from 'node:http';
import { hostname, networkInterfaces } from 'node:os';
import { HttpError } from './http-error.ts';

const SAFE_METHODS = new Set(['GET', 'HEAD', 'OPTIONS']);

/**
 * Refuses what a hostile web page could make a browser send: requests under a Host that is not ours (DNS rebinding),
 * and state-changing requests from a page of another origin. Programs send no Origin and are not concerned.
 */
export const refuseForeignPages = (request: IncomingMessage, extraHosts: ReadonlySet<string>): void => {
  const host = request.headers.host;
  if (host !== undefined && !isOwnHost(hostnameOf(host), extraHosts)) {
    throw new HttpError(403, `Host ${host} is not served here: start with --hostname to allow another name`);
  }
  const origin = request.headers.origin;
  // A WebSocket begins with a GET, yet what follows can change anything.
  const isHarmless = SAFE_METHODS.has(request.method ?? '') && request.headers.upgrade === undefined;
  if (origin === undefined || isHarmless) return;
  if (origin === 'null' || !URL.canParse(origin) || new URL(origin).host !== host) {
    throw new HttpError(403, `Requests from pages of ${origin} are refused`);
  }
};

/** Whether only programs of this machine can reach what listens under the name or address. */
export const isLoopback = (name: string): boolean =>
  name === 'localhost' || /^127(\.\d{1,3}){3}$/.test(name) || name === '::1';

const isOwnHost = (name: string, extraHosts: ReadonlySet<string>): boolean =>
  isLoopback(name) || name === hostname().toLowerCase() || extraHosts.has(name) || isOwnAddress(name);

const isOwnAddress = (name: string): boolean =>
  Object.values(networkInterfaces()).some((addresses) => addresses?.some(({ address }) => address === name));

const hostnameOf = (host: string): string => {
  const bracketed = /^\[([^\]]+)\]/.exec(host);
  return (bracketed?.[1] ?? host.replace(/:\d*$/, '')).toLowerCase();
};
