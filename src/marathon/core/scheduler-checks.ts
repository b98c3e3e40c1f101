import type { HealthCheck } from '../definitions/health.ts';
import { isMesosHealthCheck } from '../definitions/health.ts';
import { appDefinitionOf } from './definition-of.ts';
import type { ProbePurpose, ProbeResult } from './effect.ts';
import type { Instance } from './instance.ts';
import { killTask } from './instance-life.ts';
import { type Finding, noteHealth, resultAfter } from './note-health.ts';
import { healthTarget } from './probe-target.ts';
import type { Turn } from './turn.ts';

/**
 * Health checks that Marathon performs itself (marathon.md 3.13): HTTP, HTTPS and TCP. Each running instance has a loop per
 * check, so that a new one need not wait for the rhythm of others.
 */

const FIRST_RUN_MS = 1000;

/** Begins the loops of an instance that runs. */
export const startChecks = (turn: Turn, instanceId: string): void => {
  const instance = turn.state.instances.get(instanceId);
  const definition = instance && appDefinitionOf(turn.state, instance);
  if (!instance?.task || !definition) return;
  definition.healthChecks.forEach((check, index) => {
    if (isMesosHealthCheck(check)) return;
    const firstMs = Math.min(check.intervalSeconds * 1000, FIRST_RUN_MS);
    turn.setTimer(`health:${index}:${instanceId}`, firstMs);
  });
};

/** Runs one check of one instance; the loop ends with the task. */
export const runCheck = (turn: Turn, index: number, instanceId: string): void => {
  const { instance, check } = find(turn, instanceId, index);
  if (!instance?.task || !check) return;
  const definition = appDefinitionOf(turn.state, instance);
  const target = definition && healthTarget(definition, instance, check);
  if (target === undefined) {
    apply(turn, { instance, check, index }, { isAlive: false, cause: 'The task has no such port' });
    turn.setTimer(`health:${index}:${instanceId}`, check.intervalSeconds * 1000);
    return;
  }
  turn.effects.push({
    type: 'probe',
    probe: {
      target,
      timeoutMs: check.timeoutSeconds * 1000,
      purpose: { type: 'health', taskId: instance.task.id, instanceId, checkIndex: index },
    },
  });
};

export const receiveHealthProbe = (
  turn: Turn,
  { instanceId, taskId, checkIndex }: Extract<ProbePurpose, { type: 'health' }>,
  result: ProbeResult,
): void => {
  const { instance, check } = find(turn, instanceId, checkIndex);
  if (instance?.task?.id !== taskId || !check) return;
  apply(turn, { instance, check, index: checkIndex }, findingOf(result));
  turn.setTimer(`health:${checkIndex}:${instanceId}`, check.intervalSeconds * 1000);
};

const find = (
  turn: Turn,
  instanceId: string,
  index: number,
): { instance?: Instance; check?: HealthCheck } => {
  const instance = turn.state.instances.get(instanceId);
  const check = instance && appDefinitionOf(turn.state, instance)?.healthChecks[index];
  return instance?.condition === 'Running' && check ? { instance, check } : {};
};

const findingOf = (result: ProbeResult): Finding => {
  switch (result.type) {
    case 'connected':
      return { isAlive: true };
    case 'failed':
      return { isAlive: false, cause: result.message };
    case 'http':
      return result.status >= 200 && result.status < 400
        ? { isAlive: true }
        : { isAlive: false, cause: `HTTP status ${result.status}` };
  }
};

const apply = (
  turn: Turn,
  { instance, check, index }: { instance: Instance; check: HealthCheck; index: number },
  finding: Finding,
): void => {
  const before = turn.state.health.get(instance.id)?.results[index];
  const wasEverAlive = before?.firstSuccessMs !== undefined;
  const upMs = turn.nowMs - instance.sinceMs;
  if (!finding.isAlive && !wasEverAlive && upMs < check.gracePeriodSeconds * 1000) return;
  const result = resultAfter(instance.id, before, finding, turn.nowMs);
  noteHealth(turn, instance, index, result);
  if (finding.isAlive) return;
  turn.publish({
    eventType: 'failed_health_check_event',
    appId: instance.appId,
    taskId: instance.id,
    healthCheck: check,
  });
  const isOver =
    check.maxConsecutiveFailures > 0 && result.consecutiveFailures >= check.maxConsecutiveFailures;
  if (isOver && instance.task && !instance.task.isKillWanted) killUnhealthy(turn, instance, finding.cause);
};

const killUnhealthy = (turn: Turn, instance: Instance, reason: string): void => {
  turn.publish({
    eventType: 'unhealthy_instance_kill_event',
    appId: instance.appId,
    taskId: instance.task?.id ?? '',
    instanceId: instance.id,
    version: instance.appVersion,
    reason,
    host: instance.agent?.hostname ?? '',
    ...(instance.agent ? { slaveId: instance.agent.id } : {}),
  });
  killTask(turn, instance);
};
