import { eachOf } from '../../http/json-pieces.ts';
import type { Exchange } from '../../http/router.ts';
import { isBelow, type PathId, parentOf, ROOT, resolvePath } from '../definitions/path-id.ts';
import { refuseInvalid } from '../definitions/violation.ts';
import { applyGroup, scaleGroup } from '../groups/apply-group.ts';
import { type GroupInput, readGroup } from '../groups/read-group.ts';
import { restoreGroup } from '../groups/restore-group.ts';
import { appsOf, putGroup, type RootGroup, removeGroup } from '../groups/root-group.ts';
import type { AddRoute, ApiContext } from './api-context.ts';
import { changeRoot, type RootChange } from './change-root.ts';
import { type AppEmbed, appEmbeds, groupEmbeds } from './embeds.ts';
import { appInfo } from './json/app-info.ts';
import { groupJson } from './json/group-json.ts';
import { podStatus } from './json/pod-status-json.ts';
import { deadlineOf, flag, locationOf, parseTimestamp, readDocument } from './request.ts';
import { sendDeployment, sendResult } from './send.ts';
import { sendLongResult } from './send-long-result.ts';
import { sendPreview } from './send-preview.ts';
import { apiError, notFound } from './to-http-error.ts';

/** Groups (marathon.md 1.8). The root group has no id in the path. */
export const addGroupRoutes = (on: AddRoute, context: ApiContext): void => {
  for (const base of ['/v2/groups', '/v2/groups/*id']) {
    on('GET', `${base}/versions/:version`, (exchange) => showVersion(context, exchange));
    on('GET', `${base}/versions`, (exchange) => listVersions(context, exchange));
    on('GET', `${base}/apps`, (exchange) => listApps(context, exchange));
    on('GET', base, (exchange) => showGroup(context, exchange));
    on('POST', base, (exchange) => createGroup(context, exchange));
    on('PUT', base, (exchange) => updateGroup(context, exchange));
    on('PATCH', base, (exchange) => enforceRole(context, exchange));
    on('DELETE', base, (exchange) => deleteGroup(context, exchange));
  }
};

const idOf = ({ params }: Exchange): PathId => resolvePath(params.id ?? '');

const noSuchGroup = (id: PathId) => notFound(`Group '${id}' does not exist`);

const showGroup = ({ engine, clock }: ApiContext, exchange: Exchange): Promise<void> => {
  const embeds = groupEmbeds(exchange.query.getAll('embed'));
  const showApp = appInfo(engine, embeds.appEmbeds, clock.now());
  const shown = groupJson(engine.root, idOf(exchange), { embeds, showApp, showPod: podStatus(engine) });
  if (!shown) throw noSuchGroup(idOf(exchange));
  return sendLongResult(exchange.response, shown);
};

const ALWAYS: readonly AppEmbed[] = ['counts', 'deployments'];

const listApps = ({ engine, clock }: ApiContext, exchange: Exchange): Promise<void> => {
  const id = idOf(exchange);
  if (!engine.root.groups.has(id)) throw noSuchGroup(id);
  const show = appInfo(engine, appEmbeds(exchange.query.getAll('embed'), ALWAYS), clock.now());
  return sendLongResult(exchange.response, eachOf(appsOf(engine.root, id), show));
};

/** Those versions of the root group in which something in the group changed; the present one is always among them. */
const listVersions = ({ engine }: ApiContext, exchange: Exchange): Promise<void> => {
  const id = idOf(exchange);
  const present = engine.root.groups.get(id);
  if (!present) throw noSuchGroup(id);
  const versions = engine
    .rootVersions()
    .filter((version) => engine.rootAt(version)?.groups.get(id)?.version === version);
  const all = new Set([...versions, present.version]);
  return sendResult(exchange.response, [...all].sort().reverse());
};

const showVersion = ({ engine, clock }: ApiContext, exchange: Exchange): Promise<void> => {
  const version = parseTimestamp(exchange.params.version ?? '');
  const root = engine.root.version === version ? engine.root : engine.rootAt(version);
  const embeds = groupEmbeds([]);
  const showApp = appInfo(engine, embeds.appEmbeds, clock.now());
  const shown = root && groupJson(root, idOf(exchange), { embeds, showApp, showPod: podStatus(engine) });
  if (!shown) throw notFound(`Group '${idOf(exchange)}' does not exist in version ${version}`);
  return sendLongResult(exchange.response, shown);
};

