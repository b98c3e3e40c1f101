import type { TaskStatus } from '../../mesos/generated/mesos.ts';
import type { TaskFailure } from '../engine.ts';
import { definitionOf } from './definition-of.ts';
import { appIdOf, instanceIdOf } from './ids.ts';
import { type Condition, type Instance, type InstanceTask, isTerminal, isUnreachable } from './instance.ts';
import { changeCondition, killTask, terminateTask } from './instance-life.ts';
import { failureKey } from './keys.ts';
import { repeatKill } from './kills.ts';
import { noteMesosHealth } from './mesos-health.ts';
import { conditionOf, isNews } from './task-condition.ts';
import type { Turn } from './turn.ts';
import { becomeUnreachable } from './unreachable.ts';
import { watchRunning } from './watch-running.ts';

const LONGEST_MESSAGE = 10_000;
const FAILURES: ReadonlySet<Condition> = new Set(['Error', 'Failed', 'Gone', 'Dropped', 'Unknown']);

/** A status of a task, from its agent or as an answer of the master. Acknowledged once what it changes is durable. */
export const receiveStatus = (turn: Turn, status: TaskStatus): void => {
  const taskId = status.task_id.value;
  turn.state.master.unanswered.delete(taskId);
  const instance = turn.state.instances.get(instanceIdOf(taskId) ?? '');
  const isAnswer = status.uuid === undefined && status.reason === 'REASON_RECONCILIATION';
  if (isAnswer && status.state === 'TASK_RUNNING') repeatKill(turn, taskId);
  if (instance?.task?.id === taskId) applyStatus(turn, instance, instance.task, status);
  else receiveUnknown(turn, status);
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
    const isPreempted = status.reason === 'REASON_CONTAINER_PREEMPTED';
    if (FAILURES.has(condition) || isPreempted) noteFailure(turn, instance, status);
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

const addressesOf = ({ container_status }: TaskStatus): InstanceTask['ipAddresses'] => {
  const addresses = (container_status?.network_infos ?? [])
    .flatMap(({ ip_addresses }) => ip_addresses ?? [])
    .flatMap(({ ip_address, protocol }) =>
      ip_address === undefined ? [] : [{ ipAddress: ip_address, protocol: protocol ?? 'IPv4' }],
    );
  return addresses.length === 0 ? undefined : addresses;
};

const publishStatus = (turn: Turn, instance: Instance, task: InstanceTask, status: TaskStatus): void => {
  const ipAddresses = addressesOf(status) ?? task.ipAddresses;
  turn.publish({
    eventType: 'status_update_event',
    slaveId: instance.agent?.id ?? status.agent_id?.value ?? '',
    taskId: task.id,
    taskStatus: status.state,
    message: (status.message ?? '').slice(0, LONGEST_MESSAGE),
    appId: instance.appId,
    host: instance.agent?.hostname ?? '',
    ...(ipAddresses ? { ipAddresses } : {}),
    ports: task.hostPorts,
    version: instance.appVersion,
  });
};

const noteFailure = (turn: Turn, instance: Instance, status: TaskStatus): void => {
  const definition = definitionOf(turn.state, instance);
  const failure: TaskFailure = {
    appId: instance.appId,
    host: instance.agent?.hostname ?? '',
    agentId: instance.agent?.id,
    message: (status.message ?? '').slice(0, LONGEST_MESSAGE),
    state: status.state,
    taskId: status.task_id.value,
    timestampMs: turn.nowMs,
    version: definition?.version ?? instance.appVersion,
  };
  turn.state.failures.set(instance.appId, failure);
  turn.save(failureKey(instance.appId), failure);
};
