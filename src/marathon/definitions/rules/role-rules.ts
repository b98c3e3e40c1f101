import type { AppDefinition } from '../app.ts';
import { isResident } from '../app-facts.ts';
import type { Violation } from '../violation.ts';
import { violationIf } from './rule.ts';

/** The role of an app (marathon.md 2.2, 3.22); `allowed` is what its place in the groups permits. */
export const roleViolations = (app: AppDefinition, allowed: readonly string[]): Violation[] => {
  const { role, acceptedResourceRoles: accepted } = app;
  const known = role === '*' ? ['*'] : ['*', role];
  return [
    ...violationIf(!allowed.includes(role), '/role', `got ${role}, expected one of: [${allowed.join(', ')}]`),
    ...violationIf(
      accepted?.some((one) => !known.includes(one)) ?? false,
      '/acceptedResourceRoles',
      `acceptedResourceRoles can only contain ${known.join(' and ')}`,
    ),
    ...(isResident(app) ? residentRoleViolations(app) : []),
  ];
};

const residentRoleViolations = ({ role, acceptedResourceRoles: accepted }: AppDefinition): Violation[] => [
  ...violationIf(role === '*', '/role', 'Resident apps cannot have the role *'),
  ...violationIf(
    accepted !== undefined && (accepted.length !== 1 || accepted[0] !== '*'),
    '/acceptedResourceRoles',
    'A resident app must have `acceptedResourceRoles = ["*"]`.',
  ),
];
