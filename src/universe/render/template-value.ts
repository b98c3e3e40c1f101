import { isJsonObject, type Json } from '../json/json.ts';

/**
 * A value as templates see it (reference 1.14): strings are escaped for JSON, those directly in a list quoted as well.
 */
export type TemplateValue =
  | null
  | boolean
  | number
  | bigint
  | string
  | readonly TemplateValue[]
  | ReadonlyMap<string, TemplateValue>;

/** Converts JSON for a template. */
export const toTemplateValue = (value: Json): TemplateValue => {
  if (typeof value === 'string') return escapeString(value);
  if (typeof value !== 'object' || value === null) return value;
  if (isJsonObject(value)) {
    return new Map(Object.entries(value).map(([key, entry]) => [key, toTemplateValue(entry)]));
  }
  return value.map((element) =>
    typeof element === 'string' ? `"${escapeString(element)}"` : toTemplateValue(element),
  );
};

/** What a template prints for a value; null prints as nothing, except within lists and objects. */
export const printValue = (value: TemplateValue): string => {
  if (value === null) return 'null';
  if (typeof value === 'number') return printNumber(value);
  if (isList(value)) return `[${value.map(printValue).join(', ')}]`;
  if (isMap(value)) return `{${[...value].map(([key, entry]) => `${key}=${printValue(entry)}`).join(', ')}}`;
  return String(value);
};

export const isList = (value: TemplateValue): value is readonly TemplateValue[] => Array.isArray(value);

export const isMap = (value: TemplateValue): value is ReadonlyMap<string, TemplateValue> =>
  value instanceof Map;

/** Integral numbers with all their digits, others as Java prints doubles. */
const printNumber = (value: number): string => {
  if (Number.isInteger(value)) return value === 0 ? '0' : BigInt(value).toString();
  const magnitude = Math.abs(value);
  if (magnitude >= 1e-3 && magnitude < 1e7) return String(value);
  const [mantissa = '', exponent = ''] = value.toExponential().split('e');
  return `${mantissa.includes('.') ? mantissa : `${mantissa}.0`}E${exponent.replace('+', '')}`;
};

/** JSON's escapes, and \u for all control characters, those from U+007F to U+009F too. */
const escapeString = (text: string): string => {
  const escaped = JSON.stringify(text).slice(1, -1);
  return escaped.replaceAll(/[\u007f-\u009f]/g, (character) => {
    return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
  });
};
