import type { TaskStatus } from '../../mesos/generated/mesos.ts';
import { isMesosHealthCheck } from '../definitions/health.ts';
import { appDefinitionOf } from './definition-of.ts';
import type { Instance } from './instance.ts';
import { noteHealth, resultAfter } from './note-health.ts';
import type { Turn } from './turn.ts';

/** Statuses carry what the agent's check of the task found last; each failure is told in a status of its own. */
export const noteMesosHealth = (turn: Turn, instance: Instance, status: TaskStatus): void => {
  if (status.healthy === undefined) return;
  const checks = appDefinitionOf(turn.state, instance)?.healthChecks ?? [];
  const index = checks.findIndex(isMesosHealthCheck);
  if (index < 0) return;
  const before = turn.state.health.get(instance.id)?.results[index];
  // Answers to a reconciliation and other statuses repeat what was told before.
  const isRepeated = status.reason !== 'REASON_TASK_HEALTH_CHECK_STATUS_UPDATED';
  if (isRepeated && before?.alive === status.healthy) return;
  const finding = status.healthy
    ? ({ isAlive: true } as const)
    : { isAlive: false as const, cause: status.message ?? 'The check of the task failed' };
  noteHealth(turn, instance, index, resultAfter(instance.id, before, finding, turn.nowMs));
};
