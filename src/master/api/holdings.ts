import type { Resource } from '../../mesos/generated/mesos.ts';
import { isTerminal } from '../../mesos/task-state.ts';
import { type Agent, type MasterState, tasksOn } from '../core/state.ts';

/**
 * What tasks that are not over and executors hold on an agent. Not merged: what several tasks hold of one kind stands there
 * several times. Reads about all agents take views of them, see documents/cluster-views.ts.
 */
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
