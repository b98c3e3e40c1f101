import { featureViolations, type Rule, violationIf } from './rule.ts';

/** Secrets are declared before they are referred to (marathon.md 2.2). */
export const secretRules: Rule = function* ({ secrets, env, container }, settings) {
  yield* featureViolations(Object.keys(secrets).length > 0, 'secrets', '/secrets', settings);
  for (const [name, value] of Object.entries(env)) {
    yield* violationIf(
      typeof value !== 'string' && !Object.hasOwn(secrets, value.secret),
      `/env/${name}/secret`,
      'references an undefined secret',
    );
  }
  yield* violationIf(Object.hasOwn(env, ''), '/env', 'names of environment variables must not be empty');
  const { pullConfig } = container?.docker ?? {};
  yield* violationIf(
    pullConfig !== undefined && !Object.hasOwn(secrets, pullConfig.secret),
    '/container/docker/pullConfig/secret',
    'pullConfig.secret must refer to an existing secret',
  );
};
