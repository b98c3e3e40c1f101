import type { ContainerInfo, Resource } from '../../mesos/generated/mesos.ts';
import { isTerminal } from '../../mesos/task-state.ts';
import { containerWithoutEngine } from './container-without-engine.ts';
import type { ContainerPlan } from './effect.ts';
import { executorEnvironment, taskEnvironment } from './environment.ts';
import { planMounts } from './mounts.ts';
import { type NetworkPlan, networkPlanOf } from './network-plan.ts';
import type { AgentSettings } from './settings.ts';
import { sharedIpcOf } from './shared-ipc.ts';
import type { AgentState, ContainerRecord, Run } from './state.ts';
import type { Turn } from './turn.ts';

/** Has a container started; also after the agent died before the container's command could run. */
export const startContainer = (turn: Turn, container: ContainerRecord): void => {
  const plan = planContainer(turn, container);
  if (plan) turn.do({ type: 'start-container', plan });
};

/** What the containers of a run may use has changed: a task came, or went. */
export const updateContainers = (turn: Turn, run: Run): void => {
  // Every task of a command executor has limits of its own, which never change.
  if (run.record.kind === 'command') return;
  const told = new Set<string>();
  for (const id of run.containers) {
    const container = turn.state.containers.get(id);
    const plan = container?.phase === 'running' ? planContainer(turn, container) : undefined;
    if (!plan || told.has(plan.limitedAs)) continue;
    told.add(plan.limitedAs);
    turn.do({ type: 'update-container', plan });
  }
};

/** All that is needed to start a container; undefined when nobody knows any more whose it is. */
export const planContainer = (
  context: { state: AgentState; settings: AgentSettings },
  record: ContainerRecord,
): ContainerPlan | undefined => {
  const { state, settings } = context;
  const framework = state.frameworks.get(record.frameworkId);
  const run = state.runs.get(record.parentId ?? record.id);
  if (!framework || !run) return undefined;
  const task = record.taskId === undefined ? undefined : run.tasks.get(record.taskId)?.info;
  const { command = {}, container: wanted } = task ?? run.record.info;
  const { container, problem } = runnable(wanted, settings);
  const parentSandbox = record.parentId === undefined ? undefined : run.record.sandbox;
  const image = container?.mesos?.image;
  const ipc = settings.isolation.includes('namespaces/ipc')
    ? sharedIpcOf({ ...record, container, executor: run.record.info.container })
    : undefined;
  const network = settings.isolation.includes('network/cni') ? networkOf(run, record, container) : undefined;
  const prepare = () => {
    if (problem !== undefined) throw problem;
    refuseSeccomp(container);
    if (task === undefined && network) refuseUnreachable(settings);
    const environment = task
      ? taskEnvironment(context, framework, { run: run.record, container: record, task })
      : executorEnvironment(context, framework, run.record);
    return {
      environment: network ? { ...environment, ...ADDRESSES_INSIDE } : environment,
      mounts: planMounts({
        workDir: settings.workDir,
        isolation: settings.isolation,
        hasImage: image !== undefined,
        resources: (task ?? run.record.info).resources ?? [],
        container,
        sandbox: record.sandbox,
        parentSandbox,
        parentResources: task && parentSandbox !== undefined ? (run.record.info.resources ?? []) : [],
      }),
    };
  };
  return {
    id: record.id,
    parentId: record.parentId,
    frameworkId: record.frameworkId,
    executorId: record.executorId,
    taskId: record.taskId,
    sandbox: record.sandbox,
    parentSandbox,
    command,
    container,
    image,
    user: settings.canSwitchUser ? command.user : undefined,
    network,
    ...(ipc ? { ipc } : {}),
    ...usable(run, record, container),
    ...orRefusal(prepare),
  };
};

/** Addresses of the agent mean nothing on another network. */
const ADDRESSES_INSIDE = { LIBPROCESS_IP: '0.0.0.0', MESOS_CONTAINER_IP: '0.0.0.0' };

/** Its own, or that of the executor which it is nested in. */
const networkOf = (
  run: Run,
  { id, parentId }: ContainerRecord,
  container: ContainerInfo | undefined,
): NetworkPlan | undefined => {
  const tasks = [...run.tasks.values()].map(({ info }) => info);
  const own = networkPlanOf(id, container, tasks);
  if (own || parentId === undefined) return own;
  return networkPlanOf(parentId, run.record.info.container, tasks);
};

/** Without a container engine its containers are run by the agent itself, where it runs images. */
const runnable = (
  container: ContainerInfo | undefined,
  { containerizers, isolation }: AgentSettings,
): { container: ContainerInfo | undefined; problem?: unknown } => {
  const isOwn = !containerizers.includes('docker') && isolation.includes('docker/runtime');
  if (container?.type !== 'DOCKER' || !isOwn) return { container };
  try {
    return { container: containerWithoutEngine(container, isolation) };
  } catch (problem) {
    return { container, problem };
  }
};

/** To run it without the filter that was asked for would be worse than not at all. */
const refuseSeccomp = (container: ContainerInfo | undefined): void => {
  const { seccomp } = container?.linux_info ?? {};
  if (seccomp?.profile_name === undefined) return;
  throw new Error(
    `The seccomp profile '${seccomp.profile_name}' cannot be applied: this agent filters no system calls`,
  );
};

/** An executor that cannot reach its agent would wait for it in vain, and everybody for the executor. */
const refuseUnreachable = ({ ip }: AgentSettings): void => {
  if (!ip.startsWith('127.') && ip !== '::1') return;
  throw new Error(
    `On a network of its own the executor cannot reach this agent, which listens on ${ip}: start the agent with --host`,
  );
};

/** A nested container shares its executor's limits, which are those of all tasks there, unless it wants its own. */
const usable = (
  run: Run,
  { id, parentId, taskId }: ContainerRecord,
  container: ContainerInfo | undefined,
) => {
  const own = taskId === undefined ? undefined : run.tasks.get(taskId)?.info;
  const live = [...run.tasks.values()].filter(({ state, info }) => info === own || !isTerminal(state));
  const resources: Resource[] = [
    ...(run.record.info.resources ?? []),
    ...live.flatMap(({ info }) => info.resources ?? []),
  ];
  if (parentId !== undefined && container?.linux_info?.share_cgroups === false) {
    // Ports are those of the network, and that is shared all the same.
    const isPorts = ({ name }: Resource): boolean => name === 'ports';
    const apart = (own?.resources ?? []).filter((resource) => !isPorts(resource));
    return {
      limitedAs: id,
      resources: [...apart, ...resources.filter(isPorts)],
      limits: limitsOf(own?.limits),
    };
  }
  return {
    limitedAs: parentId ?? id,
    resources,
    limits: run.record.kind === 'command' ? limitsOf(own?.limits) : {},
  };
};

/** A limit that is infinite has become null on its way through the checkpoint. */
const limitsOf = (limits: Readonly<Record<string, { value: number | null }>> = {}): Record<string, number> =>
  Object.fromEntries(
    Object.entries(limits).map(([name, { value }]) => [name, value ?? Number.POSITIVE_INFINITY]),
  );

/** What cannot be prepared fails in the container's own start, like everything else that goes wrong there. */
const orRefusal = <Prepared extends { environment: Record<string, string>; mounts: unknown[] }>(
  prepare: () => Prepared,
): Prepared | { environment: Record<string, string>; mounts: []; refusal: string } => {
  try {
    return prepare();
  } catch (error) {
    return { environment: {}, mounts: [], refusal: error instanceof Error ? error.message : String(error) };
  }
};
