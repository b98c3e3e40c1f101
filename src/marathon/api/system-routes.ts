import { send, sendJson, sendText } from '../../http/respond.ts';
import type { Exchange } from '../../http/router.ts';
import { sendCompressible } from '../../http/send-compressible.ts';
import { PROMETHEUS_CONTENT_TYPE, prometheusText } from '../../runtime/prometheus-text.ts';
import type { AddRoute, ApiContext } from './api-context.ts';
import { configJson, infoJson } from './json/info-json.ts';
import { metricFamilies, metricsJson, metricsOf } from './metrics/metrics-json.ts';
import { sendResult } from './send.ts';
import { apiError, notFound } from './to-http-error.ts';

/** From the answer to the end of the leadership. */
const ABDICATION_MS = 500;

/** What Marathon says about itself (marathon.md 1.12 to 1.14), and the events. */
export const addSystemRoutes = (
  on: AddRoute,
  { engine, settings, config, events, clock, counters, http }: ApiContext,
): void => {
  const startedMs = clock.now();
  on('GET', '/ping', ping);
  on('GET', '/v2/info', ({ response }) => sendResult(response, infoJson(engine.facts, settings, config)));
  on('GET', '/config', ({ response }) => sendResult(response, configJson(engine.facts, settings, config)));
  on('GET', '/v2/events', (exchange) => events.attach(exchange));
  on('GET', '/v2/leader', ({ response }) => {
    if (!engine.facts.isElected) throw notFound('There is no leader');
    return sendResult(response, { leader: engine.facts.leader });
  });
  on('DELETE', '/v2/leader', ({ query, response }) => {
    if (!engine.facts.isElected) throw notFound('There is no leader');
    const unknown = ['backup', 'restore'].find((name) => query.has(name));
    if (unknown !== undefined) {
      throw apiError(400, `There is no ${unknown} here: the state is a folder, which can be copied`);
    }
    // The only one that there is becomes leader again at once. What clients see of it is that their streams end.
    clock.setTimer(ABDICATION_MS, () => events.detachAll());
    return sendResult(response, { message: 'Leadership abdicated', details: [] });
  });
  on('GET', '/v2/plugins', ({ response }) => sendResult(response, { plugins: [] }));
  on('*', '/v2/plugins/:id/*path', ({ params }) => {
    throw notFound(`No plugin with this pluginId: ${params.id}`);
  });
  const metrics = () => metricsOf(engine, { uptimeMs: clock.now() - startedMs, counters, http });
  on('GET', '/metrics', ({ response }) => sendResult(response, metricsJson(metrics())));
  on('GET', '/metrics/prometheus', ({ response }) => {
    if (config.hasPrometheus !== true) throw apiError(404, 'Prometheus reporter is disabled');
    const text = prometheusText(metricFamilies(metrics()));
    return sendCompressible(response, 200, text, { 'Content-Type': PROMETHEUS_CONTENT_TYPE });
  });
};

/** Answers in what the client takes; even before anything else works. */
const ping = ({ request, response }: Exchange): void => {
  const accept = (request.headers.accept ?? '*/*').toLowerCase();
  const takes = (...types: string[]): boolean => types.some((type) => accept.includes(type));
  if (takes('text/plain', 'text/*', '*/*')) sendText(response, 200, 'pong');
  else if (takes('text/html')) send(response, 200, 'pong', { 'Content-Type': 'text/html; charset=utf-8' });
  else if (takes('application/json', 'application/*')) sendJson(response, 200, 'pong');
  else send(response, 204);
};
