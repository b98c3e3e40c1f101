import { eachOf } from '../../http/json-pieces.ts';
import type { Exchange } from '../../http/router.ts';
import { ROOT, resolvePath } from '../definitions/path-id.ts';
import { appsBelow, putApp, removeApp } from '../groups/root-group.ts';
import { markForRestart } from '../groups/stamp-versions.ts';
import type { AddRoute, ApiContext } from './api-context.ts';
import { changeRoot, type RootChange } from './change-root.ts';
import { type AppEmbed, appEmbeds } from './embeds.ts';
import { findApp, noSuchApp, wildcardGroup } from './find-app.ts';
import { appInfo } from './json/app-info.ts';
import { appJson } from './json/app-json.ts';
import { parseLabelSelector } from './label-selector.ts';
import { deadlineOf, flag, parseTimestamp } from './request.ts';
import { sendDeployment, sendResult } from './send.ts';
import { sendLongResult } from './send-long-result.ts';
import { sendPreview } from './send-preview.ts';
import { notFound } from './to-http-error.ts';

/** Reading, restarting and removing apps (marathon.md 1.6); what changes them is in app-update-routes.ts. */
export const addAppRoutes = (on: AddRoute, context: ApiContext): void => {
  on('GET', '/v2/apps', (exchange) => listApps(context, exchange));
  on('GET', '/v2/apps/*id/versions/:version', (exchange) => showVersion(context, exchange));
  on('GET', '/v2/apps/*id/versions', ({ params, response }) => {
    const { id } = findApp(context.engine.root, params.id);
    return sendResult(response, { versions: [...context.engine.appVersions(id)].reverse() });
  });
  on('POST', '/v2/apps/*id/restart', (exchange) => restartApp(context, exchange));
  on('GET', '/v2/apps/*id', (exchange) => showApp(context, exchange));
  on('DELETE', '/v2/apps/*id', (exchange) => deleteApp(context, exchange));
};

const listApps = ({ engine, clock }: ApiContext, { query, response }: Exchange): Promise<void> => {
  const cmd = query.get('cmd')?.toLowerCase();
  const id = query.get('id')?.toLowerCase();
  const label = query.get('label');
  const hasLabels = label === null ? () => true : parseLabelSelector(label);
  const apps = [...engine.root.apps.values()].filter(
    (app) =>
      (cmd === undefined || app.cmd?.toLowerCase().includes(cmd)) &&
      (id === undefined || app.id.includes(id)) &&
      hasLabels(app.labels),
  );
  const embeds = appEmbeds(query.getAll('embed'), ['counts', 'deployments']);
  return sendLongResult(response, { apps: eachOf(apps, appInfo(engine, embeds, clock.now())) });
};

/** Of a single app all of this is shown, asked for or not. */
const ALWAYS: readonly AppEmbed[] = ['counts', 'tasks', 'lastTaskFailure', 'deployments'];

const showApp = ({ engine, clock }: ApiContext, { params, query, response }: Exchange): Promise<void> => {
  const show = appInfo(engine, appEmbeds(query.getAll('embed'), ALWAYS), clock.now());
  const group = wildcardGroup(params.id);
  if (group === undefined) return sendLongResult(response, { app: show(findApp(engine.root, params.id)) });
  if (!engine.root.groups.has(group)) throw notFound(`Group '${group}' does not exist`);
  return sendLongResult(response, { '*': eachOf(appsBelow(engine.root, group), show) });
};

const showVersion = ({ engine }: ApiContext, { params, response }: Exchange): Promise<void> => {
  const id = resolvePath(params.id ?? '');
  const version = parseTimestamp(params.version ?? '');
  const app = engine.appAt(id, version);
  if (!app) throw notFound(`App '${id}' does not exist in version ${version}`);
  return sendResult(response, appJson(app));
};

const restartApp = async (context: ApiContext, { params, query, response }: Exchange): Promise<void> => {
  const id = resolvePath(params.id ?? '');
  const change: RootChange = {
    force: flag(query, 'force'),
    ...deadlineOf(query, context.config),
    change: (root, version) => putApp(root, markForRestart(findApp(root, id), version)),
  };
  if (flag(query, 'dryRun')) return sendPreview(context, response, change);
  return sendDeployment(response, await changeRoot(context, change));
};

/** Here, unlike anywhere else, force is the default. */
const deleteApp = async (context: ApiContext, { params, query, response }: Exchange): Promise<void> => {
  const id = resolvePath(params.id ?? '');
  const change: RootChange = {
    force: flag(query, 'force', true),
    ...deadlineOf(query, context.config),
    change: (root) => {
      if (id === ROOT || !root.apps.has(id)) throw noSuchApp(id);
      return removeApp(root, id);
    },
  };
  if (flag(query, 'dryRun')) return sendPreview(context, response, change);
  return sendDeployment(response, await changeRoot(context, change));
};
