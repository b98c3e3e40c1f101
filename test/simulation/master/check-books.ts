import { isDeepStrictEqual } from 'node:util';
import type { MasterCore } from '../../../src/master/core/master-core.ts';
import { tasksOn } from '../../../src/master/core/state.ts';
import type { Resource } from '../../../src/mesos/generated/mesos.ts';
import { isTerminal } from '../../../src/mesos/task-state.ts';

/** What must hold after every turn: nothing is in two hands, nothing is lost, records agree with each other. */
export const checkBooks = ({ state, allocator }: MasterCore): void => {
  for (const agent of state.agents.values()) {
    const held: Resource[] = allocator.available(agent.id);
    for (const task of tasksOn(state, agent)) {
      if (!isTerminal(task.state)) held.push(...(task.resources ?? []));
    }
    for (const id of agent.offerIds) held.push(...(state.offers.get(id)?.resources ?? []));
    const [has, should] = [sums(held), sums(agent.total)];
    insist(isDeepStrictEqual(has, should), `${agent.id} has ${text(has)} instead of ${text(should)}`);
  }
  for (const framework of state.frameworks.values()) {
    for (const [id, task] of framework.tasks) {
      const agent = state.agents.get(task.agent_id.value);
      insist(agent?.taskIds.get(framework.id)?.has(id) === true, `${id} is not known with its agent`);
      insist(!framework.unreachableTasks.has(id), `${id} is here and unreachable`);
    }
  }
  for (const { id, frameworkId, agentId } of state.offers.values()) {
    insist(state.frameworks.get(frameworkId)?.offerIds.has(id) === true, `${id} is unknown to its framework`);
    insist(state.agents.get(agentId)?.offerIds.has(id) === true, `${id} is unknown to its agent`);
  }
};

const insist = (holds: boolean, complaint: string): void => {
  if (!holds) throw new Error(complaint);
};

const text = (sums: ReadonlyMap<string, number>): string => JSON.stringify([...sums]);

/** Thousandths by name and reservation, in order. */
const sums = (resources: readonly Resource[]): Map<string, number> => {
  const result = new Map<string, number>();
  for (const { name, scalar, reservations = [] } of resources) {
    const key = [name, ...reservations.map(({ role }) => role)].join(' ');
    result.set(key, (result.get(key) ?? 0) + Math.round((scalar?.value ?? 0) * 1000));
  }
  return new Map([...result].filter(([, sum]) => sum !== 0).sort());
};
