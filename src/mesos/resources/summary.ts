import type { Resource, ResourceReservationInfo } from '../generated/mesos.ts';
import { isReserved, reservationRole } from './traits.ts';

/** Resources as the v0 reads of Mesos show them. */

/** Always shown, with 0 when there is none. */
const BASIC_NAMES = ['disk', 'mem', 'gpus', 'cpus'];

/**
 * One value by name: numbers for scalars, the text form for ranges and sets. What may be taken back counts under a name of
 * its own, `cpus_revocable`.
 */
export const summarize = (resources: readonly Resource[]): Record<string, number | string> => {
  const thousandths = new Map(BASIC_NAMES.map((name) => [name, 0]));
  const texts: Record<string, string> = {};
  for (const resource of resources) {
    const { name, type, scalar, revocable } = resource;
    if (type === 'SCALAR') {
      const shown = revocable === undefined ? name : `${name}_revocable`;
      thousandths.set(shown, (thousandths.get(shown) ?? 0) + Math.round((scalar?.value ?? 0) * 1000));
    } else if (!(name in texts)) {
      texts[name] = type === 'RANGES' ? rangesText(resources, name) : setText(resources, name);
    }
  }
  const summary: Record<string, number | string> = {};
  for (const [name, value] of thousandths) summary[name] = value / 1000;
  return Object.assign(summary, texts);
};

const setText = (resources: readonly Resource[], name: string): string =>
  `{${resources
    .filter((resource) => resource.name === name)
    .flatMap(({ set }) => set?.item ?? [])
    .join(', ')}}`;

/** Ranges that touch are shown as one. */
export const rangesText = (resources: readonly Resource[], name: string): string => {
  const ranges = resources
    .filter((resource) => resource.name === name)
    .flatMap(({ ranges: value }) => value?.range ?? [])
    .sort((one, other) => one.begin - other.begin);
  const merged: { begin: number; end: number }[] = [];
  for (const { begin, end } of ranges) {
    const last = merged.at(-1);
    if (last && begin <= last.end + 1) last.end = Math.max(last.end, end);
    else merged.push({ begin, end });
  }
  return `[${merged.map(({ begin, end }) => `${begin}-${end}`).join(', ')}]`;
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
