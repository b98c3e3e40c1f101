import type { Exchange } from '../../http/router.ts';
import type { AppDefinition } from '../definitions/app.ts';
import { isObject } from '../definitions/json-schema.ts';
import { InvalidDocument } from '../definitions/violation.ts';
import type { MarathonEngine } from '../engine.ts';
import { appsBelow } from '../groups/root-group.ts';
import { answerKill, killOptions } from './answer-kill.ts';
import type { AddRoute, ApiContext } from './api-context.ts';
import { findApp, wildcardGroup } from './find-app.ts';
import { eachTask } from './json/app-info.ts';
import { tasksText } from './json/tasks-text.ts';
import { accepts, readDocument } from './request.ts';
import { sendLongResult, sendLongText } from './send-long-result.ts';
import { apiError, notFound } from './to-http-error.ts';

/** Tasks of apps: reading and killing (marathon.md 1.7). */
export const addTaskRoutes = (on: AddRoute, context: ApiContext): void => {
  on('GET', '/v2/tasks', (exchange) => listTasks(context, exchange));
  on('POST', '/v2/tasks/delete', (exchange) => deleteTasks(context, exchange));
  on('GET', '/v2/apps/*id/tasks', (exchange) => listAppTasks(context, exchange));
  on('DELETE', '/v2/apps/*id/tasks/:task', (exchange) => deleteTask(context, exchange));
  on('DELETE', '/v2/apps/*id/tasks', (exchange) => deleteAppTasks(context, exchange));
};

const listTasks = ({ engine }: ApiContext, exchange: Exchange): Promise<void> => {
  const { response, query } = exchange;
  const apps = [...engine.root.apps.values()];
  if (isTextWanted(exchange)) return sendLongText(response, tasksText(engine, apps));
  const statuses = [...query.getAll('status'), ...query.getAll('status[]')];
  const states = new Set(statuses.map((status) => `TASK_${status.toUpperCase()}`));
  return sendLongResult(response, { tasks: tasksWithin(engine, apps, states) });
};

const listAppTasks = ({ engine }: ApiContext, exchange: Exchange): Promise<void> => {
  const { params, response } = exchange;
  const apps = appsNamed(engine, params.id);
  if (isTextWanted(exchange)) return sendLongText(response, tasksText(engine, apps));
  return sendLongResult(response, { tasks: tasksWithin(engine, apps) });
};

/** All tasks, or those with one of these states. */
function* tasksWithin(
  engine: MarathonEngine,
  apps: readonly AppDefinition[],
  states: ReadonlySet<string> = new Set(),
): Iterable<unknown> {
  for (const app of apps) {
    for (const task of eachTask(engine, app)) {
      if (states.size === 0 || states.has(String(task.state))) yield task;
    }
  }
}

const appsNamed = ({ root }: MarathonEngine, name: string | undefined): AppDefinition[] => {
  const group = wildcardGroup(name);
  if (group === undefined) return [findApp(root, name)];
  if (!root.groups.has(group)) throw notFound(`Group '${group}' does not exist`);
  return appsBelow(root, group);
};

const isTextWanted = ({ request }: Exchange): boolean =>
  accepts(request, 'text/plain') && !accepts(request, 'application/json');

const deleteAppTasks = (context: ApiContext, exchange: Exchange): Promise<void> => {
  const { engine } = context;
  const options = killOptions(exchange);
  const host = exchange.query.get('host') ?? '*';
  const instances = appsNamed(engine, exchange.params.id)
    .flatMap(({ id }) => engine.instances(id))
    .filter(({ agent }) => host === '*' || agent?.hostname.includes(host));
  return answerKill(context, exchange, { instances, options, show: (tasks) => ({ tasks }) });
};

const deleteTask = (context: ApiContext, exchange: Exchange): Promise<void> => {
  const { id, task = '' } = exchange.params;
  const options = killOptions(exchange);
  const { id: appId } = findApp(context.engine.root, id);
  const instance = context.engine.findInstance(task);
  if (instance?.appId !== appId) throw notFound(`Task '${task}' does not exist`);
  return answerKill(context, exchange, {
    instances: [instance],
    options,
    show: ([killed]) => ({ task: killed }),
  });
};

const deleteTasks = async (context: ApiContext, exchange: Exchange): Promise<void> => {
  const options = killOptions(exchange);
  const ids = idsIn(await readDocument(exchange.request));
  // Two ids may name one instance: its task and the instance itself.
  const instances = new Map(
    ids.flatMap((id) => context.engine.findInstance(id) ?? []).map((instance) => [instance.id, instance]),
  );
  return answerKill(context, exchange, {
    instances: [...instances.values()],
    options,
    show: (tasks) => ({ tasks }),
  });
};

/** Every task id holds the app's path and something after it. */
const TASK_ID = /^.+[._][^_.]+$/;

const idsIn = (document: unknown): string[] => {
  const ids = isObject(document) ? document.ids : undefined;
  if (!Array.isArray(ids) || !ids.every((id) => typeof id === 'string')) {
    const message = ids === undefined ? 'error.path.missing' : 'error.expected.jsarray';
    throw new InvalidDocument('malformed', [{ path: '/ids', message }]);
  }
  const invalid = ids.find((id) => !TASK_ID.test(id));
  if (invalid !== undefined) {
    throw apiError(400, `Invalid task id '${invalid}'. It does not name an app and one of its instances.`);
  }
  return ids;
};
