import type { CommandInfo, FrameworkInfo, Resource, Task } from '../../mesos/generated/mesos.ts';
import { summarize } from '../../mesos/resources/summary.ts';
import { allocationRole, taskJson } from '../../mesos/v0/task-json.ts';
import type { CompletedFramework, Framework, MasterState, OfferRecord } from '../core/state.ts';
import { type PlacedExecutor, usedByFramework } from './holdings.ts';

/** A framework as /state and /frameworks show it (mesos.md 3.9.1). Times are in seconds. */
export const frameworkJson = (
  state: MasterState,
  framework: Framework,
  executors: readonly PlacedExecutor[],
): object => {
  const used = usedByFramework(framework, executors);
  const offers = [...framework.offerIds].flatMap((id) => state.offers.get(id) ?? []);
  const offered = offers.flatMap(({ resources }) => resources);
  return {
    ...frameworkBasics(framework, used, offered),
    ...detailsJson(framework, framework.connection === 'recovered' ? 0 : framework.registeredMs),
    unregistered_time: 0,
    ...principalJson(framework.info),
    resources: summarize([...used, ...offered]),
    ...reregisteredJson(framework),
    ...rolesJson(framework),
    tasks: tasksJson(framework.tasks.values()),
    unreachable_tasks: tasksJson(framework.unreachableTasks.values()),
    completed_tasks: tasksJson(framework.completedTasks),
    offers: offers.map(offerJson),
    executors: executors.map(executorJson),
    ...labelsJson(framework.info),
    offer_constraints: framework.offerConstraints ?? {},
  };
};

/** A framework that is gone; it holds nothing. */
export const completedFrameworkJson = (framework: CompletedFramework): object => ({
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
  unreachable_tasks: tasksJson(framework.unreachableTasks.values()),
  completed_tasks: tasksJson(framework.completedTasks),
  offers: [],
  executors: [],
  ...labelsJson(framework.info),
  offer_constraints: {},
});

/** What /state-summary shows of a framework, too. */
export const frameworkBasics = (
  framework: Framework,
  used: readonly Resource[],
  offered: readonly Resource[],
): object => ({
  ...identityJson(framework, summarize(used), summarize(offered)),
  active: framework.connection === 'connected',
  connected: framework.connection === 'connected',
  recovered: framework.connection === 'recovered',
});

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

const tasksJson = (tasks: Iterable<Task>): object[] => Array.from(tasks, taskJson);

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
