import { taskJson } from '../../mesos/v0/task-json.ts';
import type { CompletedFramework, Framework, MasterState } from '../core/state.ts';
import { isActive } from '../core/state.ts';
import { agentJson, agentJsonInFull, recoveredAgentJson } from './agent-json.ts';
import { completedFrameworkJson, frameworkJson } from './framework-json.ts';
import { executorsByFramework } from './holdings.ts';
import type { MasterFacts } from './master-facts.ts';

/** The v0 /state of a master (mesos.md 3.9.1). */
export const stateJson = (state: MasterState, facts: MasterFacts): object => {
  const { info } = state;
  const pid = info.pid ?? '';
  const hostname = info.hostname ?? '';
  const agents = [...state.agents.values()];
  const active = agents.filter(isActive).length;
  return {
    ...facts.version,
    start_time: state.startedMs / 1000,
    elected_time: state.startedMs / 1000,
    id: state.masterId,
    pid,
    hostname,
    capabilities: (info.capabilities ?? []).map(({ type }) => type),
    activated_slaves: active,
    deactivated_slaves: agents.length - active,
    unreachable_slaves: state.unreachableAgents.size,
    leader: pid,
    leader_info: { id: state.masterId, pid, port: info.port, hostname },
    ...(facts.clusterName === undefined ? {} : { cluster: facts.clusterName }),
    flags: facts.flags,
    slaves: agents.map((agent) => agentJson(state, agent)),
    recovered_slaves: recovered(state),
    ...frameworkLists(state),
    orphan_tasks: [],
    unregistered_frameworks: [],
  };
};

/** The v0 /slaves, of all agents or of one. */
export const agentsJson = (state: MasterState, wantedId: string | null): object => ({
  slaves: [...state.agents.values()]
    .filter(({ id }) => wantedId === null || id === wantedId)
    .map((agent) => agentJsonInFull(state, agent)),
  recovered_slaves: recovered(state, wantedId),
});

/** The v0 /frameworks, of all frameworks or of one. */
export const frameworksJson = (state: MasterState, wantedId: string | null): object => ({
  ...frameworkLists(state, wantedId),
  unregistered_frameworks: [],
});

export interface TasksQuery {
  readonly limit: number;
  readonly offset: number;
  readonly isAscending: boolean;
  readonly taskId: string | null;
  readonly frameworkId: string | null;
}

/** The v0 /tasks: a page of all tasks that are known, by the time of their first status. */
export const tasksJson = (state: MasterState, query: TasksQuery): object => {
  const frameworks = [...state.frameworks.values(), ...state.completedFrameworks.values()].filter(
    ({ id }) => query.frameworkId === null || id === query.frameworkId,
  );
  const tasks = frameworks
    .flatMap((framework) => [...tasksOf(framework)])
    .filter(({ task_id }) => query.taskId === null || task_id.value === query.taskId)
    .map((task) => ({ task, since: task.statuses?.[0]?.timestamp ?? 0 }))
    .sort((one, other) => (query.isAscending ? one.since - other.since : other.since - one.since));
  return {
    tasks: tasks.slice(query.offset, query.offset + query.limit).map(({ task }) => taskJson(task)),
  };
};

function* tasksOf(framework: Framework | CompletedFramework) {
  if ('tasks' in framework) yield* framework.tasks.values();
  yield* framework.unreachableTasks.values();
  yield* framework.completedTasks;
}

const frameworkLists = (state: MasterState, wantedId: string | null = null): object => {
  const executors = executorsByFramework(state);
  const isWanted = ({ id }: { id: string }): boolean => wantedId === null || id === wantedId;
  return {
    frameworks: [...state.frameworks.values()]
      .filter(isWanted)
      .map((framework) => frameworkJson(state, framework, executors.get(framework.id) ?? [])),
    completed_frameworks: [...state.completedFrameworks.values()]
      .filter(isWanted)
      .map(completedFrameworkJson),
  };
};

const recovered = (state: MasterState, wantedId: string | null = null): object[] =>
  [...state.recoveredAgents]
    .filter(([id]) => wantedId === null || id === wantedId)
    .map(([id, agent]) => recoveredAgentJson(id, agent));
