import type { IncomingMessage } from 'node:http';

/** Where a request goes after the gateway. */
export interface Upstream {
  /** What stands there, for error messages: `marathon`, `agent 5f…-S0`, `service hdfs`. */
  readonly name: string;
  /** Scheme, host and port, such as http://127.0.0.1:8080. */
  readonly origin: string;
  /** Path and query to ask for there. */
  readonly target: string;
  /** In place of the client's Authorization header; undefined where the client's own goes on. */
  readonly authorization?: (request: IncomingMessage) => string | undefined;
  /** With what a service is shown that this is the gateway. */
  readonly proxyToken?: (() => string) | undefined;
  /** The certificate authority to trust; undefined where it is known by the origin, or anyone is trusted. */
  readonly ca?: string | undefined;
  /** What the gateway took off the front of the path, without a trailing slash; it goes back on redirects. */
  readonly prefix: string;
}

/** The upstream at `baseUrl` for a request target of which `prefix` is taken off. */
export const upstreamAt = (
  name: string,
  baseUrl: string,
  requestTarget: string,
  prefix: string,
): Upstream => {
  const base = new URL(baseUrl);
  const rest = requestTarget.slice(prefix.length);
  const path = rest.startsWith('/') ? rest : `/${rest}`;
  return { name, origin: base.origin, target: base.pathname.replace(/\/$/, '') + path, prefix };
};

/**
 * A redirect as the browser must see it: an upstream that names itself, or a path of its own, knows nothing of the
 * prefix under which the gateway serves it.
 */
export const redirectThroughGateway = (location: string, upstream: Upstream): string => {
  if (!/^(https?:)?\//i.test(location) || !URL.canParse(location, upstream.origin)) return location;
  const url = new URL(location, upstream.origin);
  if (url.origin !== upstream.origin) return location;
  const path = url.pathname + url.search + url.hash;
  const isPrefixed = url.pathname === upstream.prefix || url.pathname.startsWith(`${upstream.prefix}/`);
  return isPrefixed ? path : upstream.prefix + path;
};
