import type { TaskStatus } from '../../mesos/generated/mesos.ts';
import { appIdOf, instanceIdOf } from './ids.ts';
import { type Condition, type Instance, type InstanceTask, isTerminal, isUnreachable } from './instance.ts';
import { changeCondition, killTask, terminateTask } from './instance-life.ts';
import { repeatKill } from './kills.ts';
import { noteMesosHealth } from './mesos-health.ts';
import { noteFailure } from './note-failure.ts';
import { isLive } from './pods/container-tasks.ts';
import { receiveContainerStatus } from './pods/receive-container-status.ts';
import { addressesOf, publishStatus } from './publish-status.ts';
import { conditionOf, isNews } from './task-condition.ts';
import type { Turn } from './turn.ts';
import { becomeUnreachable } from './unreachable.ts';
import { watchRunning } from './watch-running.ts';

/** A status of a task, from its agent or as an answer of the master. Acknowledged once what it changes is durable. */
export const receiveStatus = (turn: Turn, status: TaskStatus): void => {
  const taskId = status.task_id.value;
  turn.state.master.unanswered.delete(taskId);
  const instance = turn.state.instances.get(instanceIdOf(taskId) ?? '');
  const isAnswer = status.uuid === undefined && status.reason === 'REASON_RECONCILIATION';
  if (isAnswer && status.state === 'TASK_RUNNING') repeatKill(turn, taskId);
  const { task } = instance ?? {};
  const container = task?.containers?.find((one) => one.taskId === taskId);
  if (instance && task && container && isLive(container)) {
    receiveContainerStatus(turn, instance, { task, container }, status);
  } else if (instance && task?.id === taskId) {
    applyStatus(turn, instance, task, status);
  } else if (container === undefined || !isTerminal(conditionOf(status))) {
    receiveUnknown(turn, status);
  }
  if (status.uuid !== undefined && status.agent_id) {
    turn.call({
      type: 'ACKNOWLEDGE',
      acknowledge: { agent_id: status.agent_id, task_id: status.task_id, uuid: status.uuid },
    });
  }
};

/** A task of a former incarnation, or of an instance that was given up: it must not run. */
const receiveUnknown = (turn: Turn, status: TaskStatus): void => {
  const condition = conditionOf(status);
  const instanceId = instanceIdOf(status.task_id.value) ?? status.task_id.value;
  if (isTerminal(condition)) {
    turn.publish({
      eventType: 'unknown_instance_terminated_event',
      instanceId,
      runSpecId: appIdOf(instanceId),
      condition,
    });
  } else if (condition !== 'Unreachable' && condition !== 'Killing') {
    turn.call({
      type: 'KILL',
      kill: { task_id: status.task_id, ...(status.agent_id ? { agent_id: status.agent_id } : {}) },
    });
  }
};

const applyStatus = (turn: Turn, instance: Instance, task: InstanceTask, status: TaskStatus): void => {
  const condition = conditionOf(status);
  if (!isNews(instance.condition, condition)) return;
  if (isTerminal(condition)) {
    publishStatus(turn, instance, task, status);
    noteFailure(turn, instance, condition, status);
    terminateTask(turn, instance, {
      condition,
      isDraining: status.reason === 'REASON_AGENT_DRAINING',
      isAgentGone: status.state === 'TASK_GONE_BY_OPERATOR',
    });
    return;
  }
  if (condition === 'Unreachable') {
    if (!isUnreachable(instance.condition)) publishStatus(turn, instance, task, status);
    becomeUnreachable(turn, instance, status.unreachable_time?.nanoseconds);
    return;
  }
  const told = { ...instance, task: taskAfter(task, status, condition, turn.nowMs) };
  const isNew = condition !== instance.condition;
  if (isNew || told.task !== task) publishStatus(turn, instance, told.task, status);
  if (isNew) changeCondition(turn, told, condition);
  else if (told.task !== task) turn.putInstance(told);
  noteMesosHealth(turn, told, status);
  if (!isNew) return;
  if (condition === 'Running') watchRunning(turn, instance.id);
  if (told.goal !== 'Running' || told.task.isKillWanted) killTask(turn, { ...told, condition });
};

/** The task with what a status says about it; the same object when it says nothing new. */
const taskAfter = (
  task: InstanceTask,
  status: TaskStatus,
  condition: Condition,
  nowMs: number,
): InstanceTask => {
  const ipAddresses = addressesOf(status);
  const changes: Partial<InstanceTask> = {};
  if (condition === 'Running' && task.startedAtMs === undefined) changes.startedAtMs = nowMs;
  if (ipAddresses && JSON.stringify(ipAddresses) !== JSON.stringify(task.ipAddresses)) {
    changes.ipAddresses = ipAddresses;
  }
  if (status.healthy !== undefined && status.healthy !== task.isHealthy) changes.isHealthy = status.healthy;
  if (status.check_status && JSON.stringify(status.check_status) !== JSON.stringify(task.checkStatus)) {
    changes.checkStatus = status.check_status;
  }
  if (task.unreachableAtMs === undefined) {
    return Object.keys(changes).length === 0 ? task : { ...task, ...changes };
  }
  const { unreachableAtMs: _back, ...reachable } = task;
  return { ...reachable, ...changes };
};
