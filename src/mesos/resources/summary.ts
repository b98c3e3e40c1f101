import type { Resource, ResourceReservationInfo, ValueRange } from '../generated/mesos.ts';
import { isReserved, reservationRole } from './traits.ts';

/** Resources as the v0 reads of Mesos show them. */

type Summary = Record<string, number | string>;

/**
 * One value by name: numbers for scalars, the text form for ranges and sets. What may be taken back counts under a name of
 * its own, `cpus_revocable`. The first four are always shown, with 0 when there is none.
 */
export const summarize = (resources: readonly Resource[]): Summary => {
  const thousandths: Record<string, number> = { disk: 0, mem: 0, gpus: 0, cpus: 0 };
  let texts: Record<string, string> | undefined;
  for (const { name, type, scalar, revocable } of resources) {
    if (type === 'SCALAR') {
      const shown = revocable === undefined ? name : `${name}_revocable`;
      thousandths[shown] = (thousandths[shown] ?? 0) + Math.round((scalar?.value ?? 0) * 1000);
    } else if (texts?.[name] === undefined) {
      texts ??= {};
      texts[name] = type === 'RANGES' ? rangesText(resources, name) : setText(resources, name);
    }
  }
  for (const name in thousandths) thousandths[name] = (thousandths[name] ?? 0) / 1000;
  return texts === undefined ? thousandths : { ...thousandths, ...texts };
};

const setText = (resources: readonly Resource[], name: string): string =>
  `{${resources
    .filter((resource) => resource.name === name)
    .flatMap(({ set }) => set?.item ?? [])
    .join(', ')}}`;

/** Ranges that touch are shown as one. */
export const rangesText = (resources: readonly Resource[], name: string): string => {
  const ranges = rangesOf(resources, name);
  if (ranges.length > 1) ranges.sort((one, other) => one.begin - other.begin);
  const merged: ValueRange[] = [];
  for (const { begin, end } of ranges) {
    const last = merged.at(-1);
    if (last && begin <= last.end + 1) last.end = Math.max(last.end, end);
    else merged.push({ begin, end });
  }
  return `[${merged.map(({ begin, end }) => `${begin}-${end}`).join(', ')}]`;
};

const rangesOf = (resources: readonly Resource[], name: string): ValueRange[] => {
  const found: ValueRange[] = [];
  for (const { name: other, ranges } of resources) {
    if (other === name) for (const range of ranges?.range ?? []) found.push(range);
  }
  return found;
};

/** Groups by the role that they are reserved for. */
export const byRole = (resources: readonly Resource[]): Map<string, Resource[]> => {
  const groups = new Map<string, Resource[]>();
  for (const resource of resources.filter(isReserved)) {
    const role = reservationRole(resource);
    groups.set(role, [...(groups.get(role) ?? []), resource]);
  }
  return groups;
};

/** A resource with the fields of the old format beside those of the new one (mesos.md 1.9.2). */
export const toEndpointFormat = (resource: Resource): Resource => {
  const { allocation_info, reservations = [], disk, revocable, shared, ...value } = resource;
  const [first] = reservations;
  if (first !== undefined && reservations.length > 1) return resource;
  return {
    ...value,
    role: first?.role ?? value.role ?? '*',
    ...(allocation_info ? { allocation_info } : {}),
    ...(first?.type === 'DYNAMIC' ? { reservation: oldReservation(first) } : {}),
    ...(first ? { reservations } : {}),
    ...(disk ? { disk } : {}),
    ...(revocable ? { revocable } : {}),
    ...(shared ? { shared } : {}),
  };
};

const oldReservation = ({ principal, labels }: ResourceReservationInfo): ResourceReservationInfo => ({
  ...(principal === undefined ? {} : { principal }),
  ...(labels ? { labels } : {}),
});
