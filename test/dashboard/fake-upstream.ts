import { readJson } from '../../src/http/body.ts';
import { sendJson } from '../../src/http/respond.ts';
import { type Exchange, Router } from '../../src/http/router.ts';
import { type HttpServer, startServer } from '../../src/http/server.ts';
import { silentLog } from '../../src/runtime/log.ts';

export interface Received {
  readonly method: string;
  /** With its query. */
  readonly url: string;
  readonly body: unknown;
}

type Answer = object | ((received: Received, exchange: Exchange) => unknown);

/** A server that answers as a test says, and remembers what it was asked. */
export interface FakeUpstream {
  readonly url: string;
  /** Changes that were asked for, in their order: no reads. */
  readonly changes: readonly Received[];
  /** What `METHOD /path` is answered with: JSON, or what a function sends or gives. */
  answer(request: string, answer: Answer): void;
  /** The next changes at `METHOD /path` are refused so. */
  refuse(request: string, status: number, body: object): void;
  close(): Promise<void>;
}

export const startFakeUpstream = async (answers: Readonly<Record<string, Answer>>): Promise<FakeUpstream> => {
  const known = new Map(Object.entries(answers));
  const changes: Received[] = [];
  const server: HttpServer = await startServer({
    log: silentLog,
    router: new Router().on('*', '/*path', async (exchange) => {
      const { request, response } = exchange;
      const { method = '', url = '' } = request;
      const received = { method, url, body: method === 'GET' ? undefined : await readJson(request) };
      const path = decodeURIComponent(url.split('?')[0] ?? '');
      const found = known.get(`${method} ${path}`);
      if (method !== 'GET') changes.push(received);
      if (found === undefined) return sendJson(response, 404, { message: `No answer for ${method} ${url}` });
      const body = typeof found === 'function' ? await found(received, exchange) : found;
      if (!response.headersSent && body !== undefined) sendJson(response, 200, body);
    }),
  });
  return {
    url: server.url,
    changes,
    answer: (request, answer) => void known.set(request, answer),
    refuse: (request, status, body) =>
      void known.set(request, (_received: Received, { response }: Exchange) =>
        sendJson(response, status, body),
      ),
    close: () => server.close(),
  };
};
