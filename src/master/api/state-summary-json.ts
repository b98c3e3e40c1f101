import type { Task, TaskState } from '../../mesos/generated/mesos.ts';
import { agentJson } from './agent-json.ts';
import type { AgentView, ClusterView } from './documents/cluster-view.ts';
import type { Fragments } from './documents/fragments.ts';
import { JsonGroup, JsonList } from './documents/json-document.ts';
import { frameworkBasics } from './framework-json.ts';
import type { MasterFacts } from './master-facts.ts';
import type { FixedState } from './state-json.ts';

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

const TASKS_PER_STEP = 128;

/** The v0 /state-summary: counters in the place of tasks (mesos.md 3.9.2). */
export function* stateSummaryJson(
  { info }: FixedState,
  facts: MasterFacts,
  view: ClusterView,
  fragments: Fragments,
): Generator<void, JsonGroup> {
  const tallies = yield* tally(view);
  return new JsonGroup({
    hostname: info.hostname ?? '',
    ...(facts.clusterName === undefined ? {} : { cluster: facts.clusterName }),
    slaves: new JsonList(view.agents, (agent) => {
      const basics = fragments.of('v0 agent', agent, agentText);
      const own = tallies.agents.get(agent.id);
      const rest = JSON.stringify({ ...countersJson(own), framework_ids: [...(own?.partners ?? [])] });
      return `${basics.slice(0, -1)},${rest.slice(1)}`;
    }),
    frameworks: new JsonList(view.frameworks, (framework) => {
      const own = tallies.frameworks.get(framework.id);
      return JSON.stringify({
        ...frameworkBasics(framework),
        ...countersJson(own),
        slave_ids: [...(own?.partners ?? [])],
      });
    }),
  });
}

const agentText = (agent: AgentView): string => JSON.stringify(agentJson(agent));

/** How many tasks are in which state, and the frameworks of an agent, or the agents of a framework. */
interface Tally {
  readonly counts: Map<TaskState, number>;
  readonly partners: Set<string>;
}

function* tally(
  view: ClusterView,
): Generator<void, { agents: Map<string, Tally>; frameworks: Map<string, Tally> }> {
  const agents = new Map<string, Tally>();
  const frameworks = new Map<string, Tally>();
  let seen = 0;
  for (const { tasks, unreachableTasks, completedTasks } of view.frameworks) {
    for (const task of [tasks, unreachableTasks, completedTasks].flat()) {
      count(task, agents, frameworks);
      if (++seen % TASKS_PER_STEP === 0) yield;
    }
  }
  return { agents, frameworks };
}

const count = (task: Task, agents: Map<string, Tally>, frameworks: Map<string, Tally>): void => {
  const agentId = task.agent_id.value;
  const frameworkId = task.framework_id.value;
  note(agents, agentId, task.state, frameworkId);
  note(frameworks, frameworkId, task.state, agentId);
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
