import type { CommandInfo, ContainerID, ContainerInfo, Resource } from '../../mesos/generated/mesos.ts';
import type { ContainerPlan, SessionPlan } from './effect.ts';
import { commandEnvironment, containerEnvironment } from './environment.ts';
import { planMounts } from './mounts.ts';
import { type NetworkPlan, networkPlanOf } from './network-plan.ts';
import {
  type FoundContainer,
  findContainer,
  isInUse,
  keyOf,
  MAX_OPERATOR_CONTAINERS,
  type OperatorContainer,
  parentKeyOf,
  rootRunOf,
  sandboxFor,
  sandboxOf,
} from './operator-containers.ts';
import type { AgentSettings } from './settings.ts';
import { planContainer } from './start-container.ts';
import type { AgentState } from './state.ts';
import type { Turn } from './turn.ts';

/** What a call wants launched. */
export interface OperatorLaunch {
  id: ContainerID;
  isSession: boolean;
  command: CommandInfo;
  container?: ContainerInfo | undefined;
  resources: Resource[];
  limits?: OperatorContainer['limits'] | undefined;
}

type Context = { readonly state: AgentState; readonly settings: AgentSettings };

/** Why a container cannot be launched, in Mesos' words where it has some; undefined when nothing is in the way. */
export const launchProblem = ({ state }: Context, { id, isSession }: OperatorLaunch): string | undefined => {
  const key = keyOf(id);
  const running = [...state.operatorContainers.values()].filter(({ phase }) => phase !== 'ended');
  if (running.length >= MAX_OPERATOR_CONTAINERS) {
    return `This agent runs ${MAX_OPERATOR_CONTAINERS} containers of operators already`;
  }
  if (state.isStopping) return 'The agent is being stopped';
  const parentKey = parentKeyOf(key);
  if (parentKey === undefined) return undefined;
  const parent = findContainer(state, parentKey);
  if (!parent) return `Parent container ${parentKey} does not exist`;
  if (parent.type === 'operator' && parent.container.kind === 'session') {
    return `Parent container ${parentKey} is a session, in which nothing can be launched`;
  }
  return isEnding(parent, isSession) ? `Parent container ${parentKey} is not running` : undefined;
};

/** The executor of a pod has no process here: containers may be nested in it as long as its run goes on. */
const isEnding = (parent: FoundContainer, isSession: boolean): boolean => {
  if (parent.type === 'operator')
    return parent.container.phase !== 'running' || parent.container.isKilled === true;
  if (parent.container) return parent.container.phase !== 'running';
  return isSession || parent.run.record.phase === 'terminated';
};

/** Takes a container on, of which `launchProblem` has said that it can be launched, and which is not known yet. */
export const launchOperatorContainer = (turn: Turn, launch: OperatorLaunch): void => {
  const key = keyOf(launch.id);
  if (isInUse(turn.state, key)) return;
  const problem = launchProblem(turn, launch);
  if (problem !== undefined) {
    turn.do({ type: 'tell-container', key, news: { type: 'failed', message: problem } });
    return;
  }
  const parentKey = parentKeyOf(key);
  const parent = parentKey === undefined ? undefined : findContainer(turn.state, parentKey);
  const container: OperatorContainer = {
    key,
    id: launch.id,
    kind: launch.isSession ? 'session' : parent ? 'nested' : 'standalone',
    command: launch.command,
    ...(launch.container === undefined ? {} : { container: launch.container }),
    resources: launch.resources,
    ...(launch.limits === undefined ? {} : { limits: launch.limits }),
    // A session works where its parent does.
    sandbox:
      launch.isSession && parent ? sandboxOf(parent) : sandboxFor(turn.settings, parent, launch.id.value),
    phase: 'starting',
    startedMs: turn.nowMs,
  };
  turn.state.operatorContainers.set(key, container);
  turn.saveOperatorContainer(container);
  if (container.kind === 'session') turn.do({ type: 'start-session', plan: planSession(turn, container) });
  else turn.do({ type: 'start-container', plan: planOperatorContainer(turn, container) });
};

const planSession = ({ state }: Context, { key, command, container }: OperatorContainer): SessionPlan => {
  const parentKey = parentKeyOf(key) ?? '';
  const parent = findContainer(state, parentKey);
  return {
    key,
    parentId: parent?.type === 'run' ? (parent.container?.id ?? parent.run.record.id) : parentKey,
    command,
    terminal: container?.tty_info,
  };
};

/** What a container of an operator is started with; also after a restart, to go on with one that runs. */
export const planOperatorContainer = (context: Context, record: OperatorContainer): ContainerPlan => {
  const { state, settings } = context;
  const { key, command, container, sandbox } = record;
  const run = rootRunOf(state, key);
  const parentKey = parentKeyOf(key);
  const parent = parentKey === undefined ? undefined : findContainer(state, parentKey);
  const parentSandbox = parent && sandboxOf(parent);
  const image = container?.mesos?.image;
  const user = command.user ?? run?.record.info.command?.user;
  const prepare = () => ({
    environment: { ...containerEnvironment(sandbox), ...commandEnvironment(command) },
    mounts: planMounts({
      workDir: settings.workDir,
      isolation: settings.isolation,
      hasImage: image !== undefined,
      resources: record.resources,
      container,
      sandbox,
      parentSandbox,
      parentResources: parent?.type === 'run' ? (run?.record.info.resources ?? []) : [],
    }),
  });
  return {
    id: key,
    parentId: run?.record.id,
    frameworkId: run?.record.frameworkId ?? '',
    executorId: run?.record.executorId ?? '',
    taskId: undefined,
    sandbox,
    parentSandbox,
    command,
    container,
    image,
    user: settings.canSwitchUser ? user : undefined,
    network: networkOf(context, record),
    ...usable(context, record),
    ...orRefusal(prepare),
  };
};

/** Its own, or that of whatever it is nested in. */
const networkOf = (context: Context, { key, container }: OperatorContainer): NetworkPlan | undefined => {
  if (!context.settings.isolation.includes('network/cni')) return undefined;
  const own = networkPlanOf(key, container, []);
  const parentKey = parentKeyOf(key);
  if (own || parentKey === undefined) return own;
  const parent = findContainer(context.state, parentKey);
  if (parent?.type === 'operator') return networkOf(context, parent.container);
  return parent?.container && planContainer(context, parent.container)?.network;
};

/** What is nested shares the limits of its root, unless it wants its own. */
const usable = (
  context: Context,
  { key, container, resources, limits = {} }: OperatorContainer,
): Pick<ContainerPlan, 'limitedAs' | 'resources' | 'limits'> => {
  const own = {
    limitedAs: key,
    resources,
    limits: Object.fromEntries(
      Object.entries(limits).map(([name, { value }]) => [name, value ?? Number.POSITIVE_INFINITY]),
    ),
  };
  const parentKey = parentKeyOf(key);
  if (parentKey === undefined || container?.linux_info?.share_cgroups === false) return own;
  const parent = findContainer(context.state, parentKey);
  if (parent?.type === 'operator') return usable(context, parent.container);
  const plan = parent?.container && planContainer(context, parent.container);
  if (!plan) return { ...own, limitedAs: parentKey };
  return { limitedAs: plan.limitedAs, resources: plan.resources, limits: plan.limits };
};

const orRefusal = (
  prepare: () => Pick<ContainerPlan, 'environment' | 'mounts'>,
): Pick<ContainerPlan, 'environment' | 'mounts' | 'refusal'> => {
  try {
    return prepare();
  } catch (error) {
    return { environment: {}, mounts: [], refusal: error instanceof Error ? error.message : String(error) };
  }
};
