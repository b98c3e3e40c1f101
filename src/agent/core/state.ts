import type { AgentOperation } from '../../mesos/agent-protocol.ts';
import type { EventKill } from '../../mesos/generated/executor.ts';
import type {
  CheckStatusInfo,
  ContainerID,
  DrainConfig,
  ExecutorInfo,
  FrameworkInfo,
  MasterInfo,
  NetworkInfo,
  OperationStatus,
  Resource,
  TaskInfo,
  TaskResourceLimitation,
  TaskState,
  TaskStatus,
  TaskStatusReason,
} from '../../mesos/generated/mesos.ts';
import { isTerminal } from '../../mesos/task-state.ts';
import { keyPart } from '../../store/key-part.ts';
import type { OperatorContainer } from './operator-containers.ts';

/** A process that cannot be mistaken for a later one with the same number. */
export interface ProcessIdentity {
  pid: number;
  /** When it began, as the system counts, and in which run of the machine. */
  began: string;
}

/** Who runs an executor's tasks: the agent one by one, the agent in groups, or a program of the framework's. */
export type ExecutorKind = 'command' | 'default' | 'custom';

/** Why a container is being ended on purpose; decides the final state of its task. */
export interface Ending {
  cause:
    | 'kill'
    | 'unhealthy'
    | 'completion-time'
    | 'executor-shutdown'
    | 'registration-timeout'
    | 'limitation'
    | 'preempted';
  /** What it used too much of. */
  limitation?: Limitation;
  /** When what is left of it gets SIGKILL. */
  deadlineMs: number;
}

/** Something with a sandbox and, once it was started, a process. It is forgotten when its process has ended. */
export interface ContainerRecord {
  id: string;
  /** Container of the executor that this one is nested in. */
  parentId?: string;
  frameworkId: string;
  executorId: string;
  /** Absent for the process of a custom executor. */
  taskId?: string;
  sandbox: string;
  phase: 'starting' | 'running';
  process?: ProcessIdentity;
  /** What it has on networks that are not the host's. */
  networks?: NetworkInfo[];
  ending?: Ending;
}

/** One run of an executor; its id is also the id of its container. */
export interface RunRecord {
  id: string;
  frameworkId: string;
  executorId: string;
  kind: ExecutorKind;
  info: ExecutorInfo;
  sandbox: string;
  phase: 'registering' | 'running' | 'terminating' | 'terminated';
  /** Over, and every update about its tasks acknowledged. */
  isCompleted: boolean;
  startedMs: number;
}

export interface TaskRecord {
  runId: string;
  frameworkId: string;
  info: TaskInfo;
  state: TaskState;
  /** One per state at most, the latest last. */
  statuses: TaskStatus[];
  /** Of a custom executor: not delivered to it yet. */
  isQueued: boolean;
  /** Of a custom executor: a kill that it was not there to hear. */
  pendingKill?: EventKill;
  /** The container that the agent runs the task in; tasks of custom executors have none. */
  containerId?: string;
  /** Tasks that were launched together and end together. */
  groupId?: string;
  healthy?: boolean;
  checkStatus?: CheckStatusInfo;
  /** Health checks that failed in a row. */
  failures: number;
  /** Killed for somebody's guarantee: the reason, for people. */
  preemption?: string;
  /** When its command was started. */
  startedMs?: number;
  isCompleted: boolean;
}

export interface Run {
  readonly record: RunRecord;
  readonly tasks: Map<string, TaskRecord>;
  /** Bounded, oldest first. */
  readonly completedTasks: TaskRecord[];
  /** Containers of this run that have not ended: its own, when it has a process, and those nested in it. */
  readonly containers: Set<string>;
  /** Of a custom executor: its event stream is open. */
  isSubscribed: boolean;
}

export interface Framework {
  info: FrameworkInfo;
  /** Shut down by the master: nobody waits for updates any more. */
  isEnding: boolean;
  /** By executor id. */
  readonly runs: Map<string, Run>;
  /** Bounded, oldest first. */
  readonly completedRuns: Run[];
}

