import type { AgentEvent, AgentTask, SubscribeAgent } from '../../mesos/agent-protocol.ts';
import type { Task } from '../../mesos/generated/mesos.ts';
import { isTerminal } from '../../mesos/task-state.ts';
import { isSameJson } from '../../runtime/is-same-json.ts';
import { addFramework } from './frameworks.ts';
import { masterStatus, sendStatus } from './master-status.ts';
import { adoptOperations } from './operation-status.ts';
import { type Agent, type Framework, touch } from './state.ts';
import { addTask, updateTask } from './tasks.ts';
import type { Turn } from './turn.ts';

type UnknownTasks = Extract<AgentEvent, { type: 'SUBSCRIBED' }>['subscribed']['unknown_tasks'];

/**
 * Brings the master's records in line with what an agent reports of itself (mesos.md 4.2): what the agent runs is true.
 * Returns the tasks that the master knows there and the agent does not; the agent tells the schedulers about them.
 */
export const adoptReport = (
  turn: Turn,
  agent: Agent,
  report: SubscribeAgent,
  { isBackFromUnreachable }: { isBackFromUnreachable: boolean },
): UnknownTasks => {
  adoptFrameworks(turn, report);
  if (isBackFromUnreachable) forgetUnreachable(turn, agent);
  const unknown = unknownTo(report, agent);
  for (const { task } of report.tasks) adoptTask(turn, agent, task, isBackFromUnreachable);
  adoptExecutors(turn, agent, report);
  adoptOperations(turn, agent, report.operations);
  return unknown;
};

/** Thousands of agents that come back to a new master are not known to have any tasks. */
const unknownTo = ({ tasks }: SubscribeAgent, { taskIds }: Agent): UnknownTasks => {
  if (taskIds.size === 0) return [];
  const reported = new Set(tasks.map(({ task }) => keyOf(task)));
  return [...taskIds].flatMap(([frameworkId, ids]) =>
    [...ids]
      .filter((id) => !reported.has(`${frameworkId} ${id}`))
      .map((id) => ({ framework_id: { value: frameworkId }, task_id: { value: id } })),
  );
};

const keyOf = ({ framework_id, task_id }: AgentTask['task']): string =>
  `${framework_id.value} ${task_id.value}`;

/** Frameworks that nobody subscribed as yet are known from here on. */
const adoptFrameworks = (turn: Turn, { frameworks }: SubscribeAgent): void => {
  const { state } = turn;
  for (const info of frameworks) {
    const id = info.id?.value ?? '';
    if (id === '' || state.frameworks.has(id) || state.completedFrameworks.has(id)) continue;
    const framework = addFramework(turn, { ...info, id: { value: id } }, 'recovered');
    turn.observe({ type: 'framework-added', framework });
  }
};

/** Tells the agent what became of its frameworks meanwhile: what belongs to removed ones is ended. */
export const correctFrameworks = (turn: Turn, agent: Agent, { frameworks }: SubscribeAgent): void => {
  for (const info of frameworks) {
    const id = info.id?.value ?? '';
    const known = turn.state.frameworks.get(id);
    if (known && !isSameJson(known.info, info)) {
      turn.toAgent(agent, { type: 'UPDATE_FRAMEWORK', update_framework: { framework_info: known.info } });
    }
    if (turn.state.completedFrameworks.has(id)) {
      const framework_id = { value: id };
      turn.toAgent(agent, { type: 'SHUTDOWN_FRAMEWORK', shutdown_framework: { framework_id } });
    }
  }
};

/** Whatever became of its tasks, they are not out of reach any more. */
const forgetUnreachable = (turn: Turn, { id }: Agent): void => {
  for (const { unreachableTasks } of turn.state.frameworks.values()) {
    for (const [taskId, { agent_id }] of unreachableTasks) {
      if (agent_id.value === id) unreachableTasks.delete(taskId);
    }
  }
};

const adoptTask = (turn: Turn, agent: Agent, task: Task, isBackFromUnreachable: boolean): void => {
  const framework = turn.state.frameworks.get(task.framework_id.value);
  if (!framework) return;
  const known = framework.tasks.get(task.task_id.value);
  if (known) {
    if (known.agent_id.value !== agent.id) return;
    takeLatest(turn, framework, known, task);
    return;
  }
  addTask(turn, framework, agent, withoutPending(task));
  if (isBackFromUnreachable) announceReturn(turn, framework, task);
};

/** Statuses that wait for their acknowledgement come again by themselves: as far as was told, the task is where they begin. */
const withoutPending = (task: Task): Task => {
  if (task.status_update_state === undefined && task.status_update_uuid === undefined) return task;
  const { status_update_state: _state, status_update_uuid: _uuid, ...rest } = task;
  return rest;
};

/** The task went on while the agent was away. */
const takeLatest = (turn: Turn, framework: Framework, known: Task, reported: Task): void => {
  if (isTerminal(known.state) || known.state === reported.state) return;
  const status = reported.statuses?.at(-1);
  if (status?.state === reported.state) updateTask(turn, framework, known, { status });
  else framework.tasks.set(known.task_id.value, { ...known, state: reported.state });
};

const announceReturn = (turn: Turn, framework: Framework, task: Task): void => {
  const last = task.statuses?.at(-1);
  sendStatus(turn, framework, {
    ...masterStatus(turn, {
      taskId: task.task_id.value,
      agentId: task.agent_id.value,
      state: task.state,
      message: 'Unreachable agent re-reregistered',
      reason: 'REASON_AGENT_REREGISTERED',
    }),
    ...(last?.healthy === undefined ? {} : { healthy: last.healthy }),
    ...(last?.check_status === undefined ? {} : { check_status: last.check_status }),
    ...(last?.container_status === undefined ? {} : { container_status: last.container_status }),
  });
};

/** The allocator is told afresh afterwards, so that resources need not be given back one by one. */
const adoptExecutors = (turn: Turn, agent: Agent, { executors }: SubscribeAgent): void => {
  agent.executors.clear();
  touch(agent);
  for (const { framework_id, executor_info } of executors) {
    if (!turn.state.frameworks.has(framework_id.value)) continue;
    const ofFramework = agent.executors.get(framework_id.value) ?? new Map();
    agent.executors.set(framework_id.value, ofFramework.set(executor_info.executor_id.value, executor_info));
  }
};
