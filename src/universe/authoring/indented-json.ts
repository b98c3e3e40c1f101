import { isJsonObject, type Json } from '../json/json.ts';
import { stringifyJson } from '../json/stringify-json.ts';

const INDENT = '  ';

/** JSON for people, in ASCII and with a line end: exact integers keep all their digits. */
export const indentedJson = (value: Json): string => `${toAscii(print(value, ''))}\n`;

const print = (value: Json, indent: string): string => {
  const inner = indent + INDENT;
  if (Array.isArray(value) && value.length > 0) {
    return `[\n${value.map((element) => inner + print(element, inner)).join(',\n')}\n${indent}]`;
  }
  if (isJsonObject(value) && Object.keys(value).length > 0) {
    const entries = Object.entries(value).map(
      ([key, entry]) => `${inner}${JSON.stringify(key)}: ${print(entry, inner)}`,
    );
    return `{\n${entries.join(',\n')}\n${indent}}`;
  }
  return stringifyJson(value);
};

/** JSON in which everything beyond ASCII is escaped. */
export const toAscii = (text: string): string =>
  text.replaceAll(/[^\0-\x7f]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`);
