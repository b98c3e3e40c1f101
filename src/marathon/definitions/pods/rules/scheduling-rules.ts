import { constraintViolations } from '../../rules/constraint-rules.ts';
import { specIdViolations } from '../../rules/id-rules.ts';
import { rolloutViolations } from '../../rules/rollout-rules.ts';
import { violationIf } from '../../rules/rule.ts';
import { instancesViolations, unreachableViolations } from '../../rules/strategy-rules.ts';
import { isBound } from '../../run-spec.ts';
import type { PodRule } from './pod-rule.ts';

/** The id, and what decides how many instances there are, where, and how they are replaced (marathon.md 2.9). */
export const schedulingRules: PodRule = function* (pod) {
  const { maximumOverCapacity } = pod.upgradeStrategy;
  yield* specIdViolations(pod.id);
  yield* instancesViolations(pod, '/scaling/instances');
  yield* constraintViolations(pod.constraints, '/scheduling/placement/constraints');
  yield* violationIf(
    isBound(pod) && maximumOverCapacity !== 0,
    '/scheduling/upgrade/maximumOverCapacity',
    `got ${maximumOverCapacity}, expected 0.0`,
  );
  yield* rolloutViolations(pod, '/scheduling/upgrade');
  yield* unreachableViolations(pod, '/scheduling/unreachableStrategy');
};
