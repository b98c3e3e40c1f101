import type { Attribute, Resource } from '../../mesos/generated/mesos.ts';
import { parseResources } from '../../mesos/resources/parse-text.ts';
import { errorMessage } from '../../runtime/error-message.ts';

/** Reading what a master's /state says (mesos.md 3.9), field by field. Every function throws StateDefect. */

export type Json = Readonly<Record<string, unknown>>;

/** Something in a state that cannot be read, and where. */
export class StateDefect extends Error {
  override readonly name = 'StateDefect';
  readonly path: string;

  constructor(path: string, message: string) {
    super(message);
    this.path = path;
  }
}

export const isObject = (value: unknown): value is Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

export const textAt = (holder: Json, key: string, path: string): string => {
  const value = holder[key];
  if (typeof value === 'string' && value !== '') return value;
  throw new StateDefect(`${path}/${key}`, 'is missing, or no text');
};

/** Its objects; nothing when it is not there. */
export const listAt = (holder: Json, key: string, path: string): Json[] => {
  const value = holder[key] ?? [];
  if (!Array.isArray(value)) throw new StateDefect(`${path}/${key}`, 'is no list');
  return value.map((entry: unknown, index) => {
    if (isObject(entry)) return entry;
    throw new StateDefect(`${path}/${key}/${index}`, 'is no object');
  });
};

export const objectAt = (holder: Json, key: string, path: string): Json => {
  const value = holder[key] ?? {};
  if (isObject(value)) return value;
  throw new StateDefect(`${path}/${key}`, 'is no object');
};

/** `{cpus: 4, ports: "[31000-32000]"}` as resources; what is zero or may be taken back is left out. */
export const resourcesAt = (holder: Json, key: string, path: string): Resource[] =>
  Object.entries(objectAt(holder, key, path)).flatMap(([name, value]) => {
    if (name.endsWith('_revocable') || value === 0 || value === '[]' || value === '{}') return [];
    if (typeof value === 'number' && Number.isFinite(value) && value > 0) {
      return [{ name, type: 'SCALAR' as const, scalar: { value } }];
    }
    try {
      if (typeof value === 'string') return parseResources(`${name}:${value}`);
    } catch (error) {
      throw new StateDefect(`${path}/${key}/${name}`, errorMessage(error));
    }
    throw new StateDefect(`${path}/${key}/${name}`, 'is no amount of a resource');
  });

export const attributesAt = (holder: Json, path: string): Attribute[] =>
  Object.entries(objectAt(holder, 'attributes', path)).map(([name, value]) =>
    typeof value === 'number'
      ? { name, type: 'SCALAR', scalar: { value } }
      : { name, type: 'TEXT', text: { value: String(value) } },
  );
