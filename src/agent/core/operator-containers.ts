import { join } from 'node:path';
import type {
  CommandInfo,
  ContainerID,
  ContainerInfo,
  Resource,
  TaskResourceLimitation,
  TaskState,
  TaskStatusReason,
} from '../../mesos/generated/mesos.ts';
import type { AgentState, ContainerRecord, Limitation, ProcessIdentity, Run } from './state.ts';

/** What is told to whoever waits for a container (mesos.md 3.8, WAIT_CONTAINER). */
export interface Termination {
  /** As waitpid gives it. */
  exit_status?: number;
  state?: TaskState;
  reason?: TaskStatusReason;
  limitation?: TaskResourceLimitation;
  message?: string;
}

/**
 * A container that a call of the operator API launched: nested in another one, standalone, or a session, which is a
 * command inside another container that lives as long as its caller listens. It is kept after its end, so that its exit
 * can be asked for, until it is removed or its parent ends. The end of a task's nested container is kept the same way.
 */
export interface OperatorContainer {
  /** Its id and those of its parents, the outermost first, joined by dots: no id holds one. */
  key: string;
  id: ContainerID;
  kind: 'nested' | 'standalone' | 'session';
  command: CommandInfo;
  container?: ContainerInfo;
  resources: Resource[];
  limits?: Readonly<Record<string, { value: number }>>;
  sandbox: string;
  phase: 'starting' | 'running' | 'ended';
  process?: ProcessIdentity;
  /** Asked to end, or its parent did. */
  isKilled?: boolean;
  limitation?: Limitation;
  termination?: Termination;
  startedMs: number;
}

/** Kept ends of one root container, the latest. */
export const MAX_KEPT_ENDS = 1_000;
/** Containers of operators that run at a time. */
export const MAX_OPERATOR_CONTAINERS = 1_000;
/** How deep containers may be nested in each other. */
export const MAX_NESTING = 8;

/** A container as calls name it: what runs a task or an executor, or what an operator launched. */
export type FoundContainer =
  | { type: 'run'; key: string; run: Run; container: ContainerRecord | undefined }
  | { type: 'operator'; key: string; container: OperatorContainer };

/** The ids on the way to a container, joined by dots. */
export const keyOf = ({ value, parent }: ContainerID): string =>
  parent === undefined ? value : `${keyOf(parent)}.${value}`;

export const parentKeyOf = (key: string): string | undefined => {
  const dot = key.lastIndexOf('.');
  return dot < 0 ? undefined : key.slice(0, dot);
};

/** Of a task's or an executor's container. */
export const keyOfRecord = ({ id, parentId }: ContainerRecord): string =>
  parentId === undefined ? id : `${parentId}.${id}`;

/** The container that an id means; undefined for one that is not known (any more). */
export const findContainer = (
  { runs, containers, operatorContainers }: AgentState,
  key: string,
): FoundContainer | undefined => {
  const launched = operatorContainers.get(key);
  if (launched) return { type: 'operator', key, container: launched };
  const own = runs.get(key);
  if (own) return { type: 'run', key, run: own, container: containers.get(key) };
  const container = containers.get(key.slice(key.lastIndexOf('.') + 1));
  const run = container && runs.get(container.parentId ?? container.id);
  return container && run && keyOfRecord(container) === key
    ? { type: 'run', key, run, container }
    : undefined;
};

/** Whether an id is taken. That of a standalone container is free again when it has ended. */
export const isInUse = (state: AgentState, key: string): boolean => {
  const found = findContainer(state, key);
  return (
    found !== undefined &&
    !(found.type === 'operator' && found.container.kind === 'standalone' && found.container.phase === 'ended')
  );
};

/** The run of an executor that a container is nested in, however deep; undefined for what is standalone. */
export const rootRunOf = ({ runs }: AgentState, key: string): Run | undefined => {
  const dot = key.indexOf('.');
  return runs.get(dot < 0 ? key : key.slice(0, dot));
};

/** Where a container puts its files: nested ones below their parent's sandbox, standalone ones in a place of their own. */
export const sandboxFor = (
  { workDir }: { workDir: string },
  parent: FoundContainer | undefined,
  id: string,
): string => {
  if (parent === undefined) return join(workDir, 'containers', id);
  const folder = sandboxOf(parent);
  return join(folder, 'containers', id);
};

export const sandboxOf = (found: FoundContainer): string =>
  found.type === 'operator'
    ? found.container.sandbox
    : (found.container?.sandbox ?? found.run.record.sandbox);

/** What a container was told about a terminal, if it has one. */
export const terminalOf = (found: FoundContainer): ContainerInfo['tty_info'] => {
  if (found.type === 'operator') return found.container.container?.tty_info;
  const { run, container } = found;
  const task = container?.taskId === undefined ? undefined : run.tasks.get(container.taskId)?.info;
  return (task ?? run.record.info).container?.tty_info;
};

/** Every container of an operator below a container, at any depth. */
export const containersBelow = ({ operatorContainers }: AgentState, key: string): OperatorContainer[] =>
  [...operatorContainers.values()].filter((container) => container.key.startsWith(`${key}.`));
