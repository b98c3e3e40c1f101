import { HttpError } from '../../http/http-error.ts';
import { send, sendJson, sendText } from '../../http/respond.ts';
import type { Exchange, Router } from '../../http/router.ts';
import type { ErrorRenderer } from '../../http/server.ts';
import { readLoggingToggle } from '../../mesos/v0/logging-toggle.ts';
import { systemStatistics } from '../../mesos/v0/system-metrics.ts';
import { machineLoad } from '../../runtime/machine-load.ts';
import { PROMETHEUS_CONTENT_TYPE } from '../../runtime/prometheus-text.ts';
import { listContainers } from './containers/list-containers.ts';
import { addExecutorRoutes, type ExecutorApiOptions } from './executor-api.ts';
import { addFilesRoutes } from './files-routes.ts';
import { prometheusMetrics } from './metrics.ts';
import { addOperatorRoutes, type OperatorApiOptions } from './operator-api.ts';
import { type Permission, permissionOf } from './permission.ts';
import { stateJson } from './state-json.ts';
import type { RunUsage } from './statistics.ts';
import { userOfRun } from './visible-state.ts';

/** Adds every path that an agent serves (mesos.md 2.1, 3.8, 3.10, 3.11). */
export const addAgentRoutes = (router: Router, options: OperatorApiOptions & ExecutorApiOptions): void => {
  addExecutorRoutes(router, options);
  addOperatorRoutes(router, options);
  addFilesRoutes(router, options);
  addReads(router, options);
};

const addReads = (router: Router, options: OperatorApiOptions): void => {
  const { core, facts, metrics, usages } = options;
  const permission = ({ request }: Exchange): Permission => permissionOf(options.acls, request);
  const isRunShown =
    ({ may }: Permission) =>
    ({ run }: RunUsage): boolean =>
      may('view_containers', userOfRun(core.state, run));
  for (const prefix of ['', '/slave(1)']) {
    for (const suffix of ['', '.json']) {
      router.on('GET', `${prefix}/state${suffix}`, (exchange) =>
        sendJson(exchange.response, 200, stateJson(core, facts, permission(exchange))),
      );
      router.on('GET', `${prefix}/monitor/statistics${suffix}`, async (exchange) => {
        const allowed = permission(exchange);
        allowed.demand('get_endpoints', '/monitor/statistics');
        const shown = (await usages()).filter(isRunShown(allowed));
        sendJson(exchange.response, 200, shown.map(statisticsEntry));
      });
    }
    router.on('GET', `${prefix}/containers`, async (exchange) => {
      const allowed = permission(exchange);
      allowed.demand('get_endpoints', '/containers');
      const wanted = exchange.query.get('container_id');
      const shown = (await usages())
        .filter(({ run }) => wanted === null || run.record.id === wanted)
        .filter(isRunShown(allowed));
      sendJson(exchange.response, 200, [
        ...shown.map(containerEntry),
        ...otherContainers(exchange, options, allowed).filter(
          ({ container_id }) => wanted === null || container_id === wanted,
        ),
      ]);
    });
    router.on('GET', `${prefix}/health`, ({ response }) => send(response, 200));
    router.on('GET', `${prefix}/flags`, (exchange) => {
      permission(exchange).demand('view_flags');
      sendJson(exchange.response, 200, { flags: facts.flags });
    });
  }
  router.on('GET', '/version', ({ response }) =>
    sendJson(response, 200, {
      ...facts.version,
      ...(facts.plenumVersion === undefined ? {} : { plenum_version: facts.plenumVersion }),
    }),
  );
  router.on('GET', '/metrics/snapshot', (exchange) => {
    permission(exchange).demand('get_endpoints', '/metrics/snapshot');
    sendJson(exchange.response, 200, metrics());
  });
  router.on('GET', '/metrics/prometheus', (exchange) => {
    permission(exchange).demand('get_endpoints', '/metrics/prometheus');
    send(exchange.response, 200, prometheusMetrics(metrics()), { 'Content-Type': PROMETHEUS_CONTENT_TYPE });
  });
  router.on('GET', '/logging/toggle', (exchange) => {
    permission(exchange).demand('get_endpoints', '/logging/toggle');
    const toggle = readLoggingToggle(exchange.query);
    if (toggle.type === 'wrong') throw new HttpError(400, toggle.message);
    if (toggle.type === 'ask') return sendText(exchange.response, 200, `${options.verbosity.level}\n`);
    options.verbosity.raise(toggle.level, toggle.durationMs);
    send(exchange.response, 200);
  });
  router.on('GET', '/containerizer/debug', (exchange) => {
    permission(exchange).demand('get_endpoints', '/containerizer/debug');
    sendJson(exchange.response, 200, { pending: [] });
  });
  router.on('GET', '/system/stats.json', ({ response }) =>
    sendJson(response, 200, systemStatistics(machineLoad())),
  );
};

const statisticsEntry = ({ run, statistics }: RunUsage): object => ({
  executor_id: run.record.executorId,
  executor_name: run.record.info.name ?? '',
  framework_id: run.record.frameworkId,
  source: run.record.info.source ?? '',
  statistics,
});

/** Containers in containers, and those by themselves, where somebody asks for them: they belong to no executor's usage. */
const otherContainers = ({ query }: Exchange, { core, now }: OperatorApiOptions, { may }: Permission) => {
  const isWanted = (name: string): boolean => query.get(name) === 'true';
  const get_containers = {
    show_nested: isWanted('show_nested'),
    show_standalone: isWanted('show_standalone'),
  };
  const { get_containers: found } = listContainers({ type: 'GET_CONTAINERS', get_containers }, core, now(), {
    usages: [],
    may,
  });
  return (found?.containers ?? []).map(({ container_id, container_status, resource_statistics }) => ({
    container_id: container_id.value,
    status: container_status,
    statistics: resource_statistics,
  }));
};

const containerEntry = (usage: RunUsage): object => ({
  container_id: usage.run.record.id,
  ...statisticsEntry(usage),
  status: {
    container_id: { value: usage.run.record.id },
    ...(usage.pid === undefined ? {} : { executor_pid: usage.pid }),
    ...usage.status,
  },
});

/** Errors as Mesos words them: a path that nobody serves has a text of its own. */
export const renderAgentError: ErrorRenderer = (error: HttpError, _request, response) => {
  const text =
    error.status === 404 && error.message.startsWith('No such path') ? '404 Not Found.' : error.message;
  send(response, error.status, text, { 'Content-Type': 'text/plain; charset=utf-8', ...error.headers });
};
