import { instanceIdOf } from '../../../src/marathon/core/ids.ts';
import { type MasterState, tasksOn } from '../../../src/master/core/state.ts';
import { isTerminal } from '../../../src/mesos/task-state.ts';
import type { SimulatedAgent } from '../master/simulated-agent.ts';
import { insist } from './insist.ts';

/** No instance has tasks of two launches, wherever they run, and no task was started twice. */
export const checkTasks = (agents: readonly SimulatedAgent[]): void => {
  const tasks = agents.flatMap(({ running }) => running);
  insist(new Set(tasks).size === tasks.length, () => `A task runs twice: ${tasks.sort().join(' ')}`);
  const seen = new Map<string, string>();
  for (const taskId of tasks) {
    const instance = instanceIdOf(taskId) ?? taskId;
    const other = seen.get(instance);
    insist(
      other === undefined || launchOf(other) === launchOf(taskId),
      () => `${instance} has tasks of two launches: ${other} and ${taskId}`,
    );
    seen.set(instance, taskId);
  }
};

/** The number of the launch that a task is of. */
const launchOf = (taskId: string): string => taskId.slice(taskId.lastIndexOf('.') + 1);

/** No port of an agent is in two hands. */
export const checkPorts = (state: MasterState): void => {
  for (const agent of state.agents.values()) {
    const holders = new Map<number, string>();
    for (const task of tasksOn(state, agent)) {
      if (isTerminal(task.state)) continue;
      const ranges = (task.resources ?? []).flatMap(({ ranges }) => ranges?.range ?? []);
      for (const { begin, end } of ranges) {
        for (let port = begin; port <= end; port++) {
          const other = holders.get(port);
          const id = task.task_id.value;
          insist(other === undefined, () => `${other} and ${id} both have port ${port} of ${agent.id}`);
          holders.set(port, id);
        }
      }
    }
  }
};
