import type { ListenSettings } from './listen-settings.ts';
import { renderBackend, renderFrontend, renderUsers } from './render-service.ts';
import type { Route, Server } from './route.ts';
import { renderAppIds, renderVirtualHosts } from './virtual-hosts.ts';

/** In the folder of the configuration, which HAProxy runs in. */
export const STATISTICS_SOCKET = 'haproxy.sock';

/**
 * The whole configuration (HAProxy 2.6 or newer). Equal routes give equal text. The listening sockets are handed from the
 * old process to the new one (`expose-fd listeners`), so that a reload refuses nobody.
 */
export const renderConfig = (routes: readonly Route[], settings: ListenSettings): string =>
  [
    renderGlobal(settings),
    ...routes.flatMap((route) => renderUsers(route)),
    ...renderVirtualHosts(routes, settings),
    ...renderAppIds(routes, settings),
    ...routes.map((route) => renderFrontend(route, settings)),
    ...routes.map((route) => renderBackend(route, settings)),
  ].join('\n');

/** Stands for whatever servers a route has: an address of nobody (RFC 5737). */
const ANY_SERVER: Server = { taskId: '', host: '192.0.2.1', port: 1, isDraining: false };

/** What of a configuration does not depend on which servers there are. */
export const renderFrame = (routes: readonly Route[], settings: ListenSettings): string =>
  renderConfig(
    routes.map((route) => ({ ...route, servers: [ANY_SERVER] })),
    settings,
  );

/** Of each it keeps a record from the start; some systems allow a billion. */
const MOST_FILES = 100_000;

const renderGlobal = ({ maxConnections, drainSeconds }: ListenSettings): string => `global
  log stdout format raw local0 warning
  ${maxConnections === undefined ? `fd-hard-limit ${MOST_FILES}` : `maxconn ${maxConnections}`}
  stats socket unix@${STATISTICS_SOCKET} mode 600 level admin expose-fd listeners
  hard-stop-after ${drainSeconds}s
  mworker-max-reloads 1000
  tune.ssl.default-dh-param 2048
  ssl-default-bind-options ssl-min-ver TLSv1.2 no-tls-tickets
defaults
  log global
  mode http
  option dontlognull
  option redispatch 1
  retries 3
  timeout connect 3s
  timeout client 30s
  timeout client-fin 5s
  timeout server 30s
  timeout tunnel 1h
  timeout http-request 10s
  timeout http-keep-alive 30s
  timeout queue 30s
`;
