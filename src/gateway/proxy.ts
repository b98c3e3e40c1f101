import http, { type ClientRequest, type IncomingMessage, type ServerResponse } from 'node:http';
import https from 'node:https';
import { pipeline } from 'node:stream';
import { HttpError } from '../http/http-error.ts';
import { peerAt } from '../http/peers.ts';
import { errorMessage } from '../runtime/error-message.ts';
import { requestHeaders, responseHeaders } from './forwarded-headers.ts';
import type { Upstream } from './upstream.ts';

/** Until the connection stands. How long an answer takes is the upstream's affair: it may be a stream without end. */
const CONNECT_TIMEOUT_MS = 5_000;

const plainAgent = new http.Agent({ keepAlive: true, maxFreeSockets: 32 });
/** Services show certificates that nobody here knows, and are addressed by what Marathon says of them. */
const anyTlsAgent = new https.Agent({ keepAlive: true, maxFreeSockets: 32, rejectUnauthorized: false });
/** What belongs to the cluster shows a certificate of its authority, which comes with each request. */
const tlsAgent = new https.Agent({ keepAlive: true, maxFreeSockets: 32 });

/**
 * Passes a request on and its answer back, piece by piece as they come: nothing is collected, and whoever reads slowly
 * slows only the sender. Resolves when the answer has ended or was cut. Throws HttpError 502 when the upstream does not
 * answer at all.
 */
export const forward = async (
  request: IncomingMessage,
  response: ServerResponse,
  upstream: Upstream,
): Promise<void> => {
  try {
    await exchange(request, response, upstream);
  } catch (error) {
    if (!(error instanceof StaleConnection)) throw unanswered(upstream, error);
    await exchange(request, response, upstream).catch((cause: unknown) => {
      throw unanswered(upstream, cause);
    });
  }
};

/** A kept connection that the upstream closed just as it was used again; a request that changes nothing is sent anew. */
class StaleConnection extends Error {}

const exchange = (request: IncomingMessage, response: ServerResponse, upstream: Upstream): Promise<void> =>
  new Promise((resolve, reject) => {
    const outgoing = connect(upstream, request, requestHeaders(request, upstream));
    const abandon = (): void => {
      outgoing.destroy();
      resolve();
    };
    response.on('close', abandon);
    outgoing.on('error', (error) => {
      response.off('close', abandon);
      if (response.headersSent || response.destroyed) {
        response.destroy();
        resolve();
      } else if (outgoing.reusedSocket && request.method === 'GET' && request.readableEnded) {
        reject(new StaleConnection('stale', { cause: error }));
      } else reject(error);
    });
    outgoing.on('response', (incoming) => {
      const headers = responseHeaders(incoming.headers, upstream);
      response.writeHead(incoming.statusCode ?? 502, incoming.statusMessage, headers);
      // Streams start with nothing: their headers must not wait for the first byte of the body.
      response.flushHeaders();
      pipeline(incoming, response, () => resolve());
    });
    if (request.readableEnded) outgoing.end();
    // Not a pipeline: that would take the client's connection down with the upstream's, before it was told why.
    else request.pipe(outgoing);
  });

/** Opens the request to the upstream; the caller writes its body. */
export const connect = (
  upstream: Upstream,
  request: IncomingMessage,
  headers: http.OutgoingHttpHeaders,
): ClientRequest => {
  const isSecure = upstream.origin.startsWith('https:');
  const url = new URL(upstream.origin);
  const { hostname, port } = url;
  const ca = upstream.ca ?? peerAt(url)?.ca;
  const outgoing = (isSecure ? https : http).request({
    hostname: hostname.replace(/^\[|\]$/g, ''),
    port,
    path: upstream.target,
    method: request.method ?? 'GET',
    headers,
    agent: isSecure ? (ca === undefined ? anyTlsAgent : tlsAgent) : plainAgent,
    ...(ca === undefined ? {} : { ca }),
  });
  outgoing.setNoDelay(true);
  boundConnectTime(outgoing);
  return outgoing;
};

const boundConnectTime = (outgoing: ClientRequest): void => {
  const timer = setTimeout(
    () => outgoing.destroy(new Error(`no connection within ${CONNECT_TIMEOUT_MS / 1000} s`)),
    CONNECT_TIMEOUT_MS,
  );
  const stop = (): void => clearTimeout(timer);
  outgoing.on('close', stop);
  outgoing.on('socket', (socket) => {
    if (socket.connecting) socket.once('connect', stop);
    else stop();
  });
};

/** What the client is told when an upstream gives no answer. */
export const unanswered = ({ name, origin }: Upstream, cause: unknown): HttpError =>
  new HttpError(502, `${name} does not answer at ${origin}: ${errorMessage(cause)}`, { cause });
