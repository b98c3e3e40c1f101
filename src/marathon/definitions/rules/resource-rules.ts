import type { AppDefinition } from '../app.ts';
import type { Violation } from '../violation.ts';
import { featureViolations, type Rule, violationIf } from './rule.ts';

/** GPUs and limits (marathon.md 2.2); the plain bounds are the schema's. */
export const resourceRules: Rule = function* (app, settings) {
  yield* featureViolations(app.gpus > 0, 'gpu_resources', '/gpus', settings);
  yield* violationIf(
    app.gpus > 0 && app.container?.type === 'DOCKER',
    '/gpus',
    'GPU resources only work with the Mesos containerizer',
  );
  yield* limitViolations(app.resourceLimits, app, '/resourceLimits');
};

/** Limits, of an app or of a container of a pod, are not below what is asked for. */
export const limitViolations = (
  limits: AppDefinition['resourceLimits'],
  requested: Readonly<Record<'cpus' | 'mem', number>>,
  path: string,
): Violation[] =>
  (['cpus', 'mem'] as const).flatMap((name) => {
    const limit: number | string | undefined = limits?.[name];
    if (typeof limit === 'string') {
      return violationIf(
        limit !== 'unlimited',
        `${path}/${name}`,
        `'${limit}' is an invalid resource limit. It must be 'unlimited' or a number`,
      );
    }
    return violationIf(
      limit !== undefined && limit < requested[name],
      `${path}/${name}`,
      `resource limit must be greater than or equal to requested resource (${requested[name]})`,
    );
  });
