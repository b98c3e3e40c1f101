import { type FieldPlan, planOf, type ValuePlan } from './message-plan.ts';
import { DEEPEST_NESTING } from './value-forms.ts';
import { malformed, WIRE, WireReader } from './wire-reader.ts';

type Fields = Record<string, unknown>;

/** An empty message takes two bytes on the wire and many in memory: a body may not hold more of them. */
const MOST_MESSAGES = 1_000_000;

interface Budget {
  readonly reader: WireReader;
  messagesLeft: number;
}

/**
 * Reads a message into the same shape that JSON gives (enums by name, bytes in base64, absent fields absent). As protobuf
 * has it, unknown fields and unknown enum values are passed over, the last value of a field that comes twice counts, and
 * messages that come twice are merged. Throws DecodeError for bytes that are no protobuf, for missing required fields, and
 * for NaN, which nothing in the API means and JSON cannot say.
 */
export const decodeProtobuf = (name: string, body: Uint8Array): Fields => {
  const budget: Budget = { reader: new WireReader(body), messagesLeft: MOST_MESSAGES };
  const message = readMessage(budget, name, {}, 0);
  if (!isComplete(name, message)) throw malformed();
  return message;
};

const readMessage = (budget: Budget, name: string, message: Fields, depth: number): Fields => {
  if (depth > DEEPEST_NESTING || --budget.messagesLeft < 0) throw malformed();
  const { reader } = budget;
  const { byNumber } = planOf(name);
  while (!reader.isAtEnd) {
    const tag = reader.tag();
    const field = byNumber.get(tag >>> 3);
    if (field === undefined || !readField(budget, field, tag & 7, message, depth)) reader.skip(tag, depth);
  }
  return message;
};

/** Whether the wire type fitted; nothing was read otherwise. */
const readField = (
  budget: Budget,
  { name, rule, value: plan }: FieldPlan,
  wireType: number,
  message: Fields,
  depth: number,
): boolean => {
  const { reader } = budget;
  const expected = wireTypeOf(plan);
  if (rule === 'map') {
    if (wireType !== WIRE.delimited) return false;
    const entries = (message[name] as Fields | undefined) ?? {};
    message[name] = entries;
    const { key, value } = reader.within(() => readEntry(budget, plan, depth + 1));
    // Not an assignment, which would take the key __proto__ for something else.
    Object.defineProperty(entries, key, { value, enumerable: true, configurable: true, writable: true });
    return true;
  }
  const isPacked = rule === 'repeated' && wireType === WIRE.delimited && expected !== WIRE.delimited;
  if (wireType !== expected && !isPacked) return false;
  if (rule === 'repeated') {
    const items = (message[name] as unknown[] | undefined) ?? [];
    message[name] = items;
    if (isPacked) reader.within(() => readPacked(budget, plan, items));
    else push(items, readValue(budget, plan, undefined, depth));
    return true;
  }
  const value = readValue(budget, plan, message[name], depth);
  if (value !== undefined) message[name] = value;
  return true;
};

const readPacked = (budget: Budget, plan: ValuePlan, items: unknown[]): void => {
  while (!budget.reader.isAtEnd) push(items, readValue(budget, plan, undefined, 0));
};

const push = (items: unknown[], value: unknown): void => {
  if (value !== undefined) items.push(value);
};

/** A key (1) and a value (2); either may be left out when it is empty. */
const readEntry = (budget: Budget, plan: ValuePlan, depth: number): { key: string; value: unknown } => {
  if (depth > DEEPEST_NESTING || --budget.messagesLeft < 0) throw malformed();
  const { reader } = budget;
  let key = '';
  let value: unknown = plan.kind === 'message' ? {} : '';
  while (!reader.isAtEnd) {
    const tag = reader.tag();
    if (tag === 8 + WIRE.delimited) key = reader.text('utf8');
    else if (tag === 16 + wireTypeOf(plan)) value = readValue(budget, plan, undefined, depth);
    else reader.skip(tag, depth);
  }
  return { key, value };
};

const wireTypeOf = (plan: ValuePlan): number => {
  if (plan.kind === 'message') return WIRE.delimited;
  if (plan.kind === 'enum') return WIRE.varint;
  if (plan.type === 'string' || plan.type === 'bytes') return WIRE.delimited;
  return plan.type === 'double' ? WIRE.fixed64 : WIRE.varint;
};

/** Undefined for a value that the enum does not have. `earlier` is what the field held before. */
const readValue = (budget: Budget, plan: ValuePlan, earlier: unknown, depth: number): unknown => {
  const { reader } = budget;
  if (plan.kind === 'enum') return plan.names.get(reader.int32());
  if (plan.kind === 'scalar') return readScalar(reader, plan.type);
  const merged = (earlier as Fields | undefined) ?? {};
  return reader.within(() => readMessage(budget, plan.name, merged, depth + 1));
};

const readScalar = (reader: WireReader, type: string): unknown => {
  switch (type) {
    case 'string':
      return reader.text('utf8');
    case 'bytes':
      return reader.text('base64');
    case 'bool':
      return reader.boolean();
    case 'int32':
      return reader.int32();
    case 'uint32':
      return reader.uint32();
    case 'int64':
      return reader.int64();
    case 'uint64':
      return reader.uint64();
    default:
      return finiteOrInfinite(reader.double());
  }
};

const finiteOrInfinite = (value: number): number => {
  if (Number.isNaN(value)) throw malformed('NaN is no value for a field');
  return value;
};

/** Whether all required fields are there, everywhere. Looked at in the end, because messages that come twice are merged. */
const isComplete = (name: string, message: Fields): boolean => {
  const { required, parts } = planOf(name);
  return (
    required.every((field) => message[field] !== undefined) &&
    parts.every(({ name: field, rule, part }) => {
      const value = message[field];
      if (value === undefined) return true;
      if (rule === 'repeated') return (value as Fields[]).every((item) => isComplete(part, item));
      if (rule === 'map') {
        return Object.values(value as Fields).every((item) => isComplete(part, item as Fields));
      }
      return isComplete(part, value as Fields);
    })
  );
};
