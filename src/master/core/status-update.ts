import type { AgentCall } from '../../mesos/agent-protocol.ts';
import type { CallAcknowledge } from '../../mesos/generated/scheduler.ts';
import { isTerminal } from '../../mesos/task-state.ts';
import { sendStatus } from './master-status.ts';
import { type Agent, type Framework, isConnected } from './state.ts';
import { completeTask, updateTask } from './tasks.ts';
import type { Turn } from './turn.ts';

type StatusUpdate = Extract<AgentCall, { type: 'STATUS_UPDATE' }>['status_update'];

/**
 * An agent's status goes into the record and on to the scheduler; whoever is away hears it again, because the agent
 * repeats it until the acknowledgement has come (mesos.md 1.11).
 */
export const takeStatusUpdate = (turn: Turn, agent: Agent, update: StatusUpdate): void => {
  turn.count('master/messages_status_update');
  const frameworkId = update.framework_id.value;
  const framework = turn.state.frameworks.get(frameworkId);
  if (!framework) {
    turn.count('master/invalid_status_updates');
    if (turn.state.completedFrameworks.has(frameworkId)) {
      const framework_id = { value: frameworkId };
      turn.toAgent(agent, { type: 'SHUTDOWN_FRAMEWORK', shutdown_framework: { framework_id } });
    }
    return;
  }
  turn.count('master/valid_status_updates');
  const { status, latest_state } = update;
  const task = framework.tasks.get(status.task_id.value);
  const isForwarded = framework.streamId !== undefined;
  if (task?.agent_id.value === agent.id) {
    const updated = updateTask(turn, framework, task, { status, latest: latest_state });
    if (isForwarded && status.uuid !== undefined) {
      framework.tasks.set(status.task_id.value, {
        ...updated,
        status_update_state: status.state,
        status_update_uuid: status.uuid,
      });
    }
  }
  sendStatus(turn, framework, status);
};

/** The scheduler has an update: the agent may go on to the next one, and a task that is over is history. */
export const acknowledge = (
  turn: Turn,
  framework: Framework,
  { agent_id, task_id, uuid }: CallAcknowledge,
): void => {
  turn.count('master/messages_status_update_acknowledgement');
  const agent = turn.state.agents.get(agent_id.value);
  const task = framework.tasks.get(task_id.value);
  // What this master has not sent is sent again by the agent, and acknowledged then.
  const isSent = task === undefined || task.status_update_state !== undefined;
  if (!agent || !isConnected(agent) || !isSent) {
    turn.count('master/invalid_status_update_acknowledgements');
    return;
  }
  turn.count('master/valid_status_update_acknowledgements');
  const isOver = task?.status_update_uuid === uuid && isTerminal(task.status_update_state ?? 'TASK_UNKNOWN');
  if (task && isOver) completeTask(turn, framework, task);
  const acknowledged = { framework_id: { value: framework.id }, task_id, uuid };
  turn.toAgent(agent, { type: 'ACKNOWLEDGE', acknowledge: acknowledged });
};
