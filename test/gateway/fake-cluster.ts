import { readBody } from '../../src/http/body.ts';
import { HttpError } from '../../src/http/http-error.ts';
import { sendJson } from '../../src/http/respond.ts';
import { Router } from '../../src/http/router.ts';
import { type HttpServer, startServer } from '../../src/http/server.ts';
import { silentLog } from '../../src/runtime/log.ts';

export interface FakePart extends HttpServer {
  /** What it was asked for, `METHOD target`, in order. */
  readonly asked: string[];
}

/** A server that tells what reached it, guarded as every part of a cluster is. */
export const startFakePart = async (name: string, router = new Router()): Promise<FakePart> => {
  const asked: string[] = [];
  const answers = new Router().on('*', '/*path', async ({ request, response }) => {
    asked.push(`${request.method} ${request.url}`);
    try {
      await router.dispatch(request, response);
    } catch (error) {
      if (!(error instanceof HttpError) || error.status !== 404) throw error;
      const body = (await readBody(request)).toString();
      sendJson(response, 200, {
        part: name,
        method: request.method,
        target: request.url,
        body,
        headers: request.headers,
      });
    }
  });
  answers.on('*', '/', ({ request, response }) => {
    asked.push(`${request.method} ${request.url}`);
    sendJson(response, 200, {
      part: name,
      method: request.method,
      target: request.url,
      headers: request.headers,
    });
  });
  const server = await startServer({ router: answers, log: silentLog });
  return { ...server, asked };
};
