import type { Random } from '../../../src/runtime/random.ts';
import { pick } from './budget.ts';
import type { Json, JsonObject } from './template.ts';

const nest = (open: string, close: string, depth: number): string =>
  `${open.repeat(depth)}1${close.repeat(depth)}`;

/** What no field expects, as it stands in a body; paths lead to nothing that exists, whatever is done to them. */
const HOSTILE_TEXTS: readonly string[] = [
  ...['null', 'true', 'false', '0', '-1', '-0', '0.5', '1e999', '-1e999', '1e308', '-1e308', '5e-324'],
  ...['NaN', 'Infinity', '-Infinity', '"NaN"', '"Infinity"', '"-Infinity"', '"nan"', '"1e999"', '"-1"'],
  ...['9007199254740993', '9223372036854775807', '9223372036854775808', '-9223372036854775809'],
  ...['18446744073709551616', '4294967296', '2147483648', '"18446744073709551616"', '01', '+1', '0x10'],
  ...['""', '" "', '"\\u0000"', '"a\\u0000b"', '"\\ud800"', '"\\n\\r"', '"UNKNOWN"', '"no such"', '"%s%n"'],
  ...['"."', '".."', '"/"', '"../../../../plenum-fuzz-nothing"', '"/plenum-fuzz-nothing"', '"a/b"'],
  ...['"__proto__"', '"constructor"', '"toString"', '{"__proto__":{"value":"x"}}', '{"constructor":1}'],
  ...['[]', '{}', '[null]', '[[]]', '[{}]', '{"":{}}', '{"value":null}', '{"value":{"value":"x"}}'],
  ...['[1,"a",null,{}]', `[${'{},'.repeat(2_000)}{}]`, `"${'x'.repeat(100_000)}"`, '"💥"', '"\\q"', '"', '{'],
  ...[nest('[', ']', 50), nest('{"a":', '}', 50), nest('[', ']', 20_000), nest('{"value":', '}', 20_000)],
];

const PLACE = '@place of what is hostile@';

/** The call with one field missing, twice, or with a value that it does not expect; or with nothing changed. */
export const hostileJson = (call: Json, random: Random): string => {
  const all = sitesOf(call);
  // Without its type and its sender a call gets nowhere: most of the changes are to what it says.
  const inner = all.filter(
    ({ holder, key }) => holder !== call && !(key === 'value' && isSender(call, holder)),
  );
  const sites = inner.length > 0 && random.next() < 0.8 ? inner : all;
  if (sites.length === 0 || random.next() < 0.05) return pick(random, HOSTILE_TEXTS);
  if (random.next() < 0.1) return JSON.stringify(call);
  const { holder, key } = pick(random, sites);
  const before = holder[key] ?? null;
  const change = random.next();
  if (change < 0.1) {
    delete holder[key];
    return JSON.stringify(call);
  }
  holder[key] = PLACE;
  const hostile = pick(random, HOSTILE_TEXTS);
  const text = change < 0.2 ? `${JSON.stringify(before)},${JSON.stringify(key)}:${hostile}` : hostile;
  return JSON.stringify(call).replace(JSON.stringify(PLACE), () => text);
};

const isSender = (call: Json, holder: Json): boolean =>
  call !== null && typeof call === 'object' && !Array.isArray(call) && call.framework_id === holder;

interface Site {
  holder: JsonObject;
  key: string;
}

const sitesOf = (value: Json): Site[] => {
  if (Array.isArray(value)) return value.flatMap(sitesOf);
  if (value === null || typeof value !== 'object') return [];
  return Object.keys(value).flatMap((key) => [{ holder: value, key }, ...sitesOf(value[key] ?? null)]);
};
