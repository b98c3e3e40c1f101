import { isBound, isPod, type RunSpec } from '../run-spec.ts';
import type { Violation } from '../violation.ts';
import { violationIf } from './rule.ts';

/** The role of an app or pod (marathon.md 2.2, 3.22); `allowed` is what its place in the groups permits. */
export const roleViolations = (spec: RunSpec, allowed: readonly string[]): Violation[] => {
  const { role, acceptedResourceRoles: accepted } = spec;
  const known = role === '*' ? ['*'] : ['*', role];
  return [
    ...violationIf(!allowed.includes(role), '/role', `got ${role}, expected one of: [${allowed.join(', ')}]`),
    ...violationIf(
      accepted?.some((one) => !known.includes(one)) ?? false,
      acceptedPath(spec),
      `acceptedResourceRoles can only contain ${known.join(' and ')}`,
    ),
    ...roleNameViolations(role, '/role'),
    ...(accepted ?? []).flatMap((one) => roleNameViolations(one, acceptedPath(spec))),
    ...(isBound(spec) ? residentRoleViolations(spec) : []),
  ];
};

/** What Mesos takes for the name of a role. */
const roleNameViolations = (role: string, path: string): Violation[] => [
  ...violationIf(role === '', path, 'A role name must not be empty'),
  ...violationIf(role === '.' || role === '..', path, `A role name must not be "${role}"`),
  ...violationIf(role.startsWith('-'), path, 'A role name must not start with "-"'),
  ...violationIf(/[\s/]/.test(role), path, 'A role name must not contain whitespace or "/"'),
];

const acceptedPath = (spec: RunSpec): string =>
  isPod(spec) ? '/scheduling/placement/acceptedResourceRoles' : '/acceptedResourceRoles';

const residentRoleViolations = (spec: RunSpec): Violation[] => {
  const { role, acceptedResourceRoles: accepted } = spec;
  const kind = isPod(spec) ? 'pod' : 'app';
  return [
    ...violationIf(role === '*', '/role', `Resident ${kind}s cannot have the role *`),
    ...violationIf(
      accepted !== undefined && (accepted.length !== 1 || accepted[0] !== '*'),
      acceptedPath(spec),
      `A resident ${kind} must have \`acceptedResourceRoles = ["*"]\`.`,
    ),
  ];
};
