import { entryOf, isJsonObject, type JsonObject } from '../../json/json.ts';
import { nearestName } from '../../options/nearest-name.ts';
import { parseTemplate } from '../../render/parse-template.ts';
import { TemplateError } from '../../render/template.ts';
import { objectOf } from '../authored-revision.ts';
import { optionsOf } from './config-options.ts';
import { type Check, START } from './finding.ts';
import { type TemplateTag, templateTags } from './template-tags.ts';

export const TEMPLATE = 'marathon.json.mustache';

/** What texts and lists can be asked for behind their name. */
const MEMBER = /\.(isEmpty|empty|size|length|trim|toLowerCase|toUpperCase|toString)$/;

/** The template can be parsed, and every name in it is one that there can be. */
export const checkTemplate: Check = (revision, report) => {
  const file = revision.files.get(TEMPLATE);
  if (!file || file.trouble) return;
  if (file.text === '')
    return report.warning('empty-template', TEMPLATE, START, 'is empty: nothing is installed');
  try {
    parseTemplate(file.text);
  } catch (error) {
    if (!(error instanceof TemplateError)) throw error;
    const [, message = error.message, line = '1'] = /^(.*) \(line (\d+)\)$/s.exec(error.message) ?? [];
    return report.error('template', TEMPLATE, { line: Number(line), column: 1 }, message);
  }
  // Without a schema that can be read, nobody knows the names.
  if (revision.files.get('config.json')?.trouble) return;
  const vocabulary = vocabularyOf(objectOf(revision, 'config.json'), objectOf(revision, 'resource.json'));
  for (const tag of templateTags(file.text)) {
    if (tag.kind === '/' || isKnown(tag, vocabulary)) continue;
    const nearest = nearestName(tag.name, [...vocabulary.names]);
    const hint = nearest === undefined ? '' : `: did you mean ${nearest}?`;
    const message = `${tag.name} is neither an option nor a resource, so that it is always empty${hint}`;
    report.warning('unknown-option', TEMPLATE, { offset: tag.offset }, message);
  }
};

interface Vocabulary {
  /** Dotted names of all options and resources. */
  readonly names: ReadonlySet<string>;
  /** Names below which anything may be: lists, and objects without described properties. */
  readonly open: ReadonlySet<string>;
}

const vocabularyOf = (config: JsonObject | undefined, resource: JsonObject | undefined): Vocabulary => {
  const names = new Set<string>();
  const open = new Set<string>();
  for (const { path, schema, isSection } of config ? optionsOf(config) : []) {
    const name = path.join('.');
    names.add(name);
    const type = entryOf(schema, 'type');
    const isOpen = !isSection && (type === 'array' || type === 'object' || typeof type !== 'string');
    if (isOpen || entryOf(schema, 'patternProperties') !== undefined || hasBranches(schema)) open.add(name);
  }
  for (const name of ['resource', ...namesWithin(resource ?? {}, 'resource')]) names.add(name);
  if (config && hasBranches(config)) open.add('');
  for (const part of [
    'assets',
    'assets.uris',
    'assets.container',
    'assets.container.docker',
    'images',
    'cli',
  ]) {
    names.add(`resource.${part}`);
  }
  return { names, open };
};

/** Options that are described elsewhere than in `properties`. */
const hasBranches = (schema: JsonObject): boolean =>
  ['dependencies', 'allOf', 'anyOf', 'oneOf'].some((keyword) => entryOf(schema, keyword) !== undefined);

const namesWithin = (object: JsonObject, prefix: string): string[] =>
  Object.entries(object).flatMap(([key, value]) => {
    const name = `${prefix}.${key}`;
    return isJsonObject(value) ? [name, ...namesWithin(value, name)] : [name];
  });

const isKnown = ({ name: written, sections }: TemplateTag, { names, open }: Vocabulary): boolean => {
  const name = written.replace(MEMBER, '');
  if (name === '.' || name === 'asJson' || open.has('')) return true;
  // Within a section its own members are known by their short names.
  const prefixes = ['', ...sections.map((section) => `${section}.`)];
  if (sections.some((section) => section === 'asJson' || open.has(section))) return true;
  return prefixes.some((prefix) => names.has(prefix + name) || isBelow(prefix + name, open));
};

const isBelow = (name: string, open: ReadonlySet<string>): boolean => {
  for (let end = name.lastIndexOf('.'); end > 0; end = name.lastIndexOf('.', end - 1)) {
    if (open.has(name.slice(0, end))) return true;
  }
  return false;
};
