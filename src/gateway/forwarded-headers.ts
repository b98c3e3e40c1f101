import type { IncomingHttpHeaders, IncomingMessage, OutgoingHttpHeaders } from 'node:http';
import { TLSSocket } from 'node:tls';
import { PROXY_HEADER } from '../security/authenticator.ts';
import { redirectThroughGateway, type Upstream } from './upstream.ts';

/** Headers that concern one connection only (RFC 9110, 7.6.1) and so end at the gateway. */
const HOP_BY_HOP = [
  'connection',
  'keep-alive',
  'proxy-authenticate',
  'proxy-authorization',
  'proxy-connection',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
];

/**
 * The headers that an upstream gets. The gateway has checked Host and Origin already; the upstream sees its own names in
 * them, because it guards itself against foreign ones in the same way.
 */
export const requestHeaders = (request: IncomingMessage, upstream: Upstream): OutgoingHttpHeaders => {
  const { headers, socket } = request;
  const forwarded = endToEnd(headers);
  const earlier = headers['x-forwarded-for'];
  const client = socket.remoteAddress ?? '';
  delete forwarded[PROXY_HEADER];
  if (upstream.authorization) delete forwarded.authorization;
  const authorization = upstream.authorization?.(request);
  return {
    ...forwarded,
    ...(authorization === undefined ? {} : { authorization }),
    ...(upstream.proxyToken ? { [PROXY_HEADER]: upstream.proxyToken() } : {}),
    ...(headers.origin === undefined ? {} : { origin: upstream.origin }),
    ...(headers['transfer-encoding'] === undefined ? {} : { 'transfer-encoding': 'chunked' }),
    host: new URL(upstream.origin).host,
    'x-forwarded-for': earlier === undefined ? client : `${earlier}, ${client}`,
    'x-forwarded-host': headers.host ?? '',
    'x-forwarded-proto': socket instanceof TLSSocket ? 'https' : 'http',
    ...(upstream.prefix === '' ? {} : { 'x-forwarded-prefix': upstream.prefix }),
  };
};

/** The headers that the client gets of an upstream's answer. */
export const responseHeaders = (headers: IncomingHttpHeaders, upstream: Upstream): OutgoingHttpHeaders => {
  const forwarded = endToEnd(headers);
  if (headers.location !== undefined) forwarded.location = redirectThroughGateway(headers.location, upstream);
  return forwarded;
};

const endToEnd = (headers: IncomingHttpHeaders): OutgoingHttpHeaders => {
  const named = (headers.connection ?? '').split(',').map((name) => name.trim().toLowerCase());
  const dropped = new Set([...HOP_BY_HOP, ...named]);
  return Object.fromEntries(Object.entries(headers).filter(([name]) => !dropped.has(name)));
};