const createGroup = async (context: ApiContext, exchange: Exchange): Promise<void> => {
  const { request, response, query } = exchange;
  const input = await readGroup(await readDocument(request));
  const id = resolvePath(input.id ?? '', idOf(exchange));
  const force = flag(query, 'force');
  const change: RootChange = {
    force,
    ...deadlineOf(query, context.config),
    change: (root, version) => {
      if (root.groups.has(id)) {
        throw apiError(409, `Group ${id} is already created. Use PUT to change this group.`);
      }
      if (root.apps.has(id)) throw apiError(409, `An app with the path ${id} already exists.`);
      return changedGroup(context, root, { id, input, version, force });
    },
  };
  if (flag(query, 'dryRun')) return sendPreview(context, response, change);
  const plan = await changeRoot(context, change);
  return sendDeployment(response, plan, { status: 201, headers: { Location: locationOf(request, id) } });
};

const updateGroup = async (context: ApiContext, exchange: Exchange): Promise<void> => {
  const { request, response, query } = exchange;
  const input = await readGroup(await readDocument(request));
  const id = idOf(exchange);
  const force = flag(query, 'force');
  const update: RootChange = {
    force,
    ...deadlineOf(query, context.config),
    keepsOnLabels: !flag(query, 'restartOnLabelChange', true),
    change: (root: RootGroup, version: string): RootGroup =>
      changedGroup(context, root, { id, input, version, force }),
  };
  if (flag(query, 'dryRun')) return sendPreview(context, response, update);
  return sendDeployment(response, await changeRoot(context, update));
};

interface GroupChange {
  readonly id: PathId;
  readonly input: GroupInput;
  /** Of the root group that comes of it. */
  readonly version: string;
  readonly force: boolean;
}

const changedGroup = (context: ApiContext, root: RootGroup, change: GroupChange): RootGroup => {
  const { id, input, version, force } = change;
  for (const alone of ['version', 'scaleBy'] as const) {
    const others = Object.keys(input).filter((key) => key !== alone && key !== 'id');
    if (input[alone] === undefined || others.length === 0) continue;
    const message = `'${alone}' is not allowed in conjunction with other properties.`;
    refuseInvalid([{ path: `/${alone}`, message }]);
  }
  if (input.version !== undefined) return rolledBack(context, root, id, input.version);
  if (input.scaleBy !== undefined) return scaleGroup(root, id, input.scaleBy);
  return applyGroup(root, id, input, { settings: context.settings, version, force });
};

const rolledBack = ({ engine }: ApiContext, root: RootGroup, id: PathId, asked: string): RootGroup => {
  const version = parseTimestamp(asked);
  const earlier = engine.rootAt(version);
  if (!earlier?.groups.has(id)) throw apiError(422, `Group ${id} not available in version ${version}`);
  return restoreGroup(root, earlier, id);
};

/** Changes who gets which role from now on; nothing is deployed, hence the empty answer. */
const enforceRole = async (context: ApiContext, exchange: Exchange): Promise<void> => {
  const { enforceRole: isEnforced } = await readGroup(await readDocument(exchange.request));
  const id = idOf(exchange);
  const change: RootChange = {
    force: false,
    change: (root) => {
      const group = root.groups.get(id);
      if (!group) throw noSuchGroup(id);
      if (id === ROOT || parentOf(id) !== ROOT) throw apiError(422, 'Path needs to be top-level');
      return isEnforced === undefined ? root : putGroup(root, { ...group, enforceRole: isEnforced });
    },
  };
  if (flag(exchange.query, 'dryRun')) return sendPreview(context, exchange.response, change);
  await changeRoot(context, change);
  exchange.response.end();
};

/** With `onlyEmpty`, beyond Marathon, a group stays into which somebody has put something meanwhile. */
const deleteGroup = async (context: ApiContext, exchange: Exchange): Promise<void> => {
  const id = idOf(exchange);
  const onlyEmpty = flag(exchange.query, 'onlyEmpty');
  const change: RootChange = {
    force: flag(exchange.query, 'force'),
    ...deadlineOf(exchange.query, context.config),
    change: (root) => {
      if (!root.groups.has(id)) throw noSuchGroup(id);
      if (onlyEmpty && hasMembers(root, id)) throw apiError(409, `Group ${id} is not empty`);
      return removeGroup(root, id);
    },
  };
  if (flag(exchange.query, 'dryRun')) return sendPreview(context, exchange.response, change);
  return sendDeployment(exchange.response, await changeRoot(context, change));
};

const hasMembers = ({ apps, pods }: RootGroup, id: PathId): boolean =>
  [...apps.keys(), ...pods.keys()].some((member) => isBelow(member, id));
