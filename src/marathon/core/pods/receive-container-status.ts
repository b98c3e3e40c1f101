import type { TaskStatus } from '../../../mesos/generated/mesos.ts';
import { asPod } from '../../definitions/run-spec.ts';
import { definitionOf } from '../definition-of.ts';
import {
  type ContainerTask,
  type Instance,
  type InstanceTask,
  isTerminal,
  isUnreachable,
} from '../instance.ts';
import { changeCondition, killTask, terminateTask } from '../instance-life.ts';
import { forgetKill } from '../kills.ts';
import { noteFailure } from '../note-failure.ts';
import { publishStatus } from '../publish-status.ts';
import { conditionOf, isNews } from '../task-condition.ts';
import type { Turn } from '../turn.ts';
import { becomeUnreachable } from '../unreachable.ts';
import { containerAfter } from './container-after.ts';
import { hasFallen, podCondition } from './pod-condition.ts';
import { podHealth } from './pod-health.ts';
import { settledEndpoints } from './settled-endpoints.ts';

/**
 * A status of one container of a pod. What it means for the instance follows from all of its containers: they are up
 * together and go together (marathon.md 3.1, mesos.md 2.9).
 */
export const receiveContainerStatus = (
  turn: Turn,
  instance: Instance,
  { task, container }: { task: InstanceTask; container: ContainerTask },
  status: TaskStatus,
): void => {
  const told = conditionOf(status);
  if (!isNews(container.condition, told)) return;
  const changed = containerAfter(container, status, turn.nowMs);
  if (changed !== container) {
    const hostPorts = portsOf(turn, instance, container);
    publishStatus(turn, instance, { hostPorts }, status);
  }
  if (isTerminal(told)) {
    forgetKill(turn, container.taskId);
    noteFailure(turn, instance, told, status);
  }
  const containers = (task.containers ?? []).map((one) => (one === container ? changed : one));
  settle(turn, instance, { ...task, containers }, status);
};

const portsOf = (turn: Turn, instance: Instance, { name }: ContainerTask): number[] => {
  const pod = asPod(definitionOf(turn.state, instance));
  const endpoints = pod ? settledEndpoints(pod, instance.task?.hostPorts ?? []) : [];
  return endpoints.flatMap(({ container, hostPort }) =>
    container === name && hostPort !== undefined ? hostPort : [],
  );
};

/** Draws the conclusions for the instance as a whole. */
const settle = (turn: Turn, before: Instance, task: InstanceTask, status: TaskStatus): void => {
  const { containers = [] } = task;
  const condition = podCondition(containers, before.condition);
  const told = { ...before, task };
  if (isTerminal(condition)) {
    terminateTask(turn, told, {
      condition,
      isDraining: containers.some(({ reason }) => reason === 'REASON_AGENT_DRAINING'),
      isAgentGone: containers.some(({ state }) => state === 'TASK_GONE_BY_OPERATOR'),
    });
    return;
  }
  if (isUnreachable(condition)) {
    if (condition === 'UnreachableInactive') turn.putInstance(told);
    else becomeUnreachable(turn, told, status.unreachable_time?.nanoseconds);
    return;
  }
  const after = { ...told, task: reachable(task, condition === 'Running' ? turn.nowMs : undefined) };
  if (condition !== before.condition || isChanged(before.task, after.task)) {
    changeCondition(turn, after, condition);
    tellHealth(turn, before, after);
  }
  if (after.goal !== 'Running' || task.isKillWanted || hasFallen(containers)) {
    killTask(turn, { ...after, condition });
  }
};

const reachable = (
  { unreachableAtMs: _back, ...task }: InstanceTask,
  runningAtMs: number | undefined,
): InstanceTask =>
  runningAtMs === undefined || task.startedAtMs !== undefined ? task : { ...task, startedAtMs: runningAtMs };

const isChanged = (
  before: InstanceTask | undefined,
  { containers = [], unreachableAtMs }: InstanceTask,
): boolean =>
  before?.unreachableAtMs !== unreachableAtMs ||
  containers.some((container, index) => container !== before?.containers?.[index]);

const tellHealth = (turn: Turn, before: Instance, after: Instance): void => {
  const pod = asPod(definitionOf(turn.state, after));
  if (pod === undefined) return;
  const isHealthy = podHealth(pod, after);
  if (isHealthy === podHealth(pod, before)) return;
  turn.publish({
    eventType: 'instance_health_changed_event',
    instanceId: after.id,
    runSpecId: after.appId,
    runSpecVersion: after.appVersion,
    healthy: isHealthy ?? null,
  });
};
