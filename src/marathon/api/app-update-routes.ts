import type { Exchange } from '../../http/router.ts';
import type { AppDefinition } from '../definitions/app.ts';
import type { AppInput } from '../definitions/app-input.ts';
import { mergeUpdate } from '../definitions/merge-update.ts';
import { ROOT, type RunSpecId, resolvePath } from '../definitions/path-id.ts';
import { readApp, readAppUpdate } from '../definitions/read-app.ts';
import { InvalidDocument, type Violation, within } from '../definitions/violation.ts';
import { type AppToPlace, placeApps } from '../groups/place-apps.ts';
import { putApps, type RootGroup } from '../groups/root-group.ts';
import type { AddRoute, ApiContext } from './api-context.ts';
import { changeRoot, type RootChange } from './change-root.ts';
import { findApp, noSuchApp } from './find-app.ts';
import { appJson } from './json/app-json.ts';
import { deadlineOf, flag, locationOf, parseTimestamp, readDocument } from './request.ts';
import { deploymentHeader, sendDeployment, sendResult } from './send.ts';
import { sendPreview } from './send-preview.ts';
import { apiError } from './to-http-error.ts';

/** Creating and updating apps (marathon.md 1.6.3, 1.6.5, 1.6.6). */
export const addAppUpdateRoutes = (on: AddRoute, context: ApiContext): void => {
  on('POST', '/v2/apps', (exchange) => createApp(context, exchange));
  on('PUT', '/v2/apps', (exchange) => updateApps(context, exchange, { mayCreate: true }));
  on('PATCH', '/v2/apps', (exchange) => updateApps(context, exchange, { mayCreate: false }));
  on('PUT', '/v2/apps/*id', (exchange) => updateApp(context, exchange, { mayCreate: true }));
  on('PATCH', '/v2/apps/*id', (exchange) => updateApp(context, exchange, { mayCreate: false }));
};

const createApp = async (context: ApiContext, { request, response, query }: Exchange): Promise<void> => {
  const input = await readApp(await readDocument(request));
  const id = resolvePath(input.id);
  const force = flag(query, 'force');
  let created: AppDefinition | undefined;
  const change: RootChange = {
    force,
    ...deadlineOf(query, context.config),
    posted: { request, ids: [id] },
    change: (root, version) => {
      if (root.apps.has(id)) throw apiError(409, `An app with id [${id}] already exists.`);
      const app = { input, base: ROOT, path: '' };
      const after = placeApps(root, [app], { settings: context.settings, version, force });
      created = after.apps.get(id);
      return after;
    },
  };
  if (flag(query, 'dryRun')) return sendPreview(context, response, change);
  const plan = await changeRoot(context, change);
  const { versionInfo, ...shown } = created ? appJson(created) : {};
  const nothingYet = { tasksStaged: 0, tasksRunning: 0, tasksHealthy: 0, tasksUnhealthy: 0 };
  return sendResult(
    response,
    { ...shown, ...nothingYet, deployments: [{ id: plan.id }] },
    { status: 201, headers: { ...deploymentHeader(plan), Location: locationOf(request, id) } },
  );
};

interface UpdateRules {
  readonly mayCreate: boolean;
}

/** An update as it was sent, with the app that it is for. */
interface AppUpdate {
  readonly id: RunSpecId;
  readonly fields: AppInput;
  /** Where it is in the body. */
  readonly path: string;
}

const updateApp = async (context: ApiContext, exchange: Exchange, rules: UpdateRules): Promise<void> => {
  const { request, response, params } = exchange;
  const id = resolvePath(params.id ?? '');
  const fields = await readUpdate(await readDocument(request));
  const { change, created } = changeBy(context, exchange, [{ id, fields, path: '' }], rules);
  if (flag(exchange.query, 'dryRun')) return sendPreview(context, response, change);
  const plan = await changeRoot(context, change);
  const isNew = created.includes(id);
  return sendDeployment(response, plan, {
    status: isNew ? 201 : 200,
    headers: isNew ? { Location: locationOf(request, id) } : {},
  });
};

