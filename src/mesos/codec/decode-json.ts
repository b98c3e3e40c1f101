import { ENUMS, type FieldRow, MESSAGES } from '../generated/descriptors.ts';

/** A message that cannot be read, with Mesos' words for it. */
export class DecodeError extends Error {}

/** Messages in messages in messages: deeper ones are refused in all encodings, as protobuf does by default. */
export const DEEPEST_NESTING = 100;

type Fields = Record<string, unknown>;

interface Reading {
  /** Paths of required fields that are not there, as seen from the message that is being read. */
  readonly missing: string[];
  depth: number;
}

const NUMBERS: ReadonlySet<string> = new Set(['double', 'float', 'int32', 'int64', 'uint32', 'uint64']);
const BASE64 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/;

/**
 * Reads a message from parsed JSON as Mesos does (mesos.md 1.3): unknown fields are left out, null is unset, numbers and
 * booleans may be text, one value may stand for a list of one; required fields must be there, everywhere.
 */
export const decodeJson = (name: string, value: unknown): Fields => {
  const reading: Reading = { missing: [], depth: 0 };
  const message = readFields(name, value, reading);
  const { missing } = reading;
  if (missing.length > 0) throw new DecodeError(`Missing required fields: ${missing.join(', ')}`);
  return message;
};

const readFields = (name: string, value: unknown, reading: Reading): Fields => {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new DecodeError('Expecting a JSON object');
  }
  if (++reading.depth > DEEPEST_NESTING + 1) throw new DecodeError('Messages are nested too deeply');
  const given = value as Fields;
  let message: Fields | undefined;
  /** The fields so far, as long as all of them are what they should be. */
  const taken: string[] = [];
  for (const row of MESSAGES[name] ?? []) {
    const [field, , rule] = row;
    const item = given[field];
    const read = item === undefined || item === null ? undefined : readField(row, item, reading);
    if (read === undefined) {
      if (rule === 'required') reading.missing.push(field);
    } else if (message === undefined && read === item) {
      taken.push(field);
    } else {
      message ??= pick(given, taken);
      message[field] = read;
    }
  }
  reading.depth--;
  // What has nothing strange in it need not be there twice: large reports are kept for long.
  return message ?? (taken.length === Object.keys(given).length ? given : pick(given, taken));
};

const pick = (given: Fields, keys: readonly string[]): Fields =>
  Object.fromEntries(keys.map((key) => [key, given[key]]));

const readField = (row: FieldRow, item: unknown, reading: Reading): unknown => {
  const [field, , rule, type] = row;
  if (rule === 'map') {
    if (typeof item !== 'object' || item === null)
      throw new DecodeError(`Expecting a JSON object for field '${field}'`);
    return Object.fromEntries(
      Object.entries(item).map(([key, entry]) => [
        key,
        readPart(field, type, entry, `${field}.${key}`, reading),
      ]),
    );
  }
  if (rule === 'repeated') return readList(field, type, Array.isArray(item) ? item : [item], reading);
  if (Array.isArray(item)) throw new DecodeError(`Not expecting a JSON array for field '${field}'`);
  return readPart(field, type, item, field, reading);
};

const readList = (
  field: string,
  type: string,
  items: readonly unknown[],
  reading: Reading,
): readonly unknown[] => {
  let read: unknown[] | undefined;
  for (let index = 0; index < items.length; index++) {
    const entry = readPart(field, type, items[index], index, reading);
    if (read === undefined && entry !== items[index]) read = items.slice(0, index);
    if (entry !== undefined) read?.push(entry);
  }
  return read ?? items;
};

/** A value; what is missing in it is missing `at` a place of the message that it is part of. */
const readPart = (
  field: string,
  type: string,
  item: unknown,
  at: string | number,
  reading: Reading,
): unknown => {
  const { missing } = reading;
  const before = missing.length;
  const read = readValue(field, type, item, reading);
  for (let index = before; index < missing.length; index++) {
    missing[index] = `${typeof at === 'number' ? `${field}[${at}]` : at}.${missing[index]}`;
  }
  return read;
};

const readValue = (field: string, type: string, item: unknown, reading: Reading): unknown => {
  if (type in MESSAGES) return readFields(type, item, reading);
  const kinds = ENUMS[type];
  if (kinds) {
    if (typeof item !== 'string') throw unexpected(field, item);
    return Object.hasOwn(kinds, item) ? item : undefined;
  }
  if (type === 'bool') return readBoolean(field, item);
  if (NUMBERS.has(type)) return readNumber(field, type, item);
  if (typeof item !== 'string') throw unexpected(field, item);
  if (type === 'bytes' && !BASE64.test(item)) {
    const strange = /[^A-Za-z0-9+/=]/.exec(item)?.[0];
    const detail = strange === undefined ? '' : `: Invalid character '${strange}'`;
    throw new DecodeError(`Failed to base64 decode bytes field '${field}'${detail}`);
  }
  return item;
};

const readBoolean = (field: string, item: unknown): boolean => {
  if (item === true || item === 'true') return true;
  if (item === false || item === 'false') return false;
  throw unexpected(field, item);
};

const readNumber = (field: string, type: string, item: unknown): number => {
  const isWhole = type !== 'double' && type !== 'float';
  const number = typeof item === 'string' && item.trim() !== '' ? Number(item) : item;
  if (typeof number !== 'number' || Number.isNaN(number)) throw unexpected(field, item);
  if (isWhole && !Number.isFinite(number)) throw unexpected(field, item);
  return isWhole ? Math.trunc(number) : number;
};

const unexpected = (field: string, item: unknown): DecodeError =>
  new DecodeError(`Not expecting a JSON ${typeof item} for field '${field}'`);
