import { ENUMS, type FieldRow, MESSAGES } from '../generated/descriptors.ts';

/** A message that cannot be read, with Mesos' words for it. */
export class DecodeError extends Error {}

/** Messages in messages in messages: deeper ones are refused in all encodings, as protobuf does by default. */
export const DEEPEST_NESTING = 100;

type Fields = Record<string, unknown>;

interface Reading {
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
  const message = readFields(name, value, '', reading);
  const { missing } = reading;
  if (missing.length > 0) throw new DecodeError(`Missing required fields: ${missing.join(', ')}`);
  return message;
};

const readFields = (name: string, value: unknown, path: string, reading: Reading): Fields => {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new DecodeError('Expecting a JSON object');
  }
  if (++reading.depth > DEEPEST_NESTING + 1) throw new DecodeError('Messages are nested too deeply');
  const given = value as Fields;
  const message: Fields = {};
  for (const row of MESSAGES[name] ?? []) {
    const [field, , rule] = row;
    const item = given[field];
    const read =
      item === undefined || item === null ? undefined : readField(row, item, `${path}${field}`, reading);
    if (read !== undefined) message[field] = read;
    else if (rule === 'required') reading.missing.push(`${path}${field}`);
  }
  reading.depth--;
  return message;
};

const readField = (row: FieldRow, item: unknown, path: string, reading: Reading): unknown => {
  const [field, , rule, type] = row;
  if (rule === 'map') {
    if (typeof item !== 'object' || item === null)
      throw new DecodeError(`Expecting a JSON object for field '${field}'`);
    return Object.fromEntries(
      Object.entries(item).map(([key, entry]) => [
        key,
        readValue(field, type, entry, `${path}.${key}`, reading),
      ]),
    );
  }
  if (rule === 'repeated') {
    return (Array.isArray(item) ? item : [item])
      .map((entry, index) => readValue(field, type, entry, `${path}[${index}]`, reading))
      .filter((entry) => entry !== undefined);
  }
  if (Array.isArray(item)) throw new DecodeError(`Not expecting a JSON array for field '${field}'`);
  return readValue(field, type, item, path, reading);
};

const readValue = (field: string, type: string, item: unknown, path: string, reading: Reading): unknown => {
  if (type in MESSAGES) return readFields(type, item, `${path}.`, reading);
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
