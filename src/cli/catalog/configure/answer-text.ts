import { isJsonObject, type Json, type JsonObject } from '../../../universe/json/json.ts';
import { parseJson } from '../../../universe/json/parse-json.ts';
import { stringifyJson } from '../../../universe/json/stringify-json.ts';
import type { OptionNode } from '../../../universe/options/option-tree.ts';

/** What was typed, as the value of an option; `nothing` leaves the option out. */
export type Answer =
  | { readonly type: 'value'; readonly value: Json }
  | { readonly type: 'nothing' }
  | { readonly type: 'problem'; readonly message: string };

/** Reads what was typed for an option by the types of its schema: texts without quotes, lists with commas, else JSON. */
export const parseAnswer = (
  text: string,
  { types, schema }: Pick<OptionNode, 'types' | 'schema'>,
): Answer => {
  const typed = text.trim();
  if (typed === '') return { type: 'nothing' };
  const isText = types.length === 0 || types.includes('string');
  if (types.length === 1 && types[0] === 'string') return { type: 'value', value: textValue(typed) };
  if (types.includes('array') && !typed.startsWith('[')) return listAnswer(typed, schema);
  try {
    return { type: 'value', value: parseJson(typed) };
  } catch {
    if (isText) return { type: 'value', value: typed };
    return { type: 'problem', message: `${types.join(' or ')} is expected` };
  }
};

/** How a value is typed. */
export const answerText = (value: Json | undefined): string => {
  if (value === undefined) return '';
  if (typeof value === 'string')
    return value === '' || /^\s|\s$|^"/.test(value) ? JSON.stringify(value) : value;
  const isPlainList = Array.isArray(value) && value.length > 0 && value.every(isPlainElement);
  return isPlainList ? value.join(', ') : stringifyJson(value);
};

const isPlainElement = (element: Json): boolean =>
  typeof element === 'string'
    ? /^[^\s,"[\]{}]+$/.test(element) && !isJson(element)
    : typeof element === 'number';

/** Quotes are for what could not be typed otherwise: the empty text, and one with white space at its ends. */
const textValue = (typed: string): string => {
  if (!/^".*"$/s.test(typed)) return typed;
  try {
    const value = parseJson(typed);
    return typeof value === 'string' ? value : typed;
  } catch {
    return typed;
  }
};

const listAnswer = (typed: string, schema: JsonObject): Answer => {
  const { items } = schema;
  const itemTypes = isJsonObject(items) ? [items.type ?? []].flat() : [];
  const elements = typed
    .split(',')
    .map((element) => element.trim())
    .filter((element) => element !== '');
  const isText = itemTypes.length === 0 || itemTypes.includes('string');
  if (!isText && !elements.every(isJson)) {
    return { type: 'problem', message: `a list of ${itemTypes.join(' or ')} is expected` };
  }
  return { type: 'value', value: elements.map((element) => (isText ? element : parseJson(element))) };
};

const isJson = (text: string): boolean => {
  try {
    parseJson(text);
    return true;
  } catch {
    return false;
  }
};
