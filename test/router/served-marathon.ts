import type { ServerResponse } from 'node:http';
import { sendJson } from '../../src/http/respond.ts';
import { Router } from '../../src/http/router.ts';
import { startServer } from '../../src/http/server.ts';
import type { ShownApp } from '../../src/router/marathon-app.ts';
import { silentLog } from '../../src/runtime/log.ts';

export interface ServedMarathon {
  readonly url: string;
  /** Every request, with its query. */
  readonly requests: string[];
  /** Shows other apps from now on, and tells everyone who listens. */
  show(apps: readonly ShownApp[]): void;
  close(): Promise<void>;
}

/** The two pages of Marathon that a router reads. */
export const serveMarathon = async (first: readonly ShownApp[] = []): Promise<ServedMarathon> => {
  let apps = first;
  const requests: string[] = [];
  const listeners = new Set<ServerResponse>();
  const router = new Router()
    .on('GET', '/v2/apps', ({ request, response }) => {
      requests.push(request.url ?? '');
      sendJson(response, 200, { apps });
    })
    .on('GET', '/v2/events', ({ request, response }) => {
      requests.push(request.url ?? '');
      response.writeHead(200, { 'Content-Type': 'text/event-stream' });
      response.flushHeaders();
      listeners.add(response);
      response.on('close', () => listeners.delete(response));
    });
  const server = await startServer({ router, log: silentLog });
  return {
    url: server.url,
    requests,
    show: (next) => {
      apps = next;
      for (const listener of listeners) listener.write('event: status_update_event\ndata: {}\n\n');
    },
    close: server.close,
  };
};
