import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { errorMessage } from '../runtime/error-message.ts';
import type { Log } from '../runtime/log.ts';
import { HttpError } from './http-error.ts';
import { refuseForeignPages } from './origin-guard.ts';
import { sendText } from './respond.ts';
import type { Router } from './router.ts';

/** Writes an error in the shape of the API that met it. */
export type ErrorRenderer = (error: HttpError, request: IncomingMessage, response: ServerResponse) => void;

export interface ServerOptions {
  router: Router;
  log: Log;
  /** Address to listen on; the loopback one unless told otherwise. */
  host?: string;
  /** 0 takes a free port. */
  port?: number;
  /** Names other than this machine's own under which requests may come. */
  hostnames?: readonly string[];
  /** Default: status and message as plain text. */
  renderError?: ErrorRenderer;
  /** Takes over upgraded connections (WebSocket); without it they are closed. */
  onUpgrade?: (request: IncomingMessage, socket: Socket, head: Buffer) => void;
}

export interface HttpServer {
  /** Such as http://127.0.0.1:5050, without a trailing slash. */
  readonly url: string;
  readonly host: string;
  readonly port: number;
  /** Stops listening and ends every open connection. */
  close(): Promise<void>;
}

const renderPlainText: ErrorRenderer = (error, _request, response) =>
  sendText(response, error.status, error.message, error.headers);

/** Starts a server and resolves once it listens. Rejects with the system's error (EADDRINUSE, EACCES, …). */
export const startServer = async (options: ServerOptions): Promise<HttpServer> => {
  const { router, log, host = '127.0.0.1', port = 0, renderError = renderPlainText } = options;
  const extraHosts = new Set((options.hostnames ?? []).map((name) => name.toLowerCase()));

  const answer = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    try {
      refuseForeignPages(request, extraHosts);
      await router.dispatch(request, response);
    } catch (error) {
      const httpError = toHttpError(error, request, log);
      if (!response.headersSent) renderError(httpError, request, response);
      else response.destroy();
    }
  };

  const server = createServer({ requestTimeout: 0, keepAliveTimeout: 65_000 }, (request, response) => {
    void answer(request, response);
  });
  if (options.onUpgrade) server.on('upgrade', options.onUpgrade);
  await listen(server, host, port);
  const address = server.address() as AddressInfo;
  const printedHost = host.includes(':') ? `[${host}]` : host === '0.0.0.0' ? '127.0.0.1' : host;
  return {
    url: `http://${printedHost}:${address.port}`,
    host,
    port: address.port,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
};

const toHttpError = (error: unknown, request: IncomingMessage, log: Log): HttpError => {
  if (error instanceof HttpError) return error;
  const stack = error instanceof Error ? error.stack : undefined;
  log.error(
    { method: request.method, path: request.url, error: errorMessage(error), stack },
    'request failed',
  );
  return new HttpError(500, 'Internal error: see the log of this server', { cause: error });
};

const listen = (server: Server, host: string, port: number): Promise<void> =>
  new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, () => {
      server.off('error', reject);
      resolve();
    });
  });
