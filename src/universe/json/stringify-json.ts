import { isJsonObject, type Json } from './json.ts';

/** Compact JSON text in which exact integers keep all their digits. */
export const stringifyJson = (value: Json): string => {
  if (typeof value === 'bigint') return value.toString();
  if (Array.isArray(value)) return `[${value.map(stringifyJson).join(',')}]`;
  if (!isJsonObject(value)) return JSON.stringify(value);
  const entries = Object.entries(value).map(
    ([key, entry]) => `${JSON.stringify(key)}:${stringifyJson(entry)}`,
  );
  return `{${entries.join(',')}}`;
};
