import { eachOf } from '../../http/json-pieces.ts';
import { send } from '../../http/respond.ts';
import type { Exchange } from '../../http/router.ts';
import { resolvePath } from '../definitions/path-id.ts';
import { readPod } from '../definitions/pods/read-pod.ts';
import type { MarathonEngine } from '../engine.ts';
import { placePod } from '../groups/place-pod.ts';
import { removeRunSpecs } from '../groups/root-group.ts';
import type { AddRoute, ApiContext } from './api-context.ts';
import { changeRoot, type RootChange, requestEvent } from './change-root.ts';
import { findPod, noSuchPod } from './find-pod.ts';
import { podJson } from './json/pod-json.ts';
import { deadlineOf, flag, locationOf, parseTimestamp, readDocument } from './request.ts';
import { deploymentHeader, sendResult } from './send.ts';
import { sendLongResult } from './send-long-result.ts';
import { sendPreview } from './send-preview.ts';
import { apiError } from './to-http-error.ts';

/** Pods (marathon.md 1.10): their definitions; what runs of them is in pod-instance-routes.ts. */
export const addPodRoutes = (on: AddRoute, context: ApiContext): void => {
  const { engine } = context;
  // Clients ask with HEAD whether a Marathon has pods.
  on('HEAD', '/v2/pods', ({ response }) => send(response, 200));
  on('GET', '/v2/pods', ({ response }) =>
    sendLongResult(response, eachOf([...engine.root.pods.values()], podJson)),
  );
  on('POST', '/v2/pods', (exchange) => createPod(context, exchange));
  on('GET', '/v2/pods/*id::versions/:version', (exchange) => showVersion(engine, exchange));
  on('GET', '/v2/pods/*id::versions', ({ params, response }) => {
    const { id } = findPod(engine.root, params.id);
    // An app may have had the id before.
    const versions = engine.appVersions(id).filter((version) => engine.podAt(id, version));
    return sendResult(response, versions.reverse());
  });
  on('GET', '/v2/pods/*id', ({ params, response }) =>
    sendResult(response, podJson(findPod(engine.root, params.id))),
  );
  on('PUT', '/v2/pods/*id', (exchange) => replacePod(context, exchange));
  on('DELETE', '/v2/pods/*id', (exchange) => deletePod(context, exchange));
};

const createPod = async (context: ApiContext, { request, response, query }: Exchange): Promise<void> => {
  const input = await readPod(await readDocument(request));
  const id = resolvePath(input.id);
  const force = flag(query, 'force');
  const change: RootChange = {
    force,
    ...deadlineOf(query, context.config),
    announced: [requestEvent('pod_created_event', request)],
    change: (root, version) => {
      if (root.pods.has(id)) throw apiError(409, `A pod with id [${id}] already exists.`);
      return placePod(root, input, { settings: context.settings, version, force });
    },
  };
  if (flag(query, 'dryRun')) return sendPreview(context, response, change);
  const plan = await changeRoot(context, change);
  return sendResult(response, currentPod(context.engine, id, plan.version), {
    status: 201,
    headers: { ...deploymentHeader(plan), Location: locationOf(request, id) },
  });
};

/** The whole definition is replaced; one that is not there yet is made, with the same answer. */
const replacePod = async (context: ApiContext, exchange: Exchange): Promise<void> => {
  const { request, response, params, query } = exchange;
  const id = resolvePath(params.id ?? '');
  const input = await readPod(await readDocument(request));
  const ownId = resolvePath(input.id);
  if (ownId !== id) throw apiError(400, `'${id}' does not match definition's id ('${ownId}')`);
  const force = flag(query, 'force');
  const change: RootChange = {
    force,
    ...deadlineOf(query, context.config),
    keepsOnLabels: !flag(query, 'restartOnLabelChange', true),
    announced: [requestEvent('pod_updated_event', request)],
    change: (root, version) => placePod(root, input, { settings: context.settings, version, force }),
  };
  if (flag(query, 'dryRun')) return sendPreview(context, response, change);
  const plan = await changeRoot(context, change);
  const shown = currentPod(context.engine, id, plan.version);
  return sendResult(response, shown, { headers: deploymentHeader(plan) });
};

/** The pod as a change to this version of the root group left it: one that did not differ has an earlier version. */
const currentPod = (engine: MarathonEngine, id: string, version: string): object =>
  podJson(engine.podAt(id, version) ?? findPod(engine.root, id));

const showVersion = (engine: MarathonEngine, { params, response }: Exchange): Promise<void> => {
  const id = resolvePath(params.id ?? '');
  const version = parseTimestamp(params.version ?? '');
  const pod = engine.podAt(id, version);
  if (!pod) throw apiError(404, `pod with ${id} does not exist in version ${version}`);
  return sendResult(response, podJson(pod));
};

const deletePod = async (context: ApiContext, exchange: Exchange): Promise<void> => {
  const { request, response, params, query } = exchange;
  const id = resolvePath(params.id ?? '');
  const change: RootChange = {
    force: flag(query, 'force'),
    ...deadlineOf(query, context.config),
    announced: [requestEvent('pod_deleted_event', request)],
    change: (root) => {
      if (!root.pods.has(id)) throw noSuchPod(id);
      return removeRunSpecs(root, new Set([id]));
    },
  };
  if (flag(query, 'dryRun')) return sendPreview(context, response, change);
  const plan = await changeRoot(context, change);
  send(response, 202, '', { ...deploymentHeader(plan), Location: locationOf(request, `/${plan.id}`) });
};
