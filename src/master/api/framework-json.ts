import type { CommandInfo, FrameworkInfo, Task } from '../../mesos/generated/mesos.ts';
import { summarize } from '../../mesos/resources/summary.ts';
import { allocationRole } from '../../mesos/v0/task-json.ts';
import type { CompletedFramework, Framework, OfferRecord } from '../core/state.ts';
import type { FrameworkView, PlacedExecutor } from './documents/cluster-view.ts';
import type { Fragments } from './documents/fragments.ts';
import { JsonGroup, JsonList } from './documents/json-document.ts';
import { taskText } from './task-text.ts';

/** A framework as /state and /frameworks show it (mesos.md 3.9.1). Times are in seconds. */
export const frameworkJson = (framework: FrameworkView, fragments: Fragments): JsonGroup =>
  new JsonGroup({
    ...frameworkBasics(framework),
    ...detailsJson(framework, framework.connection === 'recovered' ? 0 : framework.registeredMs),
    unregistered_time: 0,
    ...principalJson(framework.info),
    resources: summarize([...framework.used, ...offeredTo(framework)]),
    ...reregisteredJson(framework),
    ...rolesJson(framework),
    tasks: taskList(framework.tasks, fragments),
    unreachable_tasks: taskList(framework.unreachableTasks, fragments),
    completed_tasks: taskList(framework.completedTasks, fragments),
    offers: new JsonList(framework.offers, (offer) => JSON.stringify(offerJson(offer))),
    executors: new JsonList(framework.executors, (executor) => JSON.stringify(executorJson(executor))),
    ...labelsJson(framework.info),
    offer_constraints: framework.offerConstraints ?? {},
  });

/** A framework that is gone; it holds nothing. */
export const completedFrameworkJson = (framework: CompletedFramework, fragments: Fragments): JsonGroup =>
  new JsonGroup({
    ...identityJson(framework, summarize([]), summarize([])),
    active: false,
    connected: false,
    recovered: false,
    ...detailsJson(framework, framework.registeredMs),
    unregistered_time: framework.unregisteredMs / 1000,
    ...principalJson(framework.info),
    resources: summarize([]),
    ...reregisteredJson(framework),
    ...rolesJson(framework),
    tasks: [],
    unreachable_tasks: taskList(framework.unreachableTasks.values(), fragments),
    completed_tasks: taskList(framework.completedTasks, fragments),
    offers: [],
    executors: [],
    ...labelsJson(framework.info),
    offer_constraints: {},
  });

/** What /state-summary shows of a framework, too. */
export const frameworkBasics = (framework: FrameworkView): object => ({
  ...identityJson(framework, summarize(framework.used), summarize(offeredTo(framework))),
  active: framework.connection === 'connected',
  connected: framework.connection === 'connected',
  recovered: framework.connection === 'recovered',
});

/** A list of tasks as the v0 reads show them. */
export const taskList = (tasks: Iterable<Task>, fragments: Fragments): JsonList<Task> =>
  new JsonList(tasks, (task) => taskFragment(task, fragments));

/** A task as the v0 reads show it. */
export const taskFragment = (task: Task, fragments: Fragments): string =>
  fragments.of('v0 task', task, taskText);

const offeredTo = ({ offers }: FrameworkView) => offers.flatMap(({ resources }) => resources);

const identityJson = (
  { id, info }: Pick<Framework, 'id' | 'info'>,
  used: object,
  offered: object,
): object => ({
  id,
  name: info.name,
  used_resources: used,
  offered_resources: offered,
  capabilities: (info.capabilities ?? []).map(({ type }) => type),
  hostname: info.hostname ?? '',
  webui_url: info.webui_url ?? '',
});

const detailsJson = ({ info }: Pick<Framework, 'info'>, registeredMs: number): object => ({
  user: info.user,
  failover_timeout: info.failover_timeout ?? 0,
  checkpoint: info.checkpoint ?? false,
  registered_time: registeredMs / 1000,
});

const principalJson = ({ principal }: FrameworkInfo): object =>
  principal === undefined ? {} : { principal };

const reregisteredJson = ({ reregisteredMs }: Pick<Framework, 'reregisteredMs'>): object =>
  reregisteredMs === undefined ? {} : { reregistered_time: reregisteredMs / 1000 };

const rolesJson = ({ info, roles }: Pick<Framework, 'info' | 'roles'>): object =>
  info.capabilities?.some(({ type }) => type === 'MULTI_ROLE') ? { roles } : { role: info.role ?? '*' };

const labelsJson = ({ labels }: FrameworkInfo): object => (labels ? { labels: labels.labels ?? [] } : {});

const offerJson = ({ id, frameworkId, role, agentId, resources }: OfferRecord): object => ({
  id,
  framework_id: frameworkId,
  allocation_info: { role },
  slave_id: agentId,
  resources: summarize(resources),
});

const executorJson = ({ agentId, frameworkId, info }: PlacedExecutor): object => {
  const role = allocationRole(info.resources ?? []);
  return {
    executor_id: info.executor_id.value,
    name: info.name ?? '',
    framework_id: frameworkId,
    command: commandJson(info.command ?? {}),
    resources: summarize(info.resources ?? []),
    ...(role === undefined ? {} : { role }),
    ...(info.labels ? { labels: info.labels.labels ?? [] } : {}),
    ...(info.type === undefined ? {} : { type: info.type }),
    slave_id: agentId,
  };
};

const commandJson = ({ shell, value, arguments: argv, environment, uris = [] }: CommandInfo): object => ({
  shell: shell ?? true,
  ...(value === undefined ? {} : { value }),
  argv: argv ?? [],
  ...(environment ? { environment } : {}),
  uris: uris.map((uri) => ({ value: uri.value, executable: uri.executable ?? false })),
});
