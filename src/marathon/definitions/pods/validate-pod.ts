import type { DefinitionSettings } from '../definition-settings.ts';
import { roleViolations } from '../rules/role-rules.ts';
import type { Violation } from '../violation.ts';
import type { PodDefinition } from './pod.ts';
import { checkRules } from './rules/check-rules.ts';
import { containerRules } from './rules/container-rules.ts';
import { endpointRules } from './rules/endpoint-rules.ts';
import { environmentRules } from './rules/environment-rules.ts';
import type { PodRule } from './rules/pod-rule.ts';
import { schedulingRules } from './rules/scheduling-rules.ts';
import { volumeRules } from './rules/volume-rules.ts';

const RULES: readonly PodRule[] = [
  schedulingRules,
  containerRules,
  endpointRules,
  checkRules,
  volumeRules,
  environmentRules,
];

/** Everything that makes no sense about a completed pod by itself; `roles` are those that its place allows. */
export const podViolations = (
  pod: PodDefinition,
  { settings, roles }: { settings: DefinitionSettings; roles: readonly string[] },
): Violation[] => [...RULES.flatMap((rule) => [...rule(pod, settings)]), ...roleViolations(pod, roles)];
