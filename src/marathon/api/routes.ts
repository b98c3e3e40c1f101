import { send } from '../../http/respond.ts';
import type { Method, Router } from '../../http/router.ts';
import type { Clock } from '../../runtime/clock.ts';
import type { MarathonSettings } from '../core/settings.ts';
import { DEFAULT_DEFINITION_SETTINGS, type DefinitionSettings } from '../definitions/definition-settings.ts';
import type { MarathonEngine } from '../engine.ts';
import type { MesosCounters } from '../mesos-counters.ts';
import type { SecretStore } from '../secrets/secret-store.ts';
import type { AddRoute, ApiContext } from './api-context.ts';
import { addAppRoutes } from './app-routes.ts';
import { addAppUpdateRoutes } from './app-update-routes.ts';
import { addDeploymentRoutes } from './deployment-routes.ts';
import { createEventHub } from './event-hub.ts';
import { addGroupRoutes } from './group-routes.ts';
import { addLoggingRoutes } from './logging-routes.ts';
import { createHttpMetrics } from './metrics/http-metrics.ts';
import { addPodInstanceRoutes } from './pod-instance-routes.ts';
import { addPodRoutes } from './pod-routes.ts';
import { addSecretRoutes } from './secret-routes.ts';
import { standardHeaders } from './standard-headers.ts';
import { addSystemRoutes } from './system-routes.ts';
import { addTaskRoutes } from './task-routes.ts';
import { toHttpError } from './to-http-error.ts';

export interface MarathonRoutesOptions {
  readonly engine: MarathonEngine;
  readonly clock: Clock;
  /** Marathon's flags that concern definitions; those not given have their defaults. */
  readonly settings?: Partial<DefinitionSettings>;
  /** Marathon's other flags, which clients are told of; those not given have their defaults. */
  readonly config?: Partial<MarathonSettings>;
  /** Served as DC/OS does; default: none is. */
  readonly secrets?: SecretStore | undefined;
  /** For the metrics; default: nothing was counted. */
  readonly counters?: MesosCounters;
}

/**
 * Adds Marathon's whole HTTP API (marathon.md 1). The server has to render errors with `renderMarathonError`, so that
 * unknown paths are answered in Marathon's shape too.
 */
export const addMarathonRoutes = (
  router: Router,
  { engine, clock, settings, config = {}, secrets, counters = new Map() }: MarathonRoutesOptions,
): Router => {
  const http = createHttpMetrics(() => clock.now());
  const context: ApiContext = {
    engine,
    clock,
    settings: { ...DEFAULT_DEFINITION_SETTINGS, ...settings },
    config,
    events: createEventHub(engine, clock, http.countStreamed),
    counters,
    http,
  };
  const setHeaders = standardHeaders(() => engine.facts, config.allowedOrigins);
  router.before((request, response) => {
    http.watch(request, response);
    setHeaders(request, response);
  });
  const methods = new Map<string, Method[]>();
  const on: AddRoute = (method, pattern, handler) => {
    methods.set(pattern, [...(methods.get(pattern) ?? []), method]);
    router.on(method, pattern, async (exchange) => {
      try {
        await handler(exchange);
      } catch (error) {
        throw toHttpError(error);
      }
    });
  };
  // The order counts: ids hold slashes, so that longer patterns have to come before shorter ones.
  addTaskRoutes(on, context);
  addAppUpdateRoutes(on, context);
  addAppRoutes(on, context);
  addGroupRoutes(on, context);
  addDeploymentRoutes(on, context);
  addPodInstanceRoutes(on, context);
  addPodRoutes(on, context);
  addSystemRoutes(on, context);
  addLoggingRoutes(on, context);
  if (secrets) addSecretRoutes(on, secrets);
  for (const [pattern, served] of methods) {
    const allowed = [...served, ...(served.includes('GET') ? ['HEAD'] : []), 'OPTIONS'].join(', ');
    router.on('OPTIONS', pattern, ({ response }) => send(response, 200, '', { Allow: allowed }));
  }
  return router;
};
