import { eachOf } from '../../http/json-pieces.ts';
import type { Exchange } from '../../http/router.ts';
import { isActive } from '../core/instance.ts';
import type { PodView } from '../core/pods/pod-view.ts';
import { resolvePath } from '../definitions/path-id.ts';
import { InvalidDocument } from '../definitions/violation.ts';
import type { AddRoute, ApiContext } from './api-context.ts';
import { noSuchPod } from './find-pod.ts';
import { podInstanceJson } from './json/pod-instance-json.ts';
import { podStatus } from './json/pod-status-json.ts';
import { flag, readDocument } from './request.ts';
import { sendResult } from './send.ts';
import { sendLongResult } from './send-long-result.ts';
import { notFound } from './to-http-error.ts';

/** What runs of pods: looking and killing (marathon.md 1.10). Their definitions are in pod-routes.ts. */
export const addPodInstanceRoutes = (on: AddRoute, context: ApiContext): void => {
  const { engine } = context;
  on('GET', '/v2/pods/::status', ({ response }) =>
    sendLongResult(response, eachOf([...engine.root.pods.values()], podStatus(engine))),
  );
  on('GET', '/v2/pods/*id::status', ({ params, response }) =>
    sendLongResult(response, podStatus(engine)(viewOf(context, params.id).pod)),
  );
  on('DELETE', '/v2/pods/*id::instances/:instance', (exchange) => killInstance(context, exchange));
  on('DELETE', '/v2/pods/*id::instances', (exchange) => killInstances(context, exchange));
};

/** One that is being torn down is still there. */
const viewOf = ({ engine }: ApiContext, name = ''): PodView => {
  const id = resolvePath(name);
  const view = engine.podView(id);
  if (!view) throw noSuchPod(id);
  return view;
};

const killInstance = async (context: ApiContext, exchange: Exchange): Promise<void> => {
  const { id, instance: instanceId = '' } = exchange.params;
  const view = viewOf(context, id);
  const found = view.instances.filter((instance) => instance.id === instanceId);
  if (found.length === 0) throw notFound(`Instance '${instanceId}' does not exist`);
  const [killed] = await kill(context, exchange, { ...view, instances: found });
  return sendResult(exchange.response, killed);
};

/** Ids that there are not are passed over. */
const killInstances = async (context: ApiContext, exchange: Exchange): Promise<void> => {
  const view = viewOf(context, exchange.params.id);
  const ids = idsIn(await readDocument(exchange.request));
  const found = view.instances.filter(({ id }) => ids.has(id));
  return sendResult(exchange.response, await kill(context, exchange, { ...view, instances: found }));
};

/** Kills instances of a pod, those that have a task, and shows all as they were. */
const kill = async (
  { engine }: ApiContext,
  { query }: Exchange,
  { pod, instances }: Pick<PodView, 'pod' | 'instances'>,
): Promise<object[]> => {
  const shown = instances.map((instance) =>
    podInstanceJson(instance, engine.podAt(pod.id, instance.version) ?? pod),
  );
  const wipe = flag(query, 'wipe');
  const instanceIds = instances
    .filter(({ condition }) => isActive(condition) || (wipe && condition === 'UnreachableInactive'))
    .map(({ id }) => id);
  if (instanceIds.length > 0 && !flag(query, 'dryRun')) await engine.killInstances({ instanceIds, wipe });
  return shown;
};

const idsIn = (document: unknown): Set<string> => {
  if (!Array.isArray(document)) {
    throw new InvalidDocument('malformed', [{ path: '/', message: 'error.expected.jsarray' }]);
  }
  const wrong = document.findIndex((id) => typeof id !== 'string');
  if (wrong >= 0) {
    throw new InvalidDocument('malformed', [{ path: `(${wrong})`, message: 'error.expected.jsstring' }]);
  }
  return new Set(document);
};
