import { type IncomingMessage, STATUS_CODES } from 'node:http';
import type { Duplex } from 'node:stream';
import { pipeline } from 'node:stream';
import { HttpError } from '../http/http-error.ts';
import { errorMessage } from '../runtime/error-message.ts';
import { requestHeaders } from './forwarded-headers.ts';
import { connect, unanswered } from './proxy.ts';
import type { Upstream } from './upstream.ts';

/**
 * Passes on a request to change the protocol (WebSocket) and then joins both connections. An upstream that refuses is
 * heard: its answer goes back as it is. Resolves when either side has gone. Throws HttpError 502 without an answer.
 */
export const forwardUpgrade = (
  request: IncomingMessage,
  socket: Duplex,
  head: Buffer,
  upstream: Upstream,
): Promise<void> =>
  new Promise((resolve, reject) => {
    const outgoing = connect(upstream, request, {
      ...requestHeaders(request, upstream),
      connection: 'Upgrade',
      upgrade: request.headers.upgrade,
    });
    socket.on('close', () => {
      outgoing.destroy();
      resolve();
    });
    outgoing.on('error', (error) => reject(unanswered(upstream, error)));
    outgoing.on('response', (incoming) => {
      socket.write(answerHead(incoming));
      pipeline(incoming, socket, () => resolve());
    });
    outgoing.on('upgrade', (incoming, peer, peerHead) => {
      socket.write(answerHead(incoming));
      if (peerHead.length > 0) socket.write(peerHead);
      if (head.length > 0) peer.write(head);
      pipeline(peer, socket, () => resolve());
      pipeline(socket, peer, () => resolve());
    });
    outgoing.end();
  });

/** Answers an upgrade with an error, in the shape of every other error of the gateway. */
export const refuseUpgrade = (socket: Duplex, error: unknown): void => {
  if (socket.destroyed) return;
  const status = error instanceof HttpError ? error.status : 500;
  const title = STATUS_CODES[status] ?? 'Error';
  const body = JSON.stringify({ status, title, message: errorMessage(error) });
  socket.end(
    `HTTP/1.1 ${status} ${title}\r\nContent-Type: application/json\r\nContent-Length: ${Buffer.byteLength(body)}\r\nConnection: close\r\n\r\n${body}`,
  );
};

/** Status line and headers as the upstream sent them; a refusal ends with its connection instead of a length. */
const answerHead = (incoming: IncomingMessage): string => {
  const lines = [`HTTP/1.1 ${incoming.statusCode} ${incoming.statusMessage}`];
  const isUpgraded = incoming.statusCode === 101;
  for (let index = 0; index + 1 < incoming.rawHeaders.length; index += 2) {
    const name = incoming.rawHeaders[index] ?? '';
    const isFraming = /^(connection|keep-alive|transfer-encoding)$/i.test(name);
    if (isUpgraded || !isFraming) lines.push(`${name}: ${incoming.rawHeaders[index + 1]}`);
  }
  if (!isUpgraded) lines.push('Connection: close');
  return `${lines.join('\r\n')}\r\n\r\n`;
};
