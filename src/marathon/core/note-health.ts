import { appDefinitionOf } from './definition-of.ts';
import type { HealthResult } from './health-result.ts';
import type { Instance } from './instance.ts';
import { overallHealth } from './instance-health.ts';
import type { Turn } from './turn.ts';

/** What one run of a check found; `cause` says why it failed. */
export type Finding = { readonly isAlive: true } | { readonly isAlive: false; readonly cause: string };

/** The result of a check after one more run of it. */
export const resultAfter = (
  instanceId: string,
  before: HealthResult | undefined,
  finding: Finding,
  nowMs: number,
): HealthResult => {
  const { firstSuccessMs, lastFailureMs, lastFailureCause } = before ?? {};
  if (finding.isAlive) {
    return {
      instanceId,
      alive: true,
      consecutiveFailures: 0,
      firstSuccessMs: firstSuccessMs ?? nowMs,
      lastSuccessMs: nowMs,
      ...(lastFailureMs === undefined ? {} : { lastFailureMs }),
      ...(lastFailureCause === undefined ? {} : { lastFailureCause }),
    };
  }
  return {
    ...before,
    instanceId,
    alive: false,
    consecutiveFailures: (before?.consecutiveFailures ?? 0) + 1,
    lastFailureMs: nowMs,
    lastFailureCause: finding.cause,
  };
};

/** Keeps the result of a check, and tells when it makes the instance another. */
export const noteHealth = (turn: Turn, instance: Instance, index: number, result: HealthResult): void => {
  const { state } = turn;
  const { id, appId, appVersion } = instance;
  const checks = appDefinitionOf(state, instance)?.healthChecks.length ?? 0;
  const health = state.health.get(id) ?? { results: [] };
  const before = health.results[index];
  const overallBefore = overallHealth(health, checks);
  health.results[index] = result;
  state.health.set(id, health);
  if (before?.alive === result.alive) return;

  state.instances.refresh(id);
  turn.touched.add(appId);
  turn.publish({
    eventType: 'health_status_changed_event',
    appId,
    instanceId: id,
    version: appVersion,
    alive: result.alive,
  });
  const overall = overallHealth(health, checks);
  if (overall === overallBefore) return;
  turn.publish({
    eventType: 'instance_health_changed_event',
    instanceId: id,
    runSpecId: appId,
    runSpecVersion: appVersion,
    healthy: overall ?? null,
  });
};