/** Updates of one task on their way to the scheduler; only the first one is sent until it is acknowledged. */
export interface UpdateStream {
  readonly frameworkId: string;
  readonly taskId: string;
  readonly queue: { sequence: number; status: TaskStatus }[];
  nextSequence: number;
  attempts: number;
}

export interface OperationRecord {
  operation: AgentOperation;
  status: OperationStatus;
}

/** The master wants every task here to end. */
export interface Drain {
  config: DrainConfig;
  startedMs: number;
}

/** Everything the agent knows. Loaded from its checkpoint and changed by turns only. */
export interface AgentState {
  agentId: string | undefined;
  master: MasterInfo | undefined;
  readonly frameworks: Map<string, Framework>;
  /** Runs that are not completed, by their id. */
  readonly runs: Map<string, Run>;
  /** Tasks that are not completed, by the key of their stream of updates. */
  readonly tasks: Map<string, TaskRecord>;
  readonly containers: Map<string, ContainerRecord>;
  /** What calls of the operator API launched, by key; and the ends of nested containers. */
  readonly operatorContainers: Map<string, OperatorContainer>;
  readonly streams: Map<string, UpdateStream>;
  readonly operations: Map<string, OperationRecord>;
  /** All resources with reservations and volumes applied. */
  resources: Resource[];
  drain: Drain | undefined;
  /** Everything here is being ended: what is launched now is refused. */
  isStopping: boolean;
  readonly counters: Counters;
}

/** What happened since the agent started, for its metrics. */
export interface Counters {
  readonly terminal: Map<TaskState, number>;
  executorsTerminated: number;
  executorsPreempted: number;
  launchErrors: number;
  validUpdates: number;
  invalidUpdates: number;
  validMessages: number;
  invalidMessages: number;
}

/** Parts of a status that differ from update to update. */
export interface StatusDetail {
  state: TaskState;
  message?: string;
  reason?: TaskStatusReason;
  limitation?: TaskResourceLimitation;
}

/** A limit that a container went over, in the words of the last status of its task. */
export interface Limitation {
  readonly reason: TaskStatusReason;
  readonly message: string;
  /** What was used too much of. */
  readonly resources: readonly Resource[];
}

export const emptyState = (resources: Resource[]): AgentState => ({
  agentId: undefined,
  master: undefined,
  frameworks: new Map(),
  runs: new Map(),
  tasks: new Map(),
  containers: new Map(),
  operatorContainers: new Map(),
  streams: new Map(),
  operations: new Map(),
  resources,
  drain: undefined,
  isStopping: false,
  counters: {
    terminal: new Map(),
    executorsTerminated: 0,
    executorsPreempted: 0,
    launchErrors: 0,
    validUpdates: 0,
    invalidUpdates: 0,
    validMessages: 0,
    invalidMessages: 0,
  },
});

/** The id of a container in the shape of the API. */
export const containerIdOf = ({ id, parentId }: ContainerRecord): ContainerID =>
  parentId === undefined ? { value: id } : { value: id, parent: { value: parentId } };

export const findRun = (state: AgentState, frameworkId: string, executorId: string): Run | undefined =>
  state.frameworks.get(frameworkId)?.runs.get(executorId);

/** Names a task, and its stream of updates. */
export const taskKeyOf = (frameworkId: string, taskId: string): string =>
  `${keyPart(frameworkId)}/${keyPart(taskId)}`;

/** A task that is not over, or whose last update is not acknowledged. */
export const findTask = (state: AgentState, frameworkId: string, taskId: string): TaskRecord | undefined =>
  state.tasks.get(taskKeyOf(frameworkId, taskId));

/** Whether nothing runs any more. */
export const isIdle = ({ containers, operatorContainers, tasks }: AgentState): boolean =>
  containers.size === 0 &&
  [...operatorContainers.values()].every(({ phase }) => phase === 'ended') &&
  [...tasks.values()].every(({ state }) => isTerminal(state));

export const hasCapability = (
  info: FrameworkInfo | undefined,
  capability: 'PARTITION_AWARE' | 'TASK_KILLING_STATE',
): boolean => info?.capabilities?.some(({ type }) => type === capability) ?? false;
