import type { Resource, ResourceReservationInfo } from '../../mesos/generated/mesos.ts';
import { resourceText } from '../../mesos/resources/resource-text.ts';
import { roleNameProblem } from '../../mesos/role-name.ts';

/** What can be wrong about resources by themselves, in any of their formats (mesos.md 1.9.2), in Mesos' words. */
export const resourcesProblem = (resources: readonly Resource[]): string | undefined => {
  for (const resource of resources) {
    const problem = valueProblem(resource) ?? reservationProblem(resource) ?? diskProblem(resource);
    if (problem !== undefined) return `Resource '${resourceText(resource)}' is invalid: ${problem}`;
    if (resource.name === 'gpus' && !Number.isInteger(resource.scalar?.value)) {
      return "The 'gpus' resource must be an unsigned integer";
    }
  }
  return undefined;
};

const valueProblem = ({ name, type, scalar, ranges, set }: Resource): string | undefined => {
  if (name === '') return 'Empty resource name';
  switch (type) {
    case 'SCALAR':
      if (scalar === undefined || ranges !== undefined || set !== undefined) return 'Invalid scalar resource';
      return scalar.value >= 0 ? undefined : 'Invalid scalar resource: value <= 0';
    case 'RANGES':
      if (ranges === undefined || scalar !== undefined || set !== undefined) return 'Invalid ranges resource';
      return rangesProblem(ranges.range ?? []);
    case 'SET': {
      if (set === undefined || scalar !== undefined || ranges !== undefined) return 'Invalid set resource';
      const items = set.item ?? [];
      return new Set(items).size === items.length ? undefined : 'Invalid set resource: duplicated elements';
    }
    default:
      return 'Invalid resource type';
  }
};

const rangesProblem = (ranges: readonly { begin: number; end: number }[]): string | undefined => {
  if (ranges.some(({ begin, end }) => begin > end)) return 'Invalid ranges resource: begin > end';
  const sorted = ranges.toSorted((one, other) => one.begin - other.begin);
  const overlap = sorted.some(({ begin }, index) => index > 0 && begin <= (sorted[index - 1]?.end ?? -1));
  return overlap ? 'Invalid ranges resource: overlapping ranges' : undefined;
};

const reservationProblem = (resource: Resource): string | undefined => {
  const { role, reservation, reservations = [] } = resource;
  const roleProblem = role === undefined ? undefined : roleNameProblem(role);
  if (roleProblem !== undefined) return roleProblem;
  if (reservation !== undefined) {
    if (reservation.type !== undefined) {
      return "'Resource.ReservationInfo.type' must not be set for the 'Resource.reservation' field";
    }
    if (reservation.role !== undefined) {
      return "'Resource.ReservationInfo.role' must not be set for the 'Resource.reservation' field";
    }
    if ((role ?? '*') === '*' && reservations.length === 0) {
      return 'Invalid reservation: role "*" cannot be dynamically reserved';
    }
  }
  return stackProblem(reservations) ?? agreementProblem(resource, reservations);
};

const stackProblem = (reservations: readonly ResourceReservationInfo[]): string | undefined => {
  for (const [index, { type, role }] of reservations.entries()) {
    if (type === undefined || type === 'UNKNOWN') {
      return "Invalid reservation: 'Resource.ReservationInfo.type' field must be set.";
    }
    if (role === undefined) return "Invalid reservation: 'Resource.ReservationInfo.role' field must be set.";
    const problem = roleNameProblem(role);
    if (problem !== undefined) return `Invalid reservation: ${problem}`;
    if (role === '*') return 'Invalid reservation: role "*" cannot be reserved';
    const outer = reservations[index - 1]?.role;
    if (outer === undefined) continue;
    if (type === 'STATIC') return 'Invalid refined reservation: A refined reservation cannot be STATIC';
    if (!role.startsWith(`${outer}/`)) {
      return `Invalid refined reservation: role '${role}' is not a refinement of '${outer}'`;
    }
  }
  return undefined;
};

/** The fields of the old format beside a stack must say the same. */
const agreementProblem = (
  { role, reservation }: Resource,
  reservations: readonly ResourceReservationInfo[],
): string | undefined => {
  const [only] = reservations;
  if (only === undefined || (role === undefined && reservation === undefined)) return undefined;
  if (reservations.length > 1) {
    return "Invalid resource format: 'Resource.role' and 'Resource.reservation' must not be set when there is more than one reservation";
  }
  if (role !== undefined && role !== only.role) {
    return `Invalid resource format: 'Resource.role' field with '${role}' does not match the role '${only.role}' in 'Resource.reservations'`;
  }
  return (reservation !== undefined) === (only.type === 'DYNAMIC')
    ? undefined
    : "Invalid resource format: 'Resource.reservation' field does not match the type in 'Resource.reservations'";
};

const diskProblem = ({ name, disk, shared }: Resource): string | undefined => {
  if (shared !== undefined && name !== 'disk') return `Resource ${name} cannot be shared`;
  if (shared !== undefined && disk?.persistence === undefined) return 'Only persistent volumes can be shared';
  if (disk === undefined) return undefined;
  if (name !== 'disk') return `DiskInfo should not be set for ${name} resource`;
  const { persistence, volume, source } = disk;
  if (persistence === undefined && volume === undefined && source === undefined) {
    return 'DiskInfo is set but empty';
  }
  if (persistence === undefined)
    return volume === undefined ? undefined : 'Non-persistent volume not supported';
  if (volume === undefined) return "Expecting 'volume' to be set for persistent volume";
  return volume.host_path === undefined
    ? undefined
    : "Expecting 'host_path' to be unset for persistent volume";
};
