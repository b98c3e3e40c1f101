import { request } from '../../../src/http/client.ts';
import { Router } from '../../../src/http/router.ts';
import { startServer } from '../../../src/http/server.ts';
import { renderMarathonError } from '../../../src/marathon/api/render-error.ts';
import { addMarathonRoutes } from '../../../src/marathon/api/routes.ts';
import type { MarathonSettings } from '../../../src/marathon/core/settings.ts';
import type { DefinitionSettings } from '../../../src/marathon/definitions/definition-settings.ts';
import { silentLog } from '../../../src/runtime/log.ts';
import { EngineHarness } from '../core/engine-harness.ts';

export interface Answer {
  status: number;
  headers: Record<string, string | string[] | undefined>;
  body: Body;
}

/** A body, with the fields that tests look into. */
export interface Body {
  readonly [field: string]: unknown;
  readonly id?: string;
  readonly version?: string;
  readonly deploymentId?: string;
  readonly message?: string;
  readonly app?: Body;
  readonly apps?: readonly Body[];
  readonly '*'?: readonly Body[];
  readonly groups?: readonly Body[];
  readonly tasks?: readonly Body[];
  readonly queue?: readonly Body[];
}

/** The API over real HTTP, in front of a real engine whose master and time are simulated. */
export interface ServedMarathon {
  readonly harness: EngineHarness;
  readonly url: string;
  call(method: string, path: string, body?: unknown, headers?: Record<string, string>): Promise<Answer>;
  close(): Promise<void>;
}

export const serveMarathon = async (
  settings: Partial<DefinitionSettings> = {},
  { agents = 2, config = {} }: { agents?: number; config?: Partial<MarathonSettings> } = {},
): Promise<ServedMarathon> => {
  const harness = new EngineHarness({ settings: config });
  for (let index = 0; index < agents; index++) harness.master.addAgent({ id: `agent-${index}` });
  await harness.start();
  await harness.pass(100);
  const { engine, clock } = harness;
  const router = addMarathonRoutes(new Router({ mergesSlashes: true }), { engine, clock, settings, config });
  const server = await startServer({ router, log: silentLog, renderError: renderMarathonError });
  return {
    harness,
    url: server.url,
    call: async (method, path, body, headers = {}) => {
      const text = typeof body === 'string' ? body : body === undefined ? undefined : JSON.stringify(body);
      const response = await request({
        method,
        url: server.url + path,
        headers,
        ...(text !== undefined && { body: text }),
      });
      const answered = response.body.toString();
      const isJson = String(response.headers['content-type']).includes('json');
      return {
        status: response.status,
        headers: response.headers,
        body: isJson ? JSON.parse(answered) : answered,
      };
    },
    close: () => server.close(),
  };
};
