import { featureViolations, type Rule, violationIf } from './rule.ts';

/** GPUs and limits (marathon.md 2.2); the plain bounds are the schema's. */
export const resourceRules: Rule = function* (app, settings) {
  yield* featureViolations(app.gpus > 0, 'gpu_resources', '/gpus', settings);
  yield* violationIf(
    app.gpus > 0 && app.container?.type === 'DOCKER',
    '/gpus',
    'GPU resources only work with the Mesos containerizer',
  );
  for (const name of ['cpus', 'mem'] as const) {
    const limit: number | string | undefined = app.resourceLimits?.[name];
    const path = `/resourceLimits/${name}`;
    if (typeof limit === 'string') {
      yield* violationIf(
        limit !== 'unlimited',
        path,
        `'${limit}' is an invalid resource limit. It must be 'unlimited' or a number`,
      );
    } else if (limit !== undefined) {
      yield* violationIf(
        limit < app[name],
        path,
        `resource limit must be greater than or equal to requested resource (${app[name]})`,
      );
    }
  }
};
