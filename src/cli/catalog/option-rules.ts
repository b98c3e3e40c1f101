import { entryOf, type Json, type JsonObject } from '../../universe/json/json.ts';
import { stringifyJson } from '../../universe/json/stringify-json.ts';

const LONGEST_RULE = 200;

/** The rules of an option's schema in words, one each: `one of "a", "b"`, `at least 1`, `matching ^[a-z]+$`. */
export const optionRules = (schema: JsonObject): readonly string[] =>
  RULES.flatMap(([keyword, inWords]) => {
    const value = entryOf(schema, keyword);
    if (value === undefined) return [];
    const text = inWords(value, schema);
    return text === undefined ? [] : [shortened(text)];
  });

/** The type of an option's value, such as `integer` or `array of string`. */
export const optionType = (types: readonly string[], schema: JsonObject): string => {
  const items = entryOf(schema, 'items');
  const itemType =
    typeof items === 'object' && items !== null ? entryOf(items as JsonObject, 'type') : undefined;
  const text = types.join(' or ');
  return types.length === 1 && types[0] === 'array' && typeof itemType === 'string'
    ? `array of ${itemType}`
    : text;
};

type Rule = readonly [keyword: string, inWords: (value: Json, schema: JsonObject) => string | undefined];

const RULES: readonly Rule[] = [
  [
    'enum',
    (values) => (Array.isArray(values) ? `one of ${values.map(stringifyJson).join(', ')}` : undefined),
  ],
  ['minimum', (limit, schema) => bound(limit, schema, 'exclusiveMinimum', ['at least', 'more than'])],
  ['maximum', (limit, schema) => bound(limit, schema, 'exclusiveMaximum', ['at most', 'less than'])],
  ['minLength', (count) => `at least ${String(count)} characters`],
  ['maxLength', (count) => `at most ${String(count)} characters`],
  ['minItems', (count) => `at least ${String(count)} elements`],
  ['maxItems', (count) => `at most ${String(count)} elements`],
  ['multipleOf', (step) => `a multiple of ${String(step)}`],
  ['pattern', (pattern) => (typeof pattern === 'string' ? `matching ${pattern}` : undefined)],
  ['format', (format) => (typeof format === 'string' ? `in the form of ${format}` : undefined)],
];

const bound = (
  limit: Json,
  schema: JsonObject,
  exclusive: string,
  [inclusiveWords, exclusiveWords]: readonly [string, string],
): string => `${entryOf(schema, exclusive) === true ? exclusiveWords : inclusiveWords} ${String(limit)}`;

const shortened = (text: string): string =>
  text.length <= LONGEST_RULE ? text : `${text.slice(0, LONGEST_RULE)}…`;
