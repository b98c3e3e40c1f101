import type { AppDefinition } from './app.ts';
import type { DefinitionSettings } from './definition-settings.ts';
import { commandRules } from './rules/command-rules.ts';
import { constraintRules } from './rules/constraint-rules.ts';
import { containerRules } from './rules/container-rules.ts';
import { fetchRules } from './rules/fetch-rules.ts';
import { healthRules } from './rules/health-rules.ts';
import { idRules } from './rules/id-rules.ts';
import { networkRules, portRules } from './rules/network-rules.ts';
import { resourceRules } from './rules/resource-rules.ts';
import { roleViolations } from './rules/role-rules.ts';
import type { Rule } from './rules/rule.ts';
import { secretRules } from './rules/secret-rules.ts';
import { strategyRules, unreachableRules } from './rules/strategy-rules.ts';
import { volumeRules } from './rules/volume-rules.ts';
import type { Violation } from './violation.ts';

const RULES: readonly Rule[] = [
  idRules,
  commandRules,
  resourceRules,
  networkRules,
  portRules,
  containerRules,
  volumeRules,
  secretRules,
  fetchRules,
  constraintRules,
  healthRules,
  strategyRules,
  unreachableRules,
];

/** Everything that makes no sense about a completed app by itself; `roles` are those that its place allows. */
export const appViolations = (
  app: AppDefinition,
  { settings, roles }: { settings: DefinitionSettings; roles: readonly string[] },
): Violation[] => [...RULES.flatMap((rule) => [...rule(app, settings)]), ...roleViolations(app, roles)];
