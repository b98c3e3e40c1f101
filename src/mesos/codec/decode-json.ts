import { ENUMS, MESSAGES } from '../generated/descriptors.ts';
import { isCleanMessage } from './is-clean-message.ts';
import { BASE64, DEEPEST_NESTING, WHOLE_NUMBERS } from './value-forms.ts';

/** A message that cannot be read, with Mesos' words for it. */
export class DecodeError extends Error {}

type Fields = Record<string, unknown>;

interface Reading {
  /** Paths of required fields that are not there, as seen from the message that is being read. */
  readonly missing: string[];
  depth: number;
}

/** Reads one value of a field; gives undefined for one that is as good as none. */
type ReadValue = (field: string, item: unknown, reading: Reading) => unknown;

/** A field, and how its values are read: looked up once for each message. */
interface Field {
  readonly name: string;
  readonly rule: string;
  readonly read: ReadValue;
}

/**
 * Reads a message from parsed JSON as Mesos does (mesos.md 1.3): unknown fields are left out, null is unset, numbers and
 * booleans may be text, one value may stand for a list of one; required fields must be there, everywhere.
 */
export const decodeJson = (name: string, value: unknown): Fields => {
  if (isCleanMessage(name, value)) return value as Fields;
  const reading: Reading = { missing: [], depth: 0 };
  const message = readFields(fieldsOf(name), value, reading);
  const { missing } = reading;
  if (missing.length > 0) throw new DecodeError(`Missing required fields: ${missing.join(', ')}`);
  return message;
};

const plans = new Map<string, readonly Field[]>();

const fieldsOf = (message: string): readonly Field[] => {
  const known = plans.get(message);
  if (known) return known;
  const fields = (MESSAGES[message] ?? []).map(([name, , rule, type]) => ({
    name,
    rule,
    read: reader(type),
  }));
  plans.set(message, fields);
  return fields;
};

const readFields = (fields: readonly Field[], value: unknown, reading: Reading): Fields => {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new DecodeError('Expecting a JSON object');
  }
  if (++reading.depth > DEEPEST_NESTING + 1) throw new DecodeError('Messages are nested too deeply');
  const given = value as Fields;
  const message: Fields = {};
  for (const field of fields) {
    const { name, rule } = field;
    const item = given[name];
    const read = item === undefined || item === null ? undefined : readField(field, item, reading);
    if (read !== undefined) message[name] = read;
    else if (rule === 'required') reading.missing.push(name);
  }
  reading.depth--;
  return message;
};

const readField = (field: Field, item: unknown, reading: Reading): unknown => {
  const { name, rule } = field;
  if (rule === 'map') {
    if (typeof item !== 'object' || item === null)
      throw new DecodeError(`Expecting a JSON object for field '${name}'`);
    return Object.fromEntries(
      Object.entries(item).map(([key, entry]) => [key, readPart(field, entry, `${name}.${key}`, reading)]),
    );
  }
  if (rule === 'repeated') return readList(field, Array.isArray(item) ? item : [item], reading);
  if (Array.isArray(item)) throw new DecodeError(`Not expecting a JSON array for field '${name}'`);
  return readPart(field, item, name, reading);
};

const readList = (field: Field, items: readonly unknown[], reading: Reading): readonly unknown[] =>
  items.map((item, index) => readPart(field, item, index, reading)).filter((entry) => entry !== undefined);

/** A value; what is missing in it is missing `at` a place of the message that it is part of. */
const readPart = ({ name, read }: Field, item: unknown, at: string | number, reading: Reading): unknown => {
  const { missing } = reading;
  const before = missing.length;
  const value = read(name, item, reading);
  for (let index = before; index < missing.length; index++) {
    missing[index] = `${typeof at === 'number' ? `${name}[${at}]` : at}.${missing[index]}`;
  }
  return value;
};

const reader = (type: string): ReadValue => {
  // Their fields are looked up when the first one is met: messages may contain themselves.
  if (type in MESSAGES) return (_field, item, reading) => readFields(fieldsOf(type), item, reading);
  const kinds = ENUMS[type];
  if (kinds) {
    return (field, item) => {
      if (typeof item !== 'string') throw unexpected(field, item);
      return Object.hasOwn(kinds, item) ? item : undefined;
    };
  }
  if (type === 'bool') return readBoolean;
  const isWhole = WHOLE_NUMBERS.has(type);
  if (isWhole || type === 'double' || type === 'float')
    return (field, item) => readNumber(field, isWhole, item);
  return type === 'bytes' ? readBytes : readText;
};

const readText = (field: string, item: unknown): string => {
  if (typeof item !== 'string') throw unexpected(field, item);
  return item;
};

const readBytes = (field: string, item: unknown): string => {
  const text = readText(field, item);
  if (BASE64.test(text)) return text;
  const strange = /[^A-Za-z0-9+/=]/.exec(text)?.[0];
  const detail = strange === undefined ? '' : `: Invalid character '${strange}'`;
  throw new DecodeError(`Failed to base64 decode bytes field '${field}'${detail}`);
};

const readBoolean = (field: string, item: unknown): boolean => {
  if (item === true || item === 'true') return true;
  if (item === false || item === 'false') return false;
  throw unexpected(field, item);
};

const readNumber = (field: string, isWhole: boolean, item: unknown): number => {
  const number = typeof item === 'string' && item.trim() !== '' ? Number(item) : item;
  if (typeof number !== 'number' || Number.isNaN(number)) throw unexpected(field, item);
  if (isWhole && !Number.isFinite(number)) throw unexpected(field, item);
  return isWhole ? Math.trunc(number) : number;
};

const unexpected = (field: string, item: unknown): DecodeError =>
  new DecodeError(`Not expecting a JSON ${typeof item} for field '${field}'`);
