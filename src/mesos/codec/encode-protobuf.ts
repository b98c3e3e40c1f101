import { type FieldPlan, planOf, type ValuePlan } from './message-plan.ts';
import { WIRE } from './wire-reader.ts';
import { WireWriter } from './wire-writer.ts';

type Fields = Readonly<Record<string, unknown>>;

const writer = new WireWriter();

/**
 * The bytes of a message that is given as for JSON (enums by name, bytes in base64). Fields stand in the order of their
 * numbers, as Mesos writes them; what the schema does not know is left out.
 */
export const encodeProtobuf = (name: string, message: object): Buffer => {
  try {
    writeMessage(name, message as Fields);
    return writer.finish();
  } catch (error) {
    writer.clear();
    throw error;
  }
};

const writeMessage = (name: string, message: Fields): void => {
  for (const field of planOf(name).descending) {
    const value = message[field.name];
    if (value !== undefined && value !== null) writeField(field, value);
  }
};

const writeField = ({ number, rule, value: plan }: FieldPlan, value: unknown): void => {
  if (rule === 'map') {
    writeEntries(number, plan, value as Fields);
  } else if (rule === 'repeated') {
    const items = value as readonly unknown[];
    for (let index = items.length - 1; index >= 0; index--) writeTagged(number, plan, items[index]);
  } else {
    writeTagged(number, plan, value);
  }
};

/** An entry is a message of a key (1) and a value (2). */
const writeEntries = (number: number, plan: ValuePlan, entries: Fields): void => {
  for (const [key, value] of Object.entries(entries).reverse()) {
    const sizeBefore = writer.size;
    writeTagged(2, plan, value);
    writer.text(key, 'utf8');
    writer.tag(1, WIRE.delimited);
    writer.integer(writer.size - sizeBefore);
    writer.tag(number, WIRE.delimited);
  }
};

const writeTagged = (number: number, plan: ValuePlan, value: unknown): void => {
  if (plan.kind === 'message') {
    const sizeBefore = writer.size;
    writeMessage(plan.name, value as Fields);
    writer.integer(writer.size - sizeBefore);
    writer.tag(number, WIRE.delimited);
  } else if (plan.kind === 'enum') {
    const enumNumber = plan.numbers.get(String(value));
    // A name that the schema does not have has no number either.
    if (enumNumber === undefined) return;
    writer.integer(enumNumber);
    writer.tag(number, WIRE.varint);
  } else {
    writer.tag(number, writeScalar(plan.type, value));
  }
};

/** Writes the value and gives its wire type. */
const writeScalar = (type: string, value: unknown): number => {
  switch (type) {
    case 'string':
      writer.text(String(value), 'utf8');
      return WIRE.delimited;
    case 'bytes':
      writer.text(String(value), 'base64');
      return WIRE.delimited;
    case 'double':
      writer.double(Number(value));
      return WIRE.fixed64;
    case 'bool':
      writer.boolean(value === true);
      return WIRE.varint;
    default:
      writer.integer(Math.trunc(Number(value)));
      return WIRE.varint;
  }
};
