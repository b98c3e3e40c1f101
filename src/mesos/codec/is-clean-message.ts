import { ENUMS, MESSAGES } from '../generated/descriptors.ts';
import { BASE64, DEEPEST_NESTING, WHOLE_NUMBERS } from './value-forms.ts';

type Fields = Readonly<Record<string, unknown>>;

/** Whether a value of a field is as it should be; `depth` is that of the message that the field is in. */
type Check = (item: unknown, depth: number) => boolean;

interface Shape {
  readonly checks: ReadonlyMap<string, Check>;
  readonly required: ReadonlySet<string>;
}

/**
 * Whether parsed JSON is a message, by its full name, in which nothing has to be left out, converted or refused. Nearly every one
 * is, and that can be found out in one look at what is there, while reading looks for all that could be there.
 */
export const isCleanMessage = (name: string, value: unknown): boolean => isClean(shapeOf(name), value, 1);

const isClean = ({ checks, required }: Shape, value: unknown, depth: number): boolean => {
  if (typeof value !== 'object' || value === null || Array.isArray(value) || depth > DEEPEST_NESTING + 1) {
    return false;
  }
  let missing = required.size;
  for (const name in value) {
    if (checks.get(name)?.((value as Fields)[name], depth) !== true) return false;
    if (missing > 0 && required.has(name)) missing--;
  }
  return missing === 0;
};

const shapes = new Map<string, Shape>();

const shapeOf = (message: string): Shape => {
  const known = shapes.get(message);
  if (known) return known;
  const fields = MESSAGES[message] ?? [];
  const shape = {
    checks: new Map(fields.map(([name, , rule, type]) => [name, checkOf(rule, type)])),
    required: new Set(fields.flatMap(([name, , rule]) => (rule === 'required' ? [name] : []))),
  };
  shapes.set(message, shape);
  return shape;
};

const checkOf = (rule: string, type: string): Check => {
  const check = valueCheck(type);
  if (rule === 'repeated') return (item, depth) => Array.isArray(item) && areAll(check, item, depth);
  if (rule !== 'map') return check;
  return (item, depth) =>
    typeof item === 'object' && item !== null && areAll(check, Object.values(item), depth);
};

const areAll = (check: Check, items: readonly unknown[], depth: number): boolean => {
  for (const item of items) if (!check(item, depth)) return false;
  return true;
};

const valueCheck = (type: string): Check => {
  if (type in MESSAGES) {
    // Looked up when the first one is met: messages may contain themselves.
    let shape: Shape | undefined;
    return (item, depth) => {
      shape ??= shapeOf(type);
      return isClean(shape, item, depth + 1);
    };
  }
  const kinds = ENUMS[type];
  if (kinds) return (item) => typeof item === 'string' && Object.hasOwn(kinds, item);
  if (type === 'bool') return (item) => typeof item === 'boolean';
  if (type === 'double' || type === 'float') return (item) => typeof item === 'number' && !Number.isNaN(item);
  if (WHOLE_NUMBERS.has(type)) return Number.isInteger;
  if (type === 'bytes') return (item) => typeof item === 'string' && BASE64.test(item);
  return (item) => typeof item === 'string';
};
