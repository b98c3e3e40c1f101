import { runSpecOf } from '../groups/root-group.ts';
import { appDefinitionOf } from './definition-of.ts';
import type { Instance } from './instance.ts';
import { overallHealth } from './instance-health.ts';
import type { Assessment } from './instance-index.ts';
import type { MarathonState } from './state.ts';

/** Looks an instance over. Versions are compared as text: they all have the same form. */
export const assess = (state: MarathonState, instance: Instance): Assessment => {
  const app = runSpecOf(state.root, instance.appId);
  const definition = appDefinitionOf(state, instance);
  const checks = definition?.healthChecks.length ?? 0;
  const isHealthy = overallHealth(state.health.get(instance.id), checks);
  const hasToBeReady = (definition?.readinessChecks.length ?? 0) > 0 && state.locks.has(instance.appId);
  return {
    isCurrent: app !== undefined && instance.appVersion >= app.versionInfo.lastConfigChangeAt,
    isHealthy,
    isReady:
      instance.condition === 'Running' &&
      // Its end is on the way: nothing else may be ended on the strength of it.
      instance.task?.isKillWanted !== true &&
      (checks === 0 || isHealthy === true) &&
      (!hasToBeReady || instance.isReady === true),
  };
};
