import type { Resource, Task } from '../../mesos/generated/mesos.ts';
import { isReserved } from '../../mesos/resources/traits.ts';
import { isTerminal } from '../../mesos/task-state.ts';
import { topRole } from '../allocator/held-guarantees.ts';
import type { Takeable } from '../allocator/plan-preemption.ts';
import {
  increase,
  increaseAll,
  type MutableQuantities,
  type Quantities,
  toThousandths,
} from '../allocator/quantities.ts';
import { killDeadlineMs } from './preemption-record.ts';
import type { Agent, MasterState, OfferRecord } from './state.ts';

/** Tasks that can only be taken together: all of one executor, or one that has none. */
export interface TaskUnit extends Takeable {
  readonly type: 'tasks';
  readonly frameworkId: string;
  readonly tasks: readonly Task[];
}

export interface OfferUnit extends Takeable {
  readonly type: 'offer';
  readonly offer: OfferRecord;
}

export const offerUnits = ({ offers }: MasterState): OfferUnit[] =>
  [...offers.values()].map((offer) => ({
    type: 'offer',
    key: offer.id,
    agentId: offer.agentId,
    role: topRole(offer.role),
    freed: underQuota(offer.resources),
    taskCount: 0,
    startedMs: offer.offeredMs,
    offer,
  }));

export interface TasksOfAgent {
  readonly units: readonly TaskUnit[];
  /** What tasks that are being killed will give back. */
  readonly ending: Quantities;
}

/**
 * What runs on an agent, as far as it can be taken. Tasks that are being killed, whoever wants it, are as good as free, but not for
 * longer than a kill may take.
 */
export const tasksOf = (state: MasterState, agent: Agent, nowMs: number): TasksOfAgent => {
  const units: TaskUnit[] = [];
  const ending: MutableQuantities = new Map();
  for (const [frameworkId, ids] of agent.taskIds) {
    const tasks = state.frameworks.get(frameworkId)?.tasks;
    const byExecutor = new Map<string, Task[]>();
    for (const id of ids) {
      const task = tasks?.get(id);
      if (!task || isTerminal(task.state)) continue;
      const deadlineMs = killDeadlineMs(state, task);
      if (deadlineMs !== undefined) {
        if (nowMs < deadlineMs) increaseAll(ending, underQuota(task.resources), 1);
        continue;
      }
      const key = task.executor_id === undefined ? `task ${id}` : `executor ${task.executor_id.value}`;
      byExecutor.set(key, [...(byExecutor.get(key) ?? []), task]);
    }
    for (const [key, together] of byExecutor) units.push(unitOf(agent, frameworkId, key, together));
  }
  return { units, ending };
};

const unitOf = (agent: Agent, frameworkId: string, key: string, tasks: readonly Task[]): TaskUnit => {
  const [first] = tasks;
  const resources = tasks.flatMap((task) => task.resources ?? []);
  const role = resources.find(({ allocation_info }) => allocation_info)?.allocation_info?.role ?? '*';
  const executor = agent.executors.get(frameworkId)?.get(first?.executor_id?.value ?? '');
  // Mesos' own executor ends with its tasks; others may wait for more.
  const ofExecutor = executor?.type === 'DEFAULT' ? (executor.resources ?? []) : [];
  return {
    type: 'tasks',
    key: `${frameworkId} ${key}`,
    agentId: agent.id,
    role: topRole(role),
    freed: underQuota([...resources, ...ofExecutor]),
    taskCount: tasks.length,
    startedMs: Math.max(...tasks.map(startedMs)),
    frameworkId,
    tasks,
  };
};

const startedMs = ({ statuses = [] }: Task): number =>
  (statuses[0]?.timestamp ?? Number.POSITIVE_INFINITY) * 1000;

/** Thousandths of the scalars that go back to everybody. */
const underQuota = (resources: readonly Resource[] = []): Quantities => {
  const sums: MutableQuantities = new Map();
  for (const resource of resources) {
    const { name, scalar, revocable, shared } = resource;
    if (scalar === undefined || revocable || shared || isReserved(resource)) continue;
    increase(sums, name, toThousandths(scalar.value));
  }
  return sums;
};
