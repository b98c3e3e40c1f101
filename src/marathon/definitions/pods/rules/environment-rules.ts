import { featureViolations, violationIf } from '../../rules/rule.ts';
import type { Violation } from '../../violation.ts';
import type { PodDefinition } from '../pod.ts';
import type { PodRule } from './pod-rule.ts';

/** Environment variables and the secrets that they, and images, refer to (marathon.md 2.9). */
export const environmentRules: PodRule = function* (pod, settings) {
  const { secrets, environment, containers } = pod;
  yield* featureViolations(Object.keys(secrets).length > 0, 'secrets', '/secrets', settings);
  yield* variableViolations(environment, secrets, '/environment');
  for (const [index, { environment: own, image }] of containers.entries()) {
    yield* variableViolations(own, secrets, `/containers(${index})/environment`);
    const { pullConfig } = image ?? {};
    yield* violationIf(
      pullConfig !== undefined && !Object.hasOwn(secrets, pullConfig.secret),
      `/containers(${index})/image/pullConfig/secret`,
      'pullConfig.secret must refer to an existing secret',
    );
  }
};

const NAME_PATTERN = '^[a-zA-Z_][a-zA-Z0-9_]{0,253}$';
const NAME = new RegExp(NAME_PATTERN);

const variableViolations = (
  variables: PodDefinition['environment'],
  secrets: PodDefinition['secrets'],
  path: string,
): Violation[] =>
  Object.entries(variables).flatMap(([name, value]) => [
    ...violationIf(
      !NAME.test(name),
      `${path}/${name}`,
      `must fully match regular expression '${NAME_PATTERN}'`,
    ),
    ...violationIf(
      typeof value !== 'string' && !Object.hasOwn(secrets, value.secret),
      `${path}/${name}/secret`,
      'references an undefined secret',
    ),
  ]);
