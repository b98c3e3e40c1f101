import type { FrameworkInfo } from '../../mesos/generated/mesos.ts';
import type { CallSubscribe, OfferConstraints } from '../../mesos/generated/scheduler.ts';
import { roleNameProblem } from '../../mesos/role-name.ts';
import { textPattern } from '../allocator/text-pattern.ts';
import { idProblem } from './id-problem.ts';
import type { MasterSettings } from './settings.ts';
import type { FrameworkCapability } from './state.ts';

/** What a framework says of itself, and what may be wrong with it (mesos.md 1.7). */

/** The roles that it wants offers for: one unless it can have several. */
export const rolesOf = (info: FrameworkInfo): string[] =>
  capabilitiesOf(info).has('MULTI_ROLE') ? (info.roles ?? []) : [info.role ?? '*'];

export const capabilitiesOf = (info: FrameworkInfo): ReadonlySet<FrameworkCapability> =>
  new Set(info.capabilities?.map(({ type }) => type));

/** In Mesos' words; undefined when nothing is wrong. */
export const frameworkInfoProblem = (info: FrameworkInfo): string | undefined =>
  rolesProblem(info) ??
  (info.id === undefined || info.id.value === '' ? undefined : idProblem(info.id.value)) ??
  offerFiltersProblem(info) ??
  failoverTimeoutProblem(info.failover_timeout ?? 0);

const rolesProblem = (info: FrameworkInfo): string | undefined => {
  const { role, roles = [] } = info;
  if (!capabilitiesOf(info).has('MULTI_ROLE')) {
    if (roles.length > 0) {
      return "'FrameworkInfo.roles' must not be set when the framework is not MULTI_ROLE capable";
    }
    const problem = roleNameProblem(role ?? '*');
    return problem && `'FrameworkInfo.role' is not a valid role: ${problem}`;
  }
  if (role !== undefined) {
    return "'FrameworkInfo.role' must not be set when the framework is MULTI_ROLE capable";
  }
  const duplicates = [...new Set(roles.filter((name, index) => roles.indexOf(name) !== index))];
  if (duplicates.length > 0) {
    return `'FrameworkInfo.roles' contains duplicate items: { ${duplicates.join(', ')} }`;
  }
  const problem = roles.map(roleNameProblem).find((text) => text !== undefined);
  return problem && `'FrameworkInfo.roles' contains invalid role: ${problem}`;
};

const offerFiltersProblem = ({ offer_filters = {} }: FrameworkInfo): string | undefined => {
  for (const [role, { min_allocatable_resources }] of Object.entries(offer_filters)) {
    for (const { quantities = {} } of min_allocatable_resources?.quantities ?? []) {
      const values = Object.values(quantities);
      if (values.length === 0) {
        return `Invalid offer filters for role '${role}': Resource quantities must contain at least one quantity`;
      }
      if (values.some(({ value }) => !Number.isFinite(value) || value < 0)) {
        return `Invalid offer filters for role '${role}': Resource quantities must be finite and not negative`;
      }
    }
  }
  return undefined;
};

/** What this master in particular does not let in. */
export const submissionProblem = (
  info: FrameworkInfo,
  { roles, areRootSubmissionsAllowed }: Pick<MasterSettings, 'roles' | 'areRootSubmissionsAllowed'>,
): string | undefined => {
  const strangers = roles ? rolesOf(info).filter((role) => role !== '*' && !roles.has(role)) : [];
  if (strangers.length > 0)
    return `Roles { ${strangers.join(', ')} } are not present in the master's --roles`;
  return info.user === 'root' && !areRootSubmissionsAllowed
    ? "User 'root' is not allowed to run frameworks without --root_submissions set"
    : undefined;
};

/** A duration is a number of nanoseconds in 64 bits. */
const MAX_DURATION_SECONDS = 2 ** 63 / 1e9;

const failoverTimeoutProblem = (seconds: number): string | undefined =>
  Number.isFinite(seconds) && Math.abs(seconds) < MAX_DURATION_SECONDS
    ? undefined
    : `The framework failover_timeout (${seconds}) is invalid`;

/** What is wrong with suppressed roles and offer constraints beside an info that is right. */
export const subscriptionProblem = ({
  framework_info,
  suppressed_roles = [],
  offer_constraints,
}: CallSubscribe): string | undefined => {
  const roles = new Set(rolesOf(framework_info));
  const strangers = suppressed_roles.filter((role) => !roles.has(role));
  if (strangers.length > 0) {
    return `Suppressed roles { ${strangers.join(', ')} } are not contained in the set of roles`;
  }
  const problem = offer_constraints && constraintsProblem(offer_constraints, roles);
  return problem && `Offer constraints are not valid: ${problem}`;
};

/** Longer patterns are refused, as are those that the allocator cannot read (mesos.md B.1). */
const MAX_PATTERN_LENGTH = 4096;

const constraintsProblem = (
  { role_constraints = {} }: OfferConstraints,
  roles: ReadonlySet<string>,
): string | undefined => {
  for (const [role, { groups = [] }] of Object.entries(role_constraints)) {
    if (!roles.has(role)) return `Offer constraints specify '${role}' which is not one of the roles`;
    if (groups.length === 0) return 'Role offer constraints must contain at least one group';
    for (const { attribute_constraints = [] } of groups) {
      if (attribute_constraints.length === 0) {
        return 'Offer constraints groups must contain at least one attribute constraint';
      }
      for (const { predicate } of attribute_constraints) {
        const pattern = predicate.text_matches?.regex ?? predicate.text_not_matches?.regex;
        if (pattern !== undefined && !isUsablePattern(pattern)) {
          return `Failed to construct regex from pattern '${pattern}'`;
        }
      }
    }
  }
  return undefined;
};

const isUsablePattern = (pattern: string): boolean => {
  if (pattern.length > MAX_PATTERN_LENGTH) return false;
  try {
    textPattern(pattern);
    return true;
  } catch {
    return false;
  }
};
