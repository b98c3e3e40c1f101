import { isList, isMap, type TemplateValue } from './template-value.ts';

/**
 * Finds a name in the scopes, the innermost last (reference 1.14). A scope that has the whole name, dots included, wins
 * at once; else the name is walked along its dots, and a scope that has the first parts but not the last one hides all
 * outer scopes. Gives null when nothing is found.
 */
export const lookUp = (name: string, scopes: readonly TemplateValue[]): TemplateValue => {
  if (name === '.') return scopes.at(-1) ?? null;
  for (let index = scopes.length - 1; index >= 0; index--) {
    const scope = scopes[index] ?? null;
    const whole = memberOf(scope, name);
    if (whole !== undefined) return whole;
    const walked = name.includes('.') ? walk(scope, name.split('.')) : undefined;
    if (walked !== undefined) return walked;
  }
  return null;
};

/** undefined: an earlier part than the last is missing, so that outer scopes are to be tried. */
const walk = (scope: TemplateValue, parts: readonly string[]): TemplateValue | undefined => {
  let value = scope;
  for (const part of parts.slice(0, -1)) {
    const next = memberOf(value, part);
    if (next === undefined) return undefined;
    if (next === null) return null;
    value = next;
  }
  return memberOf(value, parts.at(-1) ?? '') ?? null;
};

const memberOf = (value: TemplateValue, name: string): TemplateValue | undefined => {
  if (isMap(value)) return value.get(name);
  if (isList(value)) return LIST_MEMBERS.get(name)?.(value);
  return typeof value === 'string' ? STRING_MEMBERS.get(name)?.(value) : undefined;
};

/** The original finds methods of its values by reflection; published packages rely on `isEmpty`. */
const LIST_MEMBERS = new Map<string, (list: readonly TemplateValue[]) => TemplateValue>([
  ['size', ({ length }) => length],
  ['isEmpty', ({ length }) => length === 0],
  ['empty', ({ length }) => length === 0],
]);

const STRING_MEMBERS = new Map<string, (text: string) => TemplateValue>([
  ['length', ({ length }) => length],
  ['isEmpty', ({ length }) => length === 0],
  ['empty', ({ length }) => length === 0],
  ['trim', (text) => text.trim()],
  ['toLowerCase', (text) => text.toLowerCase()],
  ['toUpperCase', (text) => text.toUpperCase()],
  ['toString', (text) => text],
]);
