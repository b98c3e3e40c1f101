import { HttpError } from '../../http/http-error.ts';
import { send, sendText } from '../../http/respond.ts';
import type { Exchange, Router } from '../../http/router.ts';
import { sendJsonp } from '../../http/send-jsonp.ts';
import { libraryEndpoints } from '../../mesos/v0/library-endpoints.ts';
import { readLoggingToggle } from '../../mesos/v0/logging-toggle.ts';
import { metricsTimeoutProblem } from '../../mesos/v0/metrics-timeout.ts';
import { systemStatistics } from '../../mesos/v0/system-metrics.ts';
import { machineLoad } from '../../runtime/machine-load.ts';
import { PROMETHEUS_CONTENT_TYPE } from '../../runtime/prometheus-text.ts';
import { AGENT_HELP } from './help-texts.ts';
import { prometheusMetrics } from './metrics.ts';
import type { OperatorApiOptions } from './operator-api.ts';
import { permissionOf } from './permission.ts';

/** What Mesos serves beside the agent (mesos.md 3.10); only at these paths. */
export const addProcessReads = (router: Router, options: OperatorApiOptions): void => {
  const { facts, metrics, verbosity } = options;
  const demand = ({ request }: Exchange, path: string): void =>
    permissionOf(options.acls, request).demand('get_endpoints', path);
  router.on('*', '/version', (exchange) =>
    sendJsonp(exchange, {
      ...facts.version,
      ...(facts.plenumVersion === undefined ? {} : { plenum_version: facts.plenumVersion }),
    }),
  );
  router.on('*', '/metrics/snapshot', (exchange) => {
    demand(exchange, '/metrics/snapshot');
    const problem = metricsTimeoutProblem(exchange.query.get('timeout'));
    if (problem !== undefined) throw new HttpError(400, problem);
    return sendJsonp(exchange, metrics());
  });
  router.on('*', '/metrics/prometheus', (exchange) => {
    demand(exchange, '/metrics/prometheus');
    send(exchange.response, 200, prometheusMetrics(metrics()), { 'Content-Type': PROMETHEUS_CONTENT_TYPE });
  });
  router.on('*', '/logging/toggle', (exchange) => {
    demand(exchange, '/logging/toggle');
    const toggle = readLoggingToggle(exchange.query);
    if (toggle.type === 'wrong') throw new HttpError(400, toggle.message);
    if (toggle.type === 'ask') return sendText(exchange.response, 200, `${verbosity.level}\n`);
    verbosity.raise(toggle.level, toggle.durationMs);
    send(exchange.response, 200);
  });
  router.on('*', '/system/stats.json', (exchange) => sendJsonp(exchange, systemStatistics(machineLoad())));
  for (const { path, answer } of libraryEndpoints({ texts: AGENT_HELP, mainProcess: 'slave(1)' })) {
    router.on('*', path, ({ request, response, ...asked }) => {
      const { status, contentType, body } = answer({ ...asked, userAgent: request.headers['user-agent'] });
      send(response, status, body, { 'Content-Type': contentType });
    });
  }
};
