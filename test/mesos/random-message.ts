import { ENUMS, type FieldRow, MESSAGES } from '../../src/mesos/generated/descriptors.ts';
import type { Random } from '../../src/runtime/random.ts';

type Fields = Record<string, unknown>;

/** Below this depth only what is required is there. */
const FULL_DEPTH = 4;
const TEXTS = ['', 'a', 'role/sub', 'zwölf ☃ 𝒳', 'x'.repeat(200), '__proto__', 'null'];
const WHOLE = [0, 1, 2, 127, 128, 255, 16_384, 2 ** 21, 2 ** 28, 2 ** 31 - 1];
const WIDE = [...WHOLE, 2 ** 31, 2 ** 32 - 1];
const UNSIGNED = [...WIDE, 2 ** 32, 2 ** 35, 2 ** 49, Number.MAX_SAFE_INTEGER, 1_795_364_982_034 * 2 ** 20];
const DOUBLES = [0, 1, -1, 0.1, 1e300, -2.5, Number.MIN_VALUE, Number.POSITIVE_INFINITY];

/** A message of the given full name with every required field, and about half of the others. */
export const randomMessage = (name: string, random: Random, depth = 0): Fields => {
  // The one message of proto3, which does not tell 0 from nothing.
  if (name === 'google.protobuf.Duration') return { seconds: 1 + Math.floor(random.next() * 1e9), nanos: 1 };
  const message: Fields = {};
  for (const row of MESSAGES[name] ?? []) {
    const [field, , rule] = row;
    const isThere = rule === 'required' || (depth < FULL_DEPTH && random.next() < 0.5);
    if (isThere) message[field] = randomField(row, random, depth);
  }
  return message;
};

const randomField = ([, , rule, type]: FieldRow, random: Random, depth: number): unknown => {
  const value = () => randomValue(type, random, depth + 1);
  const count = 1 + Math.floor(random.next() * 3);
  if (rule === 'repeated') return Array.from({ length: count }, value);
  if (rule !== 'map') return value();
  return Object.fromEntries(Array.from({ length: count }, (_, index) => [`key-${index}`, value()]));
};

const randomValue = (type: string, random: Random, depth: number): unknown => {
  if (type in MESSAGES) return randomMessage(type, random, depth);
  const kinds = ENUMS[type];
  if (kinds) return pick(Object.keys(kinds), random);
  switch (type) {
    case 'string':
      return pick(TEXTS, random);
    case 'bytes':
      return Buffer.from(pick(TEXTS, random)).toString('base64');
    case 'bool':
      return random.next() < 0.5;
    case 'double':
      return pick(DOUBLES, random);
    case 'uint32':
      return pick(WIDE, random);
    case 'uint64':
      return pick(UNSIGNED, random);
    default: {
      const size = pick(type === 'int32' ? WHOLE : UNSIGNED, random);
      return random.next() < 0.5 && size > 0 ? -size : size;
    }
  }
};

const pick = <T>(choices: readonly T[], random: Random): T =>
  choices[Math.floor(random.next() * choices.length)] as T;
