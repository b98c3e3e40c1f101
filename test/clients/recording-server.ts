import { readBody } from '../../src/http/body.ts';
import { send } from '../../src/http/respond.ts';
import { Router } from '../../src/http/router.ts';
import { type HttpServer, startServer } from '../../src/http/server.ts';
import { silentLog } from '../../src/runtime/log.ts';

export interface RecordedRequest {
  readonly method: string;
  /** Path and query. */
  readonly target: string;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: string;
}

export interface Answer {
  readonly status?: number;
  /** Sent as JSON unless it is a text. */
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

/** Answers by `METHOD /path`, or `METHOD *` for all other paths; a function sees the request. What has no answer is a 404. */
export type Answers = Record<string, Answer | ((request: RecordedRequest) => Answer | Promise<Answer>)>;

export interface RecordingServer extends HttpServer {
  readonly requests: RecordedRequest[];
  /** May be changed while it runs. */
  readonly answers: Answers;
}

/** A real server on a free port that remembers what it was asked. */
export const startRecordingServer = async (answers: Answers = {}): Promise<RecordingServer> => {
  const requests: RecordedRequest[] = [];
  const answer = async ({ request, response, path }: Parameters<Parameters<Router['on']>[2]>[0]) => {
    const recorded: RecordedRequest = {
      method: request.method ?? '',
      target: request.url ?? '',
      headers: request.headers,
      body: (await readBody(request)).toString(),
    };
    requests.push(recorded);
    const found = answers[`${recorded.method} ${path}`] ??
      answers[`${recorded.method} *`] ?? { status: 404, body: 'no such path' };
    const {
      status = 200,
      body = '',
      headers = {},
    } = typeof found === 'function' ? await found(recorded) : found;
    const isText = typeof body === 'string';
    const type = isText ? 'text/plain' : 'application/json';
    send(response, status, isText ? body : JSON.stringify(body), { 'Content-Type': type, ...headers });
  };
  const router = new Router().on('*', '/*path', answer).on('*', '/', answer);
  const server = await startServer({ router, log: silentLog });
  return { ...server, requests, answers };
};
