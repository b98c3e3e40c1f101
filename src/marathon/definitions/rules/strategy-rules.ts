import { hasExternalVolumes, isResident, isSingleInstance } from '../app-facts.ts';
import { isBound, type RunSpec } from '../run-spec.ts';
import type { Violation } from '../violation.ts';
import { rolloutViolations } from './rollout-rules.ts';
import { type Rule, violationIf } from './rule.ts';

/** Of one app or pod. Marathon has no bound; each instance costs memory even while it waits. */
export const MAX_INSTANCES = 100_000;

/** How many instances there are, how they are replaced, and the labels that say something about it (marathon.md 2.2). */
export const strategyRules: Rule = function* (app) {
  const { labels, instances, upgradeStrategy } = app;
  const isSingle = isSingleInstance(app);
  yield* instancesViolations(app, '/instances');
  yield* violationIf(
    isSingle && instances > 1,
    '/instances',
    'Single instance app may only have one instance',
  );
  const mustNotGoOver = isSingle || isResident(app) || hasExternalVolumes(app);
  yield* violationIf(
    mustNotGoOver && upgradeStrategy.maximumOverCapacity !== 0,
    '/upgradeStrategy/maximumOverCapacity',
    `got ${upgradeStrategy.maximumOverCapacity}, expected 0.0`,
  );
  yield* violationIf(
    isSingle && upgradeStrategy.minimumHealthCapacity !== 0,
    '/upgradeStrategy/minimumHealthCapacity',
    `got ${upgradeStrategy.minimumHealthCapacity}, expected 0.0`,
  );
  yield* rolloutViolations(app, '/upgradeStrategy');
  yield* violationIf(
    labels.DCOS_MIGRATION_API_VERSION === 'v1' &&
      !(labels.DCOS_PACKAGE_FRAMEWORK_NAME && labels.DCOS_MIGRATION_API_PATH),
    '/labels',
    'DCOS_PACKAGE_FRAMEWORK_NAME and DCOS_MIGRATION_API_PATH must be defined when using DCOS_MIGRATION_API_VERSION',
  );
};

/** What happens to instances that cannot be reached. */
export const unreachableRules: Rule = (app) => unreachableViolations(app, '/unreachableStrategy');

/** The same of apps and pods, at the path where they say it. */
export const unreachableViolations = (spec: RunSpec, path: string): Violation[] => {
  const strategy: string | { inactiveAfterSeconds: number; expungeAfterSeconds: number } =
    spec.unreachableStrategy;
  if (typeof strategy === 'string') {
    return violationIf(strategy !== 'disabled', path, 'error.unknown.enum.literal');
  }
  return [
    ...violationIf(isBound(spec), path, 'unreachableStrategy must be disabled for resident tasks'),
    ...violationIf(
      strategy.inactiveAfterSeconds > strategy.expungeAfterSeconds,
      path,
      'inactiveAfterSeconds must be less than or equal to expungeAfterSeconds',
    ),
  ];
};

/** The bound on the number of instances of apps and pods, at the path where they say it. */
export const instancesViolations = ({ instances }: RunSpec, path: string): Violation[] =>
  violationIf(instances > MAX_INSTANCES, path, `got ${instances}, expected ${MAX_INSTANCES} or less`);
