import type { Resource } from '../generated/mesos.ts';
import { isReserved, reservationRole, scalarOf } from './traits.ts';

/** Resources as the v0 reads of Mesos show them. */

/** Always shown, with 0 when there is none. */
const BASIC_NAMES = ['disk', 'mem', 'gpus', 'cpus'];

/** One value by name: numbers for scalars, the text form for ranges and sets. */
export const summarize = (resources: readonly Resource[]): Record<string, number | string> => {
  const summary: Record<string, number | string> = {};
  for (const name of BASIC_NAMES) summary[name] = scalarOf(resources, name);
  for (const { name, type } of resources) {
    if (type === 'SCALAR') summary[name] = scalarOf(resources, name);
    else if (type === 'RANGES') summary[name] = rangesText(resources, name);
    else
      summary[name] = `{${resources
        .filter((one) => one.name === name)
        .flatMap(({ set }) => set?.item ?? [])
        .join(', ')}}`;
  }
  return summary;
};

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
  const { reservations = [] } = resource;
  if (reservations.length === 0) return { ...resource, role: resource.role ?? '*' };
  const [first] = reservations;
  if (first === undefined || reservations.length > 1) return resource;
  const { type, role = '*', principal, labels } = first;
  const reservation = { ...(principal === undefined ? {} : { principal }), ...(labels ? { labels } : {}) };
  return { ...resource, role, ...(type === 'DYNAMIC' ? { reservation } : {}) };
};
