import { entryOf, isJsonObject, type Json, type JsonObject } from '../../universe/json/json.ts';
import type { OptionNode } from '../../universe/options/option-tree.ts';

/** What was typed into fields that were touched, by the JSON pointer of their option. */
export type Answers = Readonly<Record<string, string>>;

/** Options of a package under one heading: those of a section, or those at the top. */
export interface OptionSection {
  /** Empty for those at the top. */
  readonly title: string;
  readonly description: string;
  readonly fields: readonly OptionNode[];
}

/** The options of a package section by section; sections within sections follow as sections of their own. */
export const sectionsOf = (nodes: readonly OptionNode[], parent?: OptionNode): OptionSection[] => {
  const fields = nodes.filter(({ children }) => children.length === 0);
  const inner = nodes.filter(({ children }) => children.length > 0);
  const own = {
    title: parent?.path.join(' › ') ?? '',
    description: parent?.description ?? '',
    fields,
  };
  return [...(fields.length > 0 ? [own] : []), ...inner.flatMap((node) => sectionsOf(node.children, node))];
};

export const pointerOf = ({ path }: Pick<OptionNode, 'path'>): string =>
  path.map((name) => `/${name.replaceAll('~', '~0').replaceAll('/', '~1')}`).join('');

/** How an option is asked for. */
export const kindOf = ({ schema, types }: OptionNode): 'choice' | 'flag' | 'number' | 'text' | 'json' => {
  if (Array.isArray(entryOf(schema, 'enum') ?? null)) return 'choice';
  if (types.includes('boolean')) return 'flag';
  if (types.includes('integer') || types.includes('number')) return 'number';
  return types.length === 0 || types.includes('array') || types.includes('object') ? 'json' : 'text';
};

/** What a choice can be, as text. */
export const choicesOf = ({ schema }: OptionNode): readonly string[] => {
  const values = entryOf(schema, 'enum') ?? null;
  return Array.isArray(values) ? values.map((value) => textOf(value)) : [];
};

/** A value as it stands in a field. */
export const textOf = (value: Json | undefined): string => {
  if (value === undefined) return '';
  return typeof value === 'string' ? value : JSON.stringify(value, null, 1);
};

/** What stands in the field of an option: what was typed, else what is given, else what it is by default. */
export const shownText = (node: OptionNode, given: JsonObject, answers: Answers): string =>
  answers[pointerOf(node)] ?? textOf(valueAt(given, node.path) ?? node.default);

/** What is wrong with a text as an option's value, as far as a page can say: the package service has the last word. */
export const whyWrong = (node: OptionNode, text: string): string | undefined => {
  if (text === '') return node.isRequired && kindOf(node) !== 'text' ? 'is required' : undefined;
  const value = readValue(node, text);
  if (value === undefined) return kindOf(node) === 'number' ? 'is no number' : 'is no JSON';
  if (typeof value !== 'number') return undefined;
  if (node.types.includes('integer') && !node.types.includes('number') && !Number.isInteger(value)) {
    return 'is no whole number';
  }
  const [least, most] = [entryOf(node.schema, 'minimum'), entryOf(node.schema, 'maximum')];
  if (typeof least === 'number' && value < least) return `is less than ${least}`;
  return typeof most === 'number' && value > most ? `is more than ${most}` : undefined;
};

/** The options to send: those that were given, with what was typed. An emptied field that is no text is left out. */
export const optionsWith = (
  nodes: readonly OptionNode[],
  given: JsonObject,
  answers: Answers,
): JsonObject => {
  const options = structuredClone(given) as Record<string, Json>;
  for (const { fields } of sectionsOf(nodes)) {
    for (const node of fields) {
      const text = answers[pointerOf(node)];
      if (text !== undefined) put(options, node, text);
    }
  }
  return options;
};

const put = (options: Record<string, Json>, node: OptionNode, text: string): void => {
  const names = node.path.slice(0, -1);
  let section = options;
  for (const name of names) {
    const next = entryOf(section, name);
    const inner = isJsonObject(next) ? (next as Record<string, Json>) : {};
    define(section, name, inner);
    section = inner;
  }
  const value = readValue(node, text);
  if (value === undefined) delete section[node.name];
  else define(section, node.name, value);
};

/** An option may have any name, `__proto__` too. */
const define = (section: Record<string, Json>, name: string, value: Json): void => {
  Object.defineProperty(section, name, { value, enumerable: true, configurable: true, writable: true });
};

const readValue = (node: OptionNode, text: string): Json | undefined => {
  switch (kindOf(node)) {
    case 'text':
      return text;
    case 'flag':
      return text === 'true';
    case 'number': {
      const number = Number(text);
      return text.trim() === '' || !Number.isFinite(number) ? undefined : number;
    }
    case 'choice': {
      const values = entryOf(node.schema, 'enum') ?? null;
      return Array.isArray(values) ? values.find((value) => textOf(value) === text) : undefined;
    }
    case 'json':
      return parsed(text);
  }
};

const parsed = (text: string): Json | undefined => {
  try {
    return JSON.parse(text) as Json;
  } catch {
    return undefined;
  }
};

const valueAt = (options: JsonObject, path: readonly string[]): Json | undefined =>
  path.reduce<Json | undefined>(
    (value, name) => (isJsonObject(value) ? entryOf(value, name) : undefined),
    options,
  );
