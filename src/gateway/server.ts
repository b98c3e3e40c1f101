import { type IncomingMessage, STATUS_CODES } from 'node:http';
import type { Duplex } from 'node:stream';

import { HttpError } from '../http/http-error.ts';
import { send, sendJson } from '../http/respond.ts';
import { Router } from '../http/router.ts';
import { admit, type ErrorRenderer, type HttpServer, startServer } from '../http/server.ts';
import type { ServerAccess } from '../http/server-access.ts';
import type { Acls } from '../mesos/acls/acls.ts';
import { type Clock, systemClock } from '../runtime/clock.ts';
import type { Log } from '../runtime/log.ts';
import { PROMETHEUS_CONTENT_TYPE, prometheusText } from '../runtime/prometheus-text.ts';
import { addClusterPages } from './cluster-pages.ts';
import { addDashboard } from './dashboard-files.ts';
import { createBundleMaker } from './diagnostics/bundle-maker.ts';
import { addDiagnostics } from './diagnostics/diagnostics-pages.ts';
import { ExchangeLimit } from './exchange-limit.ts';
import { addHealthPages } from './health.ts';
import { ownMetrics } from './own-metrics.ts';
import { permissionUnder } from './permission.ts';
import { forward } from './proxy.ts';
import { type AgentPeer, createRouting, type ProxyToken, type Routing } from './routing.ts';
import { addComponentLogs } from './system/component-logs.ts';
import { addMetrics } from './system/metrics.ts';
import { addTaskLogs } from './system/task-logs.ts';
import { forwardUpgrade, refuseUpgrade } from './upgrade.ts';

export interface GatewayOptions {
  /** Address to listen on; the loopback one unless told otherwise. */
  host?: string;
  /** 0 takes a free port. */
  port?: number;
  /** Names other than this machine's own under which requests may come. */
  hostnames?: readonly string[];
  /** TLS and authentication; default: neither. */
  access?: ServerAccess | undefined;
  /** Who may read the logs of the control plane, and bundles; default: everybody. */
  acls?: Acls | undefined;
  /** Where people log in: services do not see with what, and are shown this. */
  proxyToken?: ProxyToken | undefined;
  /** How agents are spoken to when they have TLS. */
  agentPeer?: AgentPeer | undefined;
  /** Gives a token to who logs in with a name and a password; undefined when they are wrong. Default: nobody needs to. */
  logIn?: ((name: string, password: string) => string | undefined) | undefined;
  /** Where the parts listen, such as http://127.0.0.1:5050. */
  mesosUrl: string;
  marathonUrl: string;
  packagesUrl: string;
  /** The job service, where one runs. */
  jobsUrl?: string | undefined;
  /** The log of this process, where it is a file. */
  logFile?: string | undefined;
  /** Where bundles of diagnostics are kept; without it none are made. */
  diagnosticsFolder?: string | undefined;
  /** Folder of the built dashboard. */
  dashboardDir: string;
  /** A version 4 UUID in lower case. */
  clusterId: string;
  clusterName: string;
  /** Plenum's own version. */
  version: string;
  log: Log;
  clock?: Clock;
  /** Requests served at a time. */
  mostExchanges?: number;
}

/** Starts the one port in front of a cluster and resolves once it serves. Rejects with the system's error (EADDRINUSE). */
export const startGateway = async (options: GatewayOptions): Promise<HttpServer> => {
  const { access, clock = systemClock, host = '127.0.0.1', hostnames = [], log } = options;
  const routing = createRouting(options, clock, options);
  const limit = new ExchangeLimit(options.mostExchanges);
  const extraHosts = new Set(hostnames.map((name) => name.toLowerCase()));
  const router = new Router();
  addClusterPages(router, { ...options, host, authority: options.agentPeer?.ca }, routing.agents);
  addHealthPages(router, { backends: options, agents: routing.agents, host, clock });
  const agentAccess = { agents: routing.agents, agentPeer: options.agentPeer };
  addTaskLogs(router, { ...agentAccess, mesosUrl: options.mesosUrl, clock });
  const permission = permissionUnder(options.acls);
  addComponentLogs(router, { ...agentAccess, host, permission, logFile: options.logFile });
  addMetrics(router, agentAccess, clock);
  const { diagnosticsFolder: folder, logFile, version } = options;
  const bundles =
    folder === undefined
      ? undefined
      : createBundleMaker({ ...agentAccess, backends: options, version, logFile, folder, clock, log });
  if (bundles) addDiagnostics(router, bundles, permission);
  addDashboard(router, options.dashboardDir);
  router.on('GET', '/metrics/prometheus', ({ response }) =>
    send(response, 200, prometheusText(ownMetrics(options, limit)), {
      'Content-Type': PROMETHEUS_CONTENT_TYPE,
    }),
  );
  router.on('*', '/*path', async ({ request, response }) => {
    const closed = withClosingSlash(request);
    if (closed !== undefined) return send(response, 307, '', { Location: closed });
    const leave = limit.enter();
    try {
      await forward(request, response, await routing.find(request.url ?? '/'));
    } catch (error) {
      forgetAfter(error, routing);
      throw error;
    } finally {
      leave();
    }
  });

  const upgrade = async (request: IncomingMessage, socket: Duplex, head: Buffer): Promise<void> => {
    let leave: (() => void) | undefined;
    socket.on('error', () => socket.destroy());
    try {
      admit(request, { access, extraHosts });
      leave = limit.enter();
      await forwardUpgrade(request, socket, head, await routing.find(request.url ?? '/'));
    } catch (error) {
      forgetAfter(error, routing);
      refuseUpgrade(socket, error);
    } finally {
      leave?.();
    }
  };

  const server = await startServer({
    router,
    log,
    host,
    port: options.port ?? 0,
    hostnames,
    access,
    renderError,
    onUpgrade: (request, socket, head) => void upgrade(request, socket, head),
  });
  return {
    ...server,
    close: async () => {
      await bundles?.close();
      await server.close();
    },
  };
};

const renderError: ErrorRenderer = ({ status, message, headers }, _request, response) =>
  sendJson(response, status, { status, title: STATUS_CODES[status] ?? 'Error', message }, headers);

/** Without the slash at its end a service's own relative links would lead past it. */
const withClosingSlash = ({ method, url = '/' }: IncomingMessage): string | undefined => {
  if (method !== 'GET' && method !== 'HEAD') return undefined;
  const [, path, query = ''] = /^(\/service\/[^/?]+)(\?.*)?$/.exec(url) ?? [];
  return path === undefined ? undefined : `${path}/${query}`;
};

/** An upstream that gave no answer may have moved: the next request asks where it is. */
const forgetAfter = (error: unknown, routing: Routing): void => {
  if (error instanceof HttpError && error.status === 502) routing.forget();
};
