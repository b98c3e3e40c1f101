import type { Labels, Resource, ResourceDiskInfo } from '../../mesos/generated/mesos.ts';
import { reservationRole } from '../../mesos/resources/traits.ts';
import { toThousandths } from './quantities.ts';

/**
 * Everything about a resource but how much of it there is (mesos.md 1.9.3). Resources of equal `key` can be added and taken from
 * each other. To whom they are allocated is not part of it: the ledger keeps that by framework and role.
 */
export interface Kind {
  readonly key: string;
  readonly name: string;
  readonly isScalar: boolean;
  /** There is nothing to the template but name and type. */
  readonly isPlain: boolean;
  /** The role of the innermost reservation, `*` when there is none. */
  readonly role: string;
  readonly isRefined: boolean;
  readonly isRevocable: boolean;
  readonly isShared: boolean;
  /** Thousandths of one copy, for what is had whole or not at all; undefined for what can be divided. */
  readonly unit: number | undefined;
  /** The resource without its value. */
  readonly template: Resource;
}

/** Kinds without anything but name and type: the same few again and again. Names beyond the bound are read anew each time. */
const plainKinds = new Map<string, Kind>();
const MAX_PLAIN_KINDS = 100;

export const kindOf = (resource: Resource): Kind => {
  const { name, type, reservations, disk, revocable, shared, provider_id, reservation } = resource;
  const isSpecial = disk ?? revocable ?? shared ?? provider_id ?? reservation;
  if (isSpecial || reservations?.length || (resource.role ?? '*') !== '*') return readKind(resource);
  const key = `${type}:${name}`;
  let kind = plainKinds.get(key);
  if (!kind) {
    kind = { ...readKind({ name, type }), isPlain: true };
    if (plainKinds.size < MAX_PLAIN_KINDS) plainKinds.set(key, kind);
  }
  return kind;
};

const readKind = (resource: Resource): Kind => {
  const { scalar, ranges: _ranges, set: _set, allocation_info: _allocation, role: _role, ...rest } = resource;
  const role = reservationRole(resource);
  // The old format is only met as `role: "*"`; anything else comes upgraded.
  const template = rest.reservations?.length === 0 ? withoutReservations(rest) : rest;
  const unit = isIndivisible(rest) ? toThousandths(scalar?.value ?? 0) : undefined;
  return {
    key: keyOf(template, unit),
    name: resource.name,
    isScalar: resource.type === 'SCALAR',
    isPlain: false,
    role,
    isRefined: (resource.reservations?.length ?? 0) > 1,
    isRevocable: resource.revocable !== undefined,
    isShared: resource.shared !== undefined,
    unit,
    template,
  };
};

/** Neither reserved nor revocable, and scalar: what quota and headroom are about. */
export const isUnderQuota = ({ isScalar, role, isRevocable }: Kind): boolean =>
  isScalar && role === '*' && !isRevocable;

/** Whether a role may be offered it: it is for all, for the role, or for a role above it. */
export const isAllocatableTo = (kind: Kind, role: string): boolean =>
  kind.role === '*' || kind.role === role || role.startsWith(`${kind.role}/`);

const withoutReservations = ({ reservations: _none, ...rest }: Resource): Resource => rest;

/** Volumes, mounted and block disks, and raw disks with an identity. */
const isIndivisible = ({ disk }: Resource): boolean =>
  disk?.persistence !== undefined ||
  disk?.source?.type === 'MOUNT' ||
  disk?.source?.type === 'BLOCK' ||
  (disk?.source?.type === 'RAW' && disk.source.id !== undefined);

const keyOf = (template: Resource, unit: number | undefined): string => {
  const { name, type, reservations, disk, revocable, shared, provider_id } = template;
  if (!reservations && !disk && !revocable && !shared && !provider_id) return `${type}:${name}`;
  return JSON.stringify([
    name,
    type,
    reservations?.map(({ type: how, role, principal, labels }) => [how, role, principal, labelsKey(labels)]),
    disk && diskKey(disk),
    revocable !== undefined,
    shared !== undefined,
    provider_id?.value,
    unit,
  ]);
};

/** Where a volume is mounted says how it is used, not what it is. */
const diskKey = ({ persistence, source }: ResourceDiskInfo): unknown => [
  persistence?.id,
  source && [
    source.type,
    source.path?.root,
    source.mount?.root,
    source.vendor,
    source.id,
    source.profile,
    labelsKey(source.metadata),
  ],
];

const labelsKey = (labels: Labels | undefined): unknown =>
  labels?.labels?.map(({ key, value }) => JSON.stringify([key, value])).sort();
