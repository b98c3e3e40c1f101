import type { Resource, ValueScalar } from '../../mesos/generated/mesos.ts';
import type { QuotaConfig, QuotaRequest } from '../../mesos/generated/quota.ts';
import { roleNameProblem } from '../../mesos/role-name.ts';

/** What can be wrong about a quota by itself, whatever the cluster looks like (mesos.md 3.4), in Mesos' words. */

type Amounts = Readonly<Record<string, ValueScalar>>;

/** An exabyte in MB. */
const MAX_MEGABYTES = 1024 ** 4;
const MAX_VALUE = 1e12;

export const quotaConfigProblem = ({
  role,
  guarantees = {},
  limits = {},
}: QuotaConfig): string | undefined => {
  const nameProblem = roleNameProblem(role);
  if (nameProblem !== undefined) return `Invalid 'QuotaConfig.role': ${nameProblem}`;
  if (role.includes('/')) return `Updating quota on nested role '${role}' is not supported yet`;
  return (
    amountProblem('guarantee', guarantees) ??
    amountProblem('limit', limits) ??
    (areWithin(guarantees, limits)
      ? undefined
      : `'QuotaConfig.guarantees' ${amountsText(guarantees)} is not contained within the 'QuotaConfig.limits' ${amountsText(limits)}`)
  );
};

/** The same for the request of before, which names only guarantees. */
export const quotaRequestProblem = ({ role, guarantee = [] }: QuotaRequest): string | undefined => {
  if (role === undefined) return 'QuotaInfo must specify a role';
  const nameProblem = roleNameProblem(role);
  if (nameProblem !== undefined) return `QuotaInfo with invalid role: ${nameProblem}`;
  if (guarantee.length === 0) return "QuotaInfo with empty 'guarantee'";
  const names = new Set<string>();
  for (const resource of guarantee) {
    const problem = guaranteeProblem(resource, names);
    if (problem !== undefined) return problem;
    names.add(resource.name);
  }
  return undefined;
};

const guaranteeProblem = (resource: Resource, names: ReadonlySet<string>): string | undefined => {
  if (resource.type !== 'SCALAR') return 'QuotaInfo must not include non-scalar resources';
  const isReserved = resource.reservation !== undefined || (resource.reservations ?? []).length > 0;
  if (isReserved || (resource.role ?? '*') !== '*') return 'QuotaInfo must not contain any ReservationInfo';
  if (resource.disk !== undefined) return 'QuotaInfo must not contain DiskInfo';
  if (resource.revocable !== undefined) return 'QuotaInfo must not contain RevocableInfo';
  return names.has(resource.name)
    ? `QuotaInfo contains duplicate resource name '${resource.name}'`
    : undefined;
};

const amountProblem = (what: 'guarantee' | 'limit', amounts: Amounts): string | undefined => {
  for (const [name, { value }] of Object.entries(amounts)) {
    const problem = valueProblem(name, value);
    if (problem !== undefined) return `Invalid ${what} configuration {'${name}': ${value}}: ${problem}`;
  }
  return undefined;
};

const valueProblem = (name: string, value: number): string | undefined => {
  if (!Number.isFinite(value)) return 'The value must be finite';
  if (value < 0) return 'The value must not be negative';
  const isSize = name === 'mem' || name === 'disk';
  if (value <= (isSize ? MAX_MEGABYTES : MAX_VALUE)) return undefined;
  return isSize ? 'The value must not exceed 1 exabyte' : 'The value must not exceed 1 trillion';
};

/** A resource without a limit is unlimited. */
const areWithin = (guarantees: Amounts, limits: Amounts): boolean =>
  Object.entries(guarantees).every(
    ([name, { value }]) => value <= (limits[name]?.value ?? Number.POSITIVE_INFINITY),
  );

const amountsText = (amounts: Amounts): string => {
  const parts = Object.entries(amounts).map(([name, { value }]) => `${name}: ${value}`);
  return parts.length === 0 ? '{  }' : `{ ${parts.sort().join(', ')} }`;
};
