import type { TaskState } from '../../mesos/generated/mesos.ts';
import { isTerminal } from '../../mesos/task-state.ts';
import type { CompletedFramework, Framework, MasterState } from '../core/state.ts';
import { CALLS, ENDED_TASKS, EVENTS, FRAMEWORK_OPERATIONS, OFFER_ENDS } from './metric-names.ts';

type Metrics = Record<string, number>;

/** How many tasks frameworks have, by their ids, then by state. */
export type StateCounts = Map<string, ReadonlyMap<TaskState, number>>;

/** What each framework did and got, those that are over and still remembered included (mesos.md 3.12). With pauses. */
export function* frameworkMetrics(
  state: MasterState,
  { heartbeats, counts }: { heartbeats: ReadonlyMap<string, number>; counts: StateCounts },
): Generator<void, Metrics> {
  const metrics: Metrics = {};
  for (const framework of [...state.frameworks.values(), ...state.completedFrameworks.values()]) {
    const counters = new Map(state.frameworkCounters.get(framework.id));
    counters.set('events/heartbeat', heartbeats.get(framework.id) ?? 0);
    addFramework(metrics, framework, { counters, active: counts.get(framework.id) ?? new Map() });
    yield;
  }
  return metrics;
}

const ACTIVE_STATES: readonly TaskState[] = [
  'TASK_STAGING',
  'TASK_STARTING',
  'TASK_RUNNING',
  'TASK_KILLING',
  'TASK_UNREACHABLE',
  'TASK_UNKNOWN',
];

const addFramework = (
  metrics: Metrics,
  framework: Framework | CompletedFramework,
  { counters, active }: { counters: ReadonlyMap<string, number>; active: ReadonlyMap<TaskState, number> },
): void => {
  const { id, info, roles } = framework;
  const prefix = `master/frameworks/${encodeURIComponent(info.name)}/${id}`;
  const addCounts = (group: string, names: readonly string[]): number => {
    let sum = 0;
    for (const name of names) {
      const count = counters.get(`${group}/${name}`) ?? 0;
      metrics[`${prefix}/${group}/${name}`] = count;
      sum += count;
    }
    return sum;
  };
  metrics[`${prefix}/calls`] = addCounts('calls', CALLS);
  metrics[`${prefix}/events`] = addCounts('events', EVENTS);
  metrics[`${prefix}/operations`] = addCounts('operations', FRAMEWORK_OPERATIONS);
  addCounts('offers', OFFER_ENDS);
  addCounts(
    'tasks/terminal',
    ENDED_TASKS.map((state) => `task_${state}`),
  );
  const live = 'connection' in framework ? framework : undefined;
  metrics[`${prefix}/subscribed`] = live?.connection === 'connected' ? 1 : 0;
  for (const state of ACTIVE_STATES) {
    metrics[`${prefix}/tasks/active/${state.toLowerCase()}`] = active.get(state) ?? 0;
  }
  for (const role of roles) {
    metrics[`${prefix}/roles/${role}/suppressed`] = live?.suppressedRoles.has(role) ? 1 : 0;
  }
};

/** Tasks that are not over, by state. */
export const countStates = ({ tasks, unreachableTasks }: Framework): ReadonlyMap<TaskState, number> => {
  const counts = new Map<TaskState, number>([['TASK_UNREACHABLE', unreachableTasks.size]]);
  for (const { state } of tasks.values()) {
    if (!isTerminal(state)) counts.set(state, (counts.get(state) ?? 0) + 1);
  }
  return counts;
};
