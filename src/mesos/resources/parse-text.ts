import type { Attribute, Resource, ValueRange } from '../generated/mesos.ts';

/** Resources and attributes as people write them on a command line (mesos.md 6.7). */

const NAME = /^[\w/-]+$/;
const NUMBER = /^\d+(\.\d+)?$/;

/** `cpus:4;mem(role):1024;ports:[31000-32000];bugs:{a,b}`, or a JSON array of Resource. Throws with what is wrong. */
export const parseResources = (text: string): Resource[] => {
  if (text.trim().startsWith('[')) return parseJsonResources(text);
  return split(text).map((part) => {
    const { name, role, value } = parsePart(part);
    const reservations =
      role === undefined || role === '*' ? {} : { reservations: [{ type: 'STATIC' as const, role }] };
    if (value.startsWith('['))
      return { name, type: 'RANGES', ranges: { range: parseRanges(value, part) }, ...reservations };
    if (value.startsWith('{'))
      return { name, type: 'SET', set: { item: parseSet(value, part) }, ...reservations };
    if (!NUMBER.test(value))
      throw new Error(`'${part}' has no number, no [ranges] and no {set} as its value`);
    return { name, type: 'SCALAR', scalar: { value: Number(value) }, ...reservations };
  });
};

const parseJsonResources = (text: string): Resource[] => {
  const parsed: unknown = JSON.parse(text);
  if (!Array.isArray(parsed)) throw new Error('The resources are not a JSON array');
  return parsed.map((resource: Resource, index) => {
    if (typeof resource?.name !== 'string' || !['SCALAR', 'RANGES', 'SET'].includes(resource.type)) {
      throw new Error(`Resource ${index} has no name or no type`);
    }
    return resource;
  });
};

/** `rack:r1;level:10;zones:{a,b};keys:[1-5]`. Throws with what is wrong. */
export const parseAttributes = (text: string): Attribute[] =>
  split(text).map((part) => {
    const { name, value } = parsePart(part);
    if (value.startsWith('[')) return { name, type: 'RANGES', ranges: { range: parseRanges(value, part) } };
    if (value.startsWith('{')) return { name, type: 'SET', set: { item: parseSet(value, part) } };
    if (NUMBER.test(value)) return { name, type: 'SCALAR', scalar: { value: Number(value) } };
    return { name, type: 'TEXT', text: { value } };
  });

const split = (text: string): string[] =>
  text
    .split(/[;\n]/)
    .map((part) => part.trim())
    .filter((part) => part !== '');

const parsePart = (part: string): { name: string; role: string | undefined; value: string } => {
  const colon = part.indexOf(':');
  const [, name = '', role] = /^([^()]*)(?:\(([^()]+)\))?$/.exec(part.slice(0, colon).trim()) ?? [];
  const value = part.slice(colon + 1).trim();
  if (colon < 0 || !NAME.test(name) || value === '') {
    throw new Error(`'${part}' is not of the form name:value or name(role):value`);
  }
  return { name, role, value };
};

const parseRanges = (value: string, part: string): ValueRange[] => {
  if (!value.endsWith(']')) throw new Error(`'${part}' has an unfinished range`);
  const items = value
    .slice(1, -1)
    .split(',')
    .map((item) => item.trim())
    .filter((item) => item !== '');
  return items.map((item) => {
    const [, begin, end] = /^(\d+)\s*-\s*(\d+)$/.exec(item) ?? [];
    if (begin === undefined || end === undefined || Number(begin) > Number(end)) {
      throw new Error(`'${item}' in '${part}' is not a range such as 31000-32000`);
    }
    return { begin: Number(begin), end: Number(end) };
  });
};

const parseSet = (value: string, part: string): string[] => {
  if (!value.endsWith('}')) throw new Error(`'${part}' has an unfinished set`);
  return value
    .slice(1, -1)
    .split(',')
    .map((item) => item.trim())
    .filter((item) => item !== '');
};
