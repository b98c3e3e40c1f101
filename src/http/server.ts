import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { createServer as createTlsServer, type Server as TlsServer } from 'node:https';
import type { AddressInfo, Socket } from 'node:net';
import { errorMessage } from '../runtime/error-message.ts';
import type { Log } from '../runtime/log.ts';
import { limitConnections, limitRest, SERVER_TIMEOUTS } from './connection-limits.ts';
import { HttpError } from './http-error.ts';
import { refuseForeignPages } from './origin-guard.ts';
import { rememberPrincipal } from './principal.ts';
import { sendText } from './respond.ts';
import type { Router } from './router.ts';
import { refusePlain, type ServerAccess } from './server-access.ts';
import { sniffTls } from './sniff-tls.ts';

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
  /** TLS and authentication; default: neither. */
  access?: ServerAccess | undefined;
  /** Default: status and message as plain text. */
  renderError?: ErrorRenderer;
  /** Takes over upgraded connections (WebSocket), having asked `admit`; without it they are closed. */
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

/** What every request must pass before anything looks at it. Throws HttpError. */
export const admit = (
  request: IncomingMessage,
  { access = {}, extraHosts }: { access?: ServerAccess | undefined; extraHosts: ReadonlySet<string> },
): void => {
  refusePlain(request, access);
  refuseForeignPages(request, extraHosts);
  const principal = access.authenticate?.(request);
  if (principal) rememberPrincipal(request, principal);
};

const RENEWAL_LOOK_MS = 6 * 3_600_000;

/** Starts a server and resolves once it listens. Rejects with the system's error (EADDRINUSE, EACCES, …). */
export const startServer = async (options: ServerOptions): Promise<HttpServer> => {
  const { router, log, host = '127.0.0.1', port = 0, access = {}, renderError = renderPlainText } = options;
  const extraHosts = new Set((options.hostnames ?? []).map((name) => name.toLowerCase()));

  const answer = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    try {
      if (await access.intercept?.(request, response)) return;
      admit(request, { access, extraHosts });
      await router.dispatch(request, response);
    } catch (error) {
      const httpError = toHttpError(error, request, log);
      if (!response.headersSent) renderError(httpError, request, response);
      else response.destroy();
    }
  };

  const onRequest = (request: IncomingMessage, response: ServerResponse): void => {
    limitRest(request, response);
    void answer(request, response);
  };
  const { server, closeConnections } = access.tls
    ? createSecureServer(access.tls, onRequest)
    : createPlainServer(onRequest);
  limitConnections(server);
  if (options.onUpgrade) server.on('upgrade', options.onUpgrade);
  await listen(server, host, port);
  const address = server.address() as AddressInfo;
  const printedHost = host.includes(':') ? `[${host}]` : host === '0.0.0.0' ? '127.0.0.1' : host;
  return {
    url: `${access.tls ? 'https' : 'http'}://${printedHost}:${address.port}`,
    host,
    port: address.port,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        closeConnections();
      }),
  };
};

type OnRequest = (request: IncomingMessage, response: ServerResponse) => void;

const createPlainServer = (onRequest: OnRequest): { server: Server; closeConnections: () => void } => {
  const server = createServer(SERVER_TIMEOUTS, onRequest);
  return { server, closeConnections: () => server.closeAllConnections() };
};

/** TLS 1.2 at least, as Node.js has it by itself; a certificate that was renewed is shown to whoever connects then. */
const createSecureServer = (
  tls: NonNullable<ServerAccess['tls']>,
  onRequest: OnRequest,
): { server: TlsServer; closeConnections: () => void } => {
  const shown = tls();
  const server = createTlsServer({ ...SERVER_TIMEOUTS, ...shown, handshakeTimeout: 10_000 }, onRequest);
  let { cert } = shown;
  const timer = setInterval(() => {
    const next = tls();
    if (next.cert !== cert) server.setSecureContext(next);
    cert = next.cert;
  }, RENEWAL_LOOK_MS);
  timer.unref();
  server.on('close', () => clearInterval(timer));
  return { server, closeConnections: sniffTls(server) };
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
