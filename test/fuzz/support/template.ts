import { ENUMS, type FieldRow, MESSAGES } from '../../../src/mesos/generated/descriptors.ts';
import type { Random } from '../../../src/runtime/random.ts';
import { pick } from './budget.ts';

export type Json = null | boolean | number | string | Json[] | { [name: string]: Json };
export type JsonObject = { [name: string]: Json };

/** What ids in a call name, by the message's short name, such as AgentID; a made-up one where it has none. */
export type Ids = Readonly<Record<string, (() => string) | undefined>>;

const SHARE_OF_OPTIONAL = 0.4;
const DEEPEST = 8;

/** A message, such as a call of the given type, as its description allows it: required fields, and some of the others. */
export const callOf = (
  name: string,
  type: string | undefined,
  { random, ids }: { random: Random; ids: Ids },
): JsonObject => messageOf({ name, ...(type === undefined ? {} : { type }), depth: 0, random, ids });

/** The types of call that an API's description names. */
export const callTypes = (name: string): string[] =>
  Object.keys(ENUMS[`${name}.Type`] ?? {}).filter((type) => type !== 'UNKNOWN');

interface Wanted {
  name: string;
  type?: string;
  depth: number;
  random: Random;
  ids: Ids;
}

const messageOf = (wanted: Wanted): JsonObject => {
  const { name, depth, random, ids } = wanted;
  const rows = MESSAGES[name] ?? [];
  const shortName = name.slice(name.lastIndexOf('.') + 1);
  const message: JsonObject = {};
  const typeRow = rows.find(([field, , , type]) => field === 'type' && type in ENUMS);
  const type = wanted.type ?? (typeRow && pick(random, Object.keys(ENUMS[typeRow[3]] ?? {})));
  if (type !== undefined) message.type = type;
  for (const row of rows) {
    const [field, , rule] = row;
    if (field === 'type' && type !== undefined) continue;
    // The part that a union's type stands for is there; of the other parts hardly one.
    const isOwnPart = field === type?.toLowerCase();
    const isOther = wanted.type !== undefined && field !== 'framework_id' && field !== 'executor_id';
    const isWanted =
      rule === 'required' || isOwnPart || (!isOther && depth < DEEPEST && random.next() < SHARE_OF_OPTIONAL);
    // Who a task runs as is for the hostile values alone.
    if (!isWanted || (field === 'user' && rule !== 'required')) continue;
    message[field] = fieldOf(row, wanted);
  }
  const id = ids[shortName]?.();
  if (id !== undefined) message.value = id;
  if (shortName === 'CommandInfo') message.value = 'true';
  return message;
};

const fieldOf = (row: FieldRow, wanted: Wanted): Json => {
  const [, , rule, type] = row;
  const value = (): Json => valueFor(type, wanted);
  if (rule === 'map') return {};
  if (rule === 'repeated') return Array.from({ length: 1 + Math.floor(wanted.random.next() * 2) }, value);
  return value();
};

const A_UUID = Buffer.alloc(16, 7).toString('base64');

const valueFor = (type: string, { depth, random, ids }: Wanted): Json => {
  if (type in ENUMS) return pick(random, Object.keys(ENUMS[type] ?? {}));
  if (type in MESSAGES) return messageOf({ name: type, depth: depth + 1, random, ids });
  if (type === 'string') return pick(random, ['x', 'cpus', 'mem', 'eng', '*', 'ports']);
  if (type === 'bytes') return A_UUID;
  if (type === 'bool') return random.next() < 0.5;
  return pick(random, [0, 1, 2, 10]);
};