const updateApps = async (context: ApiContext, exchange: Exchange, rules: UpdateRules): Promise<void> => {
  const document = await readDocument(exchange.request);
  if (!Array.isArray(document)) {
    throw new InvalidDocument('malformed', [{ path: '/', message: 'error.expected.jsarray' }]);
  }
  const updates = await readUpdates(document);
  const { change } = changeBy(context, exchange, updates, rules);
  if (flag(exchange.query, 'dryRun')) return sendPreview(context, exchange.response, change);
  return sendDeployment(exchange.response, await changeRoot(context, change));
};

const readUpdates = async (documents: readonly unknown[]): Promise<AppUpdate[]> => {
  const updates: AppUpdate[] = [];
  const violations: Violation[] = [];
  let kind: InvalidDocument['kind'] = 'invalid';
  for (const [index, document] of documents.entries()) {
    try {
      const fields = await readUpdate(document);
      if (fields.id === undefined) {
        throw apiError(422, 'requirement failed: App Update must have app id set');
      }
      updates.push({ id: resolvePath(fields.id), fields, path: `(${index})` });
    } catch (error) {
      if (!(error instanceof InvalidDocument)) throw error;
      if (error.kind === 'malformed') kind = 'malformed';
      violations.push(...within(`(${index})`, error.violations));
    }
  }
  if (violations.length > 0) throw new InvalidDocument(kind, violations);
  return updates;
};

/** Beside the version to go back to, nothing but the id may be given. */
const readUpdate = async (document: unknown): Promise<AppInput> => {
  const fields = await readAppUpdate(document);
  const others = Object.keys(fields).filter((key) => key !== 'version' && key !== 'id');
  if (fields.version !== undefined && others.length > 0) {
    const message = "The 'version' field may only be combined with the 'id' field.";
    throw new InvalidDocument('invalid', [{ path: '/', message }]);
  }
  return fields;
};

/** The change that updates come to; what it creates is known once it is carried out. */
const changeBy = (
  context: ApiContext,
  { request, query }: Exchange,
  updates: readonly AppUpdate[],
  { mayCreate }: UpdateRules,
): { change: RootChange; created: readonly RunSpecId[] } => {
  const force = flag(query, 'force');
  // PATCH is partial by definition.
  const isPartial = !mayCreate || flag(query, 'partialUpdate', true);
  const created: RunSpecId[] = [];
  const change: RootChange = {
    force,
    ...deadlineOf(query, context.config),
    keepsOnLabels: !flag(query, 'restartOnLabelChange', true),
    posted: { request, ids: updates.map(({ id }) => id) },
    change: (root, version) => {
      const placed: AppToPlace[] = [];
      const restored: AppDefinition[] = [];
      for (const update of updates) {
        const existing = root.apps.get(update.id);
        if (!existing && !mayCreate) throw noSuchApp(update.id);
        if (update.fields.version !== undefined) restored.push(earlierVersion(context, root, update));
        else placed.push(toPlace(update, isPartial ? existing : undefined));
        if (!existing) created.push(update.id);
      }
      const after = placeApps(root, placed, { settings: context.settings, version, force });
      return putApps(after, restored);
    },
  };
  return { change, created };
};

const toPlace = ({ id, fields, path }: AppUpdate, existing: AppDefinition | undefined): AppToPlace => ({
  input: existing ? mergeUpdate(existing, fields) : { ...fields, id },
  base: ROOT,
  path,
});

const earlierVersion = (
  { engine }: ApiContext,
  root: RootGroup,
  { id, fields }: AppUpdate,
): AppDefinition => {
  const version = parseTimestamp(fields.version ?? '');
  findApp(root, id);
  const app = engine.appAt(id, version);
  if (!app) throw apiError(422, `App '${id}' does not exist in version ${version}`);
  return app;
};
