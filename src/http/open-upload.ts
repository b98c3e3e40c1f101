import http from 'node:http';
import https from 'node:https';
import type { HttpRequest, HttpResponse } from './client.ts';
import { peerAt } from './peers.ts';

/** A request whose body is written piece by piece. */
export interface HttpUpload {
  /** Resolves when there is room for more, or nobody takes any more. */
  write(piece: string | Uint8Array): Promise<void>;
  /** Ends the body. */
  end(): void;
  /** Rejects with the system's error; a server may answer before the body has ended. */
  readonly answer: Promise<HttpResponse>;
  /** Ends the connection. */
  close(): void;
}

/** Opens a request with a body in pieces, on a connection of its own. Redirects are not followed, and there is no limit of time. */
export const openUpload = (options: Omit<HttpRequest, 'body' | 'timeoutMs' | 'maxRedirects'>): HttpUpload => {
  const url = new URL(options.url);
  const peer = options.tls ? undefined : peerAt(url);
  const authorization = peer?.authorization?.();
  const outgoing = (url.protocol === 'https:' ? https : http).request(url, {
    method: options.method ?? 'POST',
    headers: {
      ...(authorization === undefined ? {} : { Authorization: authorization }),
      ...options.headers,
    },
    agent: false,
    ...(options.signal ? { signal: options.signal } : {}),
    ...(peer?.ca === undefined ? {} : { ca: peer.ca }),
    ...options.tls,
  });
  outgoing.setNoDelay(true);
  outgoing.flushHeaders();
  const answer = new Promise<HttpResponse>((resolve, reject) => {
    outgoing.on('error', reject);
    outgoing.on('close', () => reject(new Error('The connection was closed')));
    outgoing.on('response', (incoming) => {
      const chunks: Buffer[] = [];
      incoming.on('data', (chunk: Buffer) => chunks.push(chunk));
      incoming.on('end', () =>
        resolve({ status: incoming.statusCode ?? 0, headers: incoming.headers, body: Buffer.concat(chunks) }),
      );
      incoming.on('error', reject);
    });
  });
  answer.catch(() => undefined);
  return {
    write: (piece) =>
      new Promise((resolve) => {
        if (outgoing.destroyed || outgoing.writableEnded || outgoing.write(piece)) return resolve();
        const done = (): void => {
          outgoing.off('drain', done);
          outgoing.off('close', done);
          resolve();
        };
        outgoing.once('drain', done);
        outgoing.once('close', done);
      }),
    end: () => void outgoing.end(),
    answer,
    close: () => void outgoing.destroy(),
  };
};
