import type { Task, TaskState } from '../../mesos/generated/mesos.ts';
import type { MasterState } from '../core/state.ts';
import { agentJson } from './agent-json.ts';
import { frameworkBasics } from './framework-json.ts';
import { executorsByFramework, offeredIn, usedByFramework } from './holdings.ts';
import type { MasterFacts } from './master-facts.ts';

const COUNTED: readonly TaskState[] = [
  'TASK_STAGING',
  'TASK_STARTING',
  'TASK_RUNNING',
  'TASK_KILLING',
  'TASK_FINISHED',
  'TASK_KILLED',
  'TASK_FAILED',
  'TASK_LOST',
  'TASK_ERROR',
  'TASK_UNREACHABLE',
];

/** The v0 /state-summary: counters in the place of tasks (mesos.md 3.9.2). */
export const stateSummaryJson = (state: MasterState, facts: MasterFacts): object => {
  const tallies = tally(state);
  const executors = executorsByFramework(state);
  return {
    hostname: state.info.hostname ?? '',
    ...(facts.clusterName === undefined ? {} : { cluster: facts.clusterName }),
    slaves: [...state.agents.values()].map((agent) => ({
      ...agentJson(state, agent),
      ...countersJson(tallies.agents.get(agent.id)),
      framework_ids: [...(tallies.agents.get(agent.id)?.partners ?? [])],
    })),
    frameworks: [...state.frameworks.values()].map((framework) => ({
      ...frameworkBasics(
        framework,
        usedByFramework(framework, executors.get(framework.id) ?? []),
        offeredIn(state, framework.offerIds),
      ),
      ...countersJson(tallies.frameworks.get(framework.id)),
      slave_ids: [...(tallies.frameworks.get(framework.id)?.partners ?? [])],
    })),
  };
};

/** How many tasks are in which state, and the frameworks of an agent, or the agents of a framework. */
interface Tally {
  readonly counts: Map<TaskState, number>;
  readonly partners: Set<string>;
}

const tally = (state: MasterState): { agents: Map<string, Tally>; frameworks: Map<string, Tally> } => {
  const agents = new Map<string, Tally>();
  const frameworks = new Map<string, Tally>();
  const count = (task: Task): void => {
    const agentId = task.agent_id.value;
    const frameworkId = task.framework_id.value;
    note(agents, agentId, task.state, frameworkId);
    note(frameworks, frameworkId, task.state, agentId);
  };
  for (const framework of state.frameworks.values()) {
    for (const task of framework.tasks.values()) count(task);
    for (const task of framework.unreachableTasks.values()) count(task);
    for (const task of framework.completedTasks) count(task);
  }
  return { agents, frameworks };
};

const note = (tallies: Map<string, Tally>, id: string, taskState: TaskState, partner: string): void => {
  let own = tallies.get(id);
  if (!own) {
    own = { counts: new Map(), partners: new Set() };
    tallies.set(id, own);
  }
  own.counts.set(taskState, (own.counts.get(taskState) ?? 0) + 1);
  own.partners.add(partner);
};

const countersJson = (own: Tally | undefined): Record<string, number> =>
  Object.fromEntries(COUNTED.map((taskState) => [taskState, own?.counts.get(taskState) ?? 0]));
