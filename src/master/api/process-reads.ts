import { HttpError } from '../../http/http-error.ts';
import { send, sendText } from '../../http/respond.ts';
import type { Router } from '../../http/router.ts';
import { sendJsonp } from '../../http/send-jsonp.ts';
import type { Acls } from '../../mesos/acls/acls.ts';
import { libraryEndpoints } from '../../mesos/v0/library-endpoints.ts';
import { readLoggingToggle } from '../../mesos/v0/logging-toggle.ts';
import { metricsTimeoutProblem } from '../../mesos/v0/metrics-timeout.ts';
import { systemStatistics } from '../../mesos/v0/system-metrics.ts';
import { machineLoad } from '../../runtime/machine-load.ts';
import { PROMETHEUS_CONTENT_TYPE } from '../../runtime/prometheus-text.ts';
import { sharedSlices } from '../../runtime/slices.ts';
import type { Verbosity } from '../../runtime/verbosity.ts';
import type { MasterState } from '../core/state.ts';
import { demand, subjectOf } from './authorize.ts';
import { MASTER_HELP } from './help-texts.ts';
import type { MasterFacts } from './master-facts.ts';
import { offerConstraintsDebug } from './offer-constraints-debug.ts';
import { prometheusMetrics } from './prometheus.ts';
import { registryJson } from './registry-json.ts';
import { answerWith } from './send-read.ts';
import { visibilityOf } from './visibility.ts';

export interface ProcessReadOptions {
  readonly state: MasterState;
  readonly facts: MasterFacts;
  readonly metrics: () => Promise<Record<string, number>>;
  readonly verbosity: Verbosity;
  readonly acls: Acls | undefined;
}

/** What Mesos serves beside the master (mesos.md 3.9); only at these paths. */
export const addProcessReads = (router: Router, options: ProcessReadOptions): void => {
  const { state, facts, metrics, verbosity, acls } = options;
  router.on(
    '*',
    '/version',
    answerWith(() =>
      facts.plenumVersion === undefined
        ? facts.version
        : { ...facts.version, plenum_version: facts.plenumVersion },
    ),
  );
  router.on(
    '*',
    '/metrics/snapshot',
    answerWith(({ request, query }) => {
      demand(acls, request, 'get_endpoints', '/metrics/snapshot');
      const problem = metricsTimeoutProblem(query.get('timeout'));
      if (problem !== undefined) throw new HttpError(400, problem);
      return metrics();
    }),
  );
  router.on('*', '/metrics/prometheus', async ({ request, response }) => {
    demand(acls, request, 'get_endpoints', '/metrics/prometheus');
    send(response, 200, prometheusMetrics(state, await metrics()), {
      'Content-Type': PROMETHEUS_CONTENT_TYPE,
    });
  });
  router.on(
    '*',
    '/system/stats.json',
    answerWith(() => systemStatistics(machineLoad())),
  );
  router.on(
    '*',
    '/registrar(1)/registry',
    answerWith(() => registryJson(state)),
  );
  router.on('*', '/logging/toggle', ({ request, response, query }) => {
    demand(acls, request, 'get_endpoints', '/logging/toggle');
    const toggle = readLoggingToggle(query);
    if (toggle.type === 'wrong') throw new HttpError(400, toggle.message);
    if (toggle.type === 'ask') return sendText(response, 200, `${verbosity.level}\n`);
    verbosity.raise(toggle.level, toggle.durationMs);
    send(response, 200);
  });
  router.on('*', '/allocator/offer_constraints_debug', async (exchange) => {
    const { isFrameworkShown } = visibilityOf(acls, subjectOf(exchange.request));
    await sendJsonp(exchange, await sharedSlices.run(offerConstraintsDebug(state, isFrameworkShown)));
  });
  for (const { path, answer } of libraryEndpoints({ texts: MASTER_HELP, mainProcess: 'master' })) {
    router.on('*', path, ({ request, response, ...asked }) => {
      const { status, contentType, body } = answer({ ...asked, userAgent: request.headers['user-agent'] });
      send(response, status, body, { 'Content-Type': contentType });
    });
  }
};
