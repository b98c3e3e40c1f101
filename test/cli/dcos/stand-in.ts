import { setTimeout as delay } from 'node:timers/promises';
import { readBody } from '../../../src/http/body.ts';
import { send } from '../../../src/http/respond.ts';
import { Router } from '../../../src/http/router.ts';
import { startServer } from '../../../src/http/server.ts';
import { silentLog } from '../../../src/runtime/log.ts';
import { type Answer, type Asked, type Part, storedAnswers } from './answers.ts';
import { cosmosPart } from './stand-in-cosmos.ts';
import { marathonPart } from './stand-in-marathon.ts';
import { mesosPart } from './stand-in-mesos.ts';
import { metronomePart } from './stand-in-metronome.ts';
import { openPart, systemPart } from './stand-in-system.ts';

/** Status, headers and body by a pattern of `METHOD target`; status 0 only waits, as many seconds as the body says. */
export type Overrides = Readonly<
  Record<string, readonly [number, Readonly<Record<string, string>>, unknown]>
>;

export interface StandInRequest {
  readonly method: string;
  readonly target: string;
  readonly headers: Readonly<Record<string, string | undefined>>;
  readonly body: string;
}

export interface StandIn {
  readonly url: string;
  /** In the order of their arrival. */
  readonly requests: StandInRequest[];
  /** Replaces answers until it is called again. */
  override(overrides: Overrides): void;
  close(): Promise<void>;
}

/** The cluster that the recordings were made with, of fixed answers: the same answers to the same requests. */
export const startStandIn = async (): Promise<StandIn> => {
  const requests: StandInRequest[] = [];
  let overrides: Overrides = {};
  let parts: readonly Part[] = [];

  const overridden = async (what: string): Promise<Answer | undefined> => {
    for (const [pattern, [status, headers, body]] of Object.entries(overrides)) {
      if (!new RegExp(pattern).test(what)) continue;
      if (status === 0) {
        await delay(Number(body) * 1_000);
        continue;
      }
      const bytes = Buffer.from(typeof body === 'string' ? body : JSON.stringify(body));
      return { status, body: bytes, type: headers['Content-Type'] ?? 'application/json' };
    }
    return undefined;
  };

  const answer = async (asked: Asked, target: string): Promise<Answer> => {
    const replaced = await overridden(`${asked.method} ${target}`);
    if (replaced) return replaced;
    for (const part of parts) {
      const found = part(asked);
      if (found) return found;
    }
    return { status: 404, body: Buffer.from('<html>404</html>'), type: 'text/html' };
  };

  const handle = async ({ request, response, path, query }: Parameters<Parameters<Router['on']>[2]>[0]) => {
    const { method = '', url: target = '' } = request;
    const headers = request.headers as Record<string, string | undefined>;
    const body = await readBody(request);
    requests.push({ method, target, headers, body: body.toString() });
    const found = await answer({ method, path, query, headers, body }, target);
    const { status = 200, body: content, type = 'application/json', headers: more = {} } = found;
    const bytes = Buffer.isBuffer(content) ? content : Buffer.from(JSON.stringify(content) ?? '');
    send(response, status, bytes, {
      ...(bytes.length > 0 ? { 'Content-Type': type } : {}),
      ...more,
    });
  };

  const router = new Router().on('*', '/*path', handle).on('*', '/', handle);
  const server = await startServer({ router, log: silentLog });
  const stored = storedAnswers(server.url);
  const fixedPart: Part = ({ method, path }) => {
    const body = stored.fixed[`${method} ${path}`];
    return body === undefined ? undefined : { body };
  };
  parts = [
    openPart(stored),
    fixedPart,
    mesosPart(stored),
    marathonPart(stored),
    metronomePart(stored),
    cosmosPart(stored),
    systemPart(stored),
  ];
  return {
    url: server.url,
    requests,
    override: (next) => {
      overrides = next;
    },
    close: () => server.close(),
  };
};
