import type { ServerResponse } from 'node:http';
import { HttpError } from '../http/http-error.ts';
import { sendJson, sendText } from '../http/respond.ts';
import { type Handler, Router } from '../http/router.ts';
import { type HttpServer, startServer } from '../http/server.ts';
import { errorMessage } from '../runtime/error-message.ts';
import type { Log } from '../runtime/log.ts';
import type { Haproxy } from './haproxy.ts';
import type { Route } from './route.ts';
import type { RoutingLoop } from './routing-loop.ts';

export interface StatusServerOptions {
  readonly host: string;
  readonly port: number;
  readonly hostnames: readonly string[];
  readonly haproxy: Haproxy;
  readonly loop: RoutingLoop;
  readonly log: Log;
}

/** The page beside the router, with the paths that marathon-lb has (marathon.md 4.1), and `/v1/status` as JSON. */
export const startStatusServer = (options: StatusServerOptions): Promise<HttpServer> => {
  const { haproxy, loop, log, host, port, hostnames } = options;
  const statistics = asked(haproxy, 'show stat');
  const wake: Handler = ({ response }) => {
    loop.wake();
    sendText(response, 200, 'Marathon is being read\n');
  };
  const router = new Router()
    .on('GET', '/_haproxy_getconfig', ({ response }) =>
      sendText(response, 200, withoutPasswords(loop.status.config)),
    )
    .on('GET', '/_haproxy_getpids', async ({ response }) => {
      sendText(response, 200, `${(await fromHaproxy(() => haproxy.processIds())).join(' ')}\n`);
    })
    .on('GET', '/_haproxy_health_check', async ({ response }) => {
      await fromHaproxy(() => haproxy.ask('show info'));
      sendText(response, 200, 'OK\n');
    })
    .on('GET', '/_haproxy_getvhostmap', ({ response }) =>
      sendText(response, 200, hostMap(loop.status.routes)),
    )
    .on('GET', '/_haproxy_getappmap', ({ response }) => sendText(response, 200, appMap(loop.status.routes)))
    .on('GET', '/haproxy', statistics)
    .on('GET', '/v1/status', ({ response }) => sendStatus(response, loop))
    .on('POST', '/_mlb_signal/hup', wake)
    .on('GET', '/_mlb_signal/hup', wake);
  return startServer({ router, log, host, port, hostnames });
};

/** Hosts and their backends, in lines as marathon-lb keeps them in files. */
const hostMap = (routes: readonly Route[]): string =>
  routes.flatMap(({ name, labels }) => labels.vhosts.map((host) => `${host} ${name}\n`)).join('');

/** Apps and their backends by HTTP, likewise. */
const appMap = (routes: readonly Route[]): string =>
  routes
    .filter(({ mode }) => mode === 'http')
    .map(({ appId, name }) => `${appId} ${name}\n`)
    .join('');

/** They are encrypted, but nobody's business here. */
const withoutPasswords = (config: string): string =>
  config.replace(/^( {2}user \S+ password) .*$/gm, '$1 ***');

/** The labels hold passwords, encrypted as they are; they are nobody's business here. */
const sendStatus = (response: ServerResponse, { status }: RoutingLoop): void => {
  const { routes, problems, configurations, reloads, failure } = status;
  sendJson(response, 200, {
    routes: routes.map(({ appId, index, name, port, mode, labels, servers }) => ({
      appId,
      portIndex: index,
      name,
      port,
      mode,
      vhosts: labels.vhosts,
      paths: labels.paths,
      servers,
    })),
    problems,
    configurations,
    reloads,
    ...(failure === undefined ? {} : { failure }),
  });
};

/** HAProxy's statistics as it writes them: comma-separated values. */
const asked =
  (haproxy: Haproxy, command: string): Handler =>
  async ({ response }) =>
    sendText(response, 200, await fromHaproxy(() => haproxy.ask(command)));

const fromHaproxy = async <Answer>(ask: () => Promise<Answer>): Promise<Answer> => {
  try {
    return await ask();
  } catch (error) {
    throw new HttpError(503, `HAProxy does not answer: ${errorMessage(error)}`, { cause: error });
  }
};
