import { onTestFinished } from 'vitest';
import { readJson } from '../../src/http/body.ts';
import { HttpError } from '../../src/http/http-error.ts';
import { sendJson } from '../../src/http/respond.ts';
import { type Exchange, Router } from '../../src/http/router.ts';
import { startServer } from '../../src/http/server.ts';
import { silentLog } from '../../src/runtime/log.ts';

export interface FakeApp {
  id: string;
  labels?: Record<string, string>;
  [field: string]: unknown;
}

export interface FakeMarathon {
  readonly url: string;
  readonly apps: Map<string, FakeApp>;
  /** Ids of apps whose removal is still under way. */
  readonly stopping: Set<string>;
  /** `METHOD target` of every change. */
  readonly changes: string[];
  /** Answers the next changes with this instead of making them. */
  refuse: { status: number; body: object } | undefined;
  /** Never answers the next changes, before or after they are made. */
  silence: 'before' | 'after' | undefined;
  close(): Promise<void>;
}

/** As much of Marathon as the package service uses, on a socket of its own. */
export const startFakeMarathon = async (): Promise<FakeMarathon> => {
  const state = {
    apps: new Map<string, FakeApp>(),
    stopping: new Set<string>(),
    changes: [] as string[],
    refuse: undefined as FakeMarathon['refuse'],
    silence: undefined as FakeMarathon['silence'],
  };
  const changing = async (
    { request, response }: Exchange,
    change: (body: unknown) => [number, object],
  ): Promise<void> => {
    const body = await readJson(request);
    state.changes.push(`${request.method} ${request.url}`);
    if (state.refuse) return sendJson(response, state.refuse.status, state.refuse.body);
    if (state.silence === 'before') return;
    const answer = change(body);
    if (state.silence === undefined) sendJson(response, ...answer);
  };
  const existing = ({ params }: Exchange): FakeApp => {
    const app = state.apps.get(`/${params.id}`);
    if (!app) throw new HttpError(404, `App '/${params.id}' does not exist`);
    return app;
  };
  const router = new Router()
    .on('GET', '/v2/apps', ({ response }) => sendJson(response, 200, { apps: [...state.apps.values()] }))
    .on('GET', '/v2/apps/*id', (exchange) => sendJson(exchange.response, 200, { app: existing(exchange) }))
    .on('GET', '/v2/deployments', ({ response }) =>
      sendJson(
        response,
        200,
        [...state.stopping].map((id) => ({ id: `stop-${id}`, affectedApps: [id], affectedPods: [] })),
      ),
    )
    .on('POST', '/v2/apps', (exchange) =>
      changing(exchange, (body) => {
        const app = body as FakeApp;
        const id = app.id.startsWith('/') ? app.id : `/${app.id}`;
        if (state.apps.has(id)) return [409, { message: `An app with id [${id}] already exists.` }];
        state.apps.set(id, { ...app, id });
        return [201, { ...app, id }];
      }),
    )
    .on('PUT', '/v2/apps/*id', (exchange) =>
      changing(exchange, (body) => {
        const { id } = existing(exchange);
        state.apps.set(id, { ...(body as FakeApp), id });
        return [200, { version: 'v', deploymentId: 'deployment-1' }];
      }),
    )
    .on('DELETE', '/v2/apps/*id', (exchange) =>
      changing(exchange, () => {
        state.apps.delete(existing(exchange).id);
        return [200, { version: 'v', deploymentId: 'deployment-2' }];
      }),
    );
  const server = await startServer({
    router,
    log: silentLog,
    renderError: (error, _request, response) => sendJson(response, error.status, { message: error.message }),
  });
  onTestFinished(() => server.close());
  return Object.assign(state, { url: server.url, close: () => server.close() });
};
