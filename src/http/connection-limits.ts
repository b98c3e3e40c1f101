import { readFileSync } from 'node:fs';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';

/** What a client may take its time for. Streams that go on for days are common: a request as a whole has no limit. */
export const SERVER_TIMEOUTS = {
  requestTimeout: 0,
  headersTimeout: 20_000,
  connectionsCheckingInterval: 5_000,
  keepAliveTimeout: 65_000,
  /** The system finds out which peers have vanished without a word. */
  keepAlive: true,
  keepAliveInitialDelay: 30_000,
} as const;

const MOST_CONNECTIONS = 16_384;
/** Of the files that the process may have open; the rest is for its store, its logs and its own requests. */
const SHARE_OF_FILES = 0.75;
const USUAL_FILE_LIMIT = 1_024;
const LONGEST_STALL_MS = 60_000;
/** A client that is not cut off at once reads its answer more surely: most send their body before they look. */
const LONGEST_REST_MS = 10_000;
const MOST_REST_BYTES = 16 * 1024 * 1024;
const REST_LOOK_MS = 50;

/** Bounds the connections, so that a flood costs neither memory nor the last file: those that idle make room first. */
export const limitConnections = (server: Server, most = mostConnections()): void => {
  server.maxConnections = most;
  server.on('drop', () => server.closeIdleConnections());
};

/** Gives up a whole answer that its reader does not take; an endless one (OutputStream) is bounded by its backlog. */
export const limitStall = (response: ServerResponse, longestMs = LONGEST_STALL_MS): void => {
  if (response.writableFinished || response.destroyed) return;
  const timer = setTimeout(() => response.destroy(), longestMs);
  timer.unref();
  const socket = response.socket;
  const onProgress = (): void => {
    timer.refresh();
  };
  socket?.on('drain', onProgress);
  response.once('close', () => {
    clearTimeout(timer);
    socket?.off('drain', onProgress);
  });
};

/** Cuts off who goes on with a body after the whole answer, which without it is read and thrown away for as long as it comes. */
export const limitRest = (request: IncomingMessage, response: ServerResponse): void => {
  response.once('finish', () => {
    if (request.complete || request.destroyed) return;
    const { socket } = request;
    const begun = socket.bytesRead;
    const lastMs = performance.now() + LONGEST_REST_MS;
    // What is thrown away is no event any more: one can only look at the socket now and then.
    const timer = setInterval(() => {
      const isTooMuch = socket.bytesRead - begun > MOST_REST_BYTES || performance.now() > lastMs;
      if (request.complete || socket.destroyed) clearInterval(timer);
      else if (isTooMuch) socket.destroy();
    }, REST_LOOK_MS);
    timer.unref();
  });
};

const mostConnections = (): number =>
  Math.min(MOST_CONNECTIONS, Math.floor(mostOpenFiles() * SHARE_OF_FILES));

const mostOpenFiles = (): number => {
  try {
    const [, soft = ''] =
      /^Max open files\s+(\d+|unlimited)/m.exec(readFileSync('/proc/self/limits', 'utf8')) ?? [];
    return soft === 'unlimited' ? MOST_CONNECTIONS * 2 : Number(soft) || USUAL_FILE_LIMIT;
  } catch {
    // Only Linux tells.
    return USUAL_FILE_LIMIT;
  }
};
