import type { ExecutorInfo, Resource } from '../../mesos/generated/mesos.ts';
import { isTerminal } from '../../mesos/task-state.ts';
import { type Agent, type Framework, type MasterState, tasksOn } from '../core/state.ts';

/** Who holds what: tasks that are not over, executors, and offers that are on their way. */

export interface PlacedExecutor {
  readonly agentId: string;
  readonly frameworkId: string;
  readonly info: ExecutorInfo;
}

/** Executors other than those of command tasks, by the id of their framework. */
export type ExecutorsByFramework = ReadonlyMap<string, readonly PlacedExecutor[]>;

export const executorsByFramework = (state: MasterState): ExecutorsByFramework => {
  const found = new Map<string, PlacedExecutor[]>();
  for (const agent of state.agents.values()) {
    for (const [frameworkId, executors] of agent.executors) {
      const placed = found.get(frameworkId) ?? [];
      for (const info of executors.values()) placed.push({ agentId: agent.id, frameworkId, info });
      found.set(frameworkId, placed);
    }
  }
  return found;
};

/** Not merged: what several tasks hold of one kind stands there several times. */
export const usedOnAgent = (state: MasterState, agent: Agent): Resource[] => {
  const used: Resource[] = [];
  for (const task of tasksOn(state, agent)) {
    if (!isTerminal(task.state)) used.push(...(task.resources ?? []));
  }
  for (const executors of agent.executors.values()) {
    for (const { resources = [] } of executors.values()) used.push(...resources);
  }
  return used;
};

export const usedByFramework = ({ tasks }: Framework, executors: readonly PlacedExecutor[]): Resource[] => {
  const used: Resource[] = [];
  for (const task of tasks.values()) {
    if (!isTerminal(task.state)) used.push(...(task.resources ?? []));
  }
  for (const { info } of executors) used.push(...(info.resources ?? []));
  return used;
};

/** What the outstanding ones of these offers hold. */
export const offeredIn = ({ offers }: MasterState, offerIds: Iterable<string>): Resource[] => {
  const offered: Resource[] = [];
  for (const id of offerIds) offered.push(...(offers.get(id)?.resources ?? []));
  return offered;
};
