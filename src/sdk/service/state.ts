import type { TaskState } from '../../mesos/generated/mesos.ts';
import { TERMINAL_STATES } from '../../mesos/task-state.ts';
import type { Store } from '../../store/store.ts';

/** Where an instance of a pod has its place. It keeps it until it is replaced or its agent is gone for good. */
export interface InstanceRecord {
  readonly agentId: string;
  readonly hostname: string;
  /** Attributes of the agent as text, for placement. */
  readonly attributes: Readonly<Record<string, string>>;
  /** Host ports by key (names.ts). */
  readonly ports: Readonly<Record<string, number>>;
  /** False until a task has been there: before that nothing is lost with the place. */
  readonly isConfirmed: boolean;
}

/** A place that was learnt from a running task alone is no more than the name of its agent. */
export const isPlaceKnown = ({ hostname }: InstanceRecord): boolean => hostname !== '';

/** A task of an instance, over all of its runs. */
export interface TaskRecord {
  /** Of the last run. */
  readonly id: string;
  readonly agentId: string;
  readonly state: TaskState;
  readonly message: string | undefined;
  /** When it began to run, in milliseconds. */
  readonly startedMs: number | undefined;
  readonly isReady: boolean;
  /** Only for tasks that have a health check. */
  readonly isHealthy: boolean | undefined;
  /** A task that runs ONCE has ended well. */
  readonly isDone: boolean;
  /** It has been what its goal says: when it ends, it is started again whatever the plan is at. */
  readonly wasDeployed: boolean;
  /** Told to end, by us. */
  readonly isEnding: boolean;
  /** Runs in a row that ended too early. */
  readonly failures: number;
  /** Not started before this time, in milliseconds. */
  readonly notBeforeMs: number;
}

/** Agents that hold what an instance has left behind there for good; it is destroyed when it is offered. */
export type Abandoned = readonly string[];

export interface ServiceState {
  frameworkId: string | undefined;
  /** By instance name. */
  readonly instances: Map<string, InstanceRecord>;
  /** By task name. */
  readonly tasks: Map<string, TaskRecord>;
  /** By instance name. */
  readonly abandoned: Map<string, Abandoned>;

  // The rest is not durable.

  isConnected: boolean;
  /** Whether the master sends offers; unknown after a subscription, refused for a while after a call that failed. */
  interest: 'unknown' | 'revived' | 'suppressed' | 'refused';
  /** Tasks that offers were asked for last. */
  wantedBefore: ReadonlySet<string>;
  /** Since when there is a connection, in milliseconds. */
  subscribedMs: number;
  /** All that the master knows of our tasks was told since the subscription. */
  isReconciled: boolean;
  /** Live tasks, by id, that the master has not told of since the subscription. */
  readonly unreconciled: Set<string>;
  reconcileAttempts: number;
  /** Instances whose resources were not in an offer of their agent, since when. */
  readonly missingSince: Map<string, number>;
  /** Tasks whose probe is under way or will be, by name; the id of the run. */
  readonly probes: Map<string, string>;
}

/** Keys in the store. */
export const FRAMEWORK_KEY = 'framework';
export const instanceKey = (instance: string): string => `instance/${instance}`;
export const taskKey = (name: string): string => `task/${name}`;
export const abandonedKey = (instance: string): string => `abandoned/${instance}`;

export const emptyState = (): ServiceState => ({
  frameworkId: undefined,
  instances: new Map(),
  tasks: new Map(),
  abandoned: new Map(),
  isConnected: false,
  interest: 'unknown',
  wantedBefore: new Set(),
  subscribedMs: 0,
  isReconciled: false,
  unreconciled: new Set(),
  reconcileAttempts: 0,
  missingSince: new Map(),
  probes: new Map(),
});

/** What a former life of the scheduler has left in the store. */
export const loadState = (store: Store): ServiceState => {
  const state = emptyState();
  const framework = store.get(FRAMEWORK_KEY) as { id: string } | undefined;
  state.frameworkId = framework?.id;
  load(store, instanceKey(''), state.instances);
  load(store, taskKey(''), state.tasks);
  load(store, abandonedKey(''), state.abandoned);
  return state;
};

const load = <T>(store: Store, prefix: string, target: Map<string, T>): void => {
  // Only turn.ts writes there, in this very form.
  for (const { key, value } of store.range(prefix)) target.set(key.slice(prefix.length), value as T);
};

const ENDED = [...TERMINAL_STATES, 'TASK_UNKNOWN'] as const;

type EndedState = (typeof ENDED)[number];

/** A run that goes on, or may. */
export type LiveTask = TaskRecord & { readonly state: Exclude<TaskState, EndedState> };

/** Nothing of the run is left, or nobody knows of anything. Unreachable tasks may come back. */
export const hasEnded = (state: TaskState): state is EndedState => ENDED.some((ended) => ended === state);

export const isLive = (task: TaskRecord | undefined): task is LiveTask =>
  task !== undefined && !hasEnded(task.state);
