import { isPod } from '../definitions/run-spec.ts';
import { runSpecOf } from '../groups/root-group.ts';
import { appDefinitionOf, definitionOf } from './definition-of.ts';
import type { Instance } from './instance.ts';
import { overallHealth } from './instance-health.ts';
import type { Assessment } from './instance-index.ts';
import { passesChecks, podHealth } from './pods/pod-health.ts';
import type { MarathonState } from './state.ts';

/** Looks an instance over. Versions are compared as text: they all have the same form. */
export const assess = (state: MarathonState, instance: Instance): Assessment => {
  const app = runSpecOf(state.root, instance.appId);
  const { isHealthy, passes } = healthOf(state, instance);
  const readinessChecks = appDefinitionOf(state, instance)?.readinessChecks.length ?? 0;
  const hasToBeReady = readinessChecks > 0 && state.locks.has(instance.appId);
  return {
    isCurrent: app !== undefined && instance.appVersion >= app.versionInfo.lastConfigChangeAt,
    isHealthy,
    isReady:
      instance.condition === 'Running' &&
      // Its end is on the way: nothing else may be ended on the strength of it.
      instance.task?.isKillWanted !== true &&
      passes &&
      (!hasToBeReady || instance.isReady === true),
  };
};

/** What checks say; it passes without any. */
const healthOf = (
  state: MarathonState,
  instance: Instance,
): { isHealthy: boolean | undefined; passes: boolean } => {
  const definition = definitionOf(state, instance);
  if (definition && isPod(definition)) {
    return { isHealthy: podHealth(definition, instance), passes: passesChecks(definition, instance) };
  }
  const checks = definition?.healthChecks.length ?? 0;
  const isHealthy = overallHealth(state.health.get(instance.id), checks);
  return { isHealthy, passes: checks === 0 || isHealthy === true };
};
