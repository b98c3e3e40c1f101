import { entryOf, isJsonObject, type JsonObject } from '../../json/json.ts';
import { nearestName } from '../../options/nearest-name.ts';
import { objectOf } from '../authored-revision.ts';
import { escapePointer } from '../json-tree.ts';
import { optionsOf } from './config-options.ts';
import type { Check, Report } from './finding.ts';
import { dialectValidator } from './schema-dialect.ts';
import { schemaErrors } from './schema-errors.ts';

const FILE = 'config.json';

/** Keywords of draft 4, and those that the web interface reads beside them (reference 1.4). */
const KEYWORDS = new Set(
  `id $schema $ref title description default multipleOf maximum exclusiveMaximum minimum exclusiveMinimum maxLength minLength
pattern additionalItems items maxItems minItems uniqueItems maxProperties minProperties required additionalProperties
definitions properties patternProperties dependencies enum type format allOf anyOf oneOf not media`.split(
    /\s+/,
  ),
);

/** config.json is a schema of draft 4, and says what it seems to say (reference 1.4, 1.12). */
export const checkConfig: Check = async (revision, report) => {
  const document = revision.files.get(FILE)?.document;
  if (!document) return;
  for (const { pointer, message } of schemaErrors(await dialectValidator(), document.value)) {
    report.error('schema', FILE, { pointer }, pointer === '' ? message : `${pointer}: ${message}`);
  }
  const schema = objectOf(revision, FILE);
  if (!schema) return;
  if (
    entryOf(schema, '$schema') !== undefined &&
    /draft-0[67]|\/draft\/20/.test(String(entryOf(schema, '$schema')))
  ) {
    report.warning('schema-dialect', FILE, { pointer: '/$schema' }, 'only draft 4 is understood everywhere');
  }
  checkKeywords(schema, '', report);
  for (const { path, pointer, schema: option, isSection } of optionsOf(schema)) {
    checkKeywords(option, pointer, report);
    if (isSection && entryOf(option, 'type') === undefined) {
      const message = `${path.join('.')} needs "type": "object": without it, forms do not show the section`;
      report.warning('section-type', FILE, { pointer }, message);
    }
    if (isSection && entryOf(option, 'default') !== undefined) {
      const message = `the default of ${path.join('.')} hides the defaults of its own options`;
      report.warning('section-default', FILE, { pointer: `${pointer}/default` }, message);
    }
    checkDependencies(option, pointer, report);
    checkPattern(option, pointer, report);
  }
  checkDependencies(schema, '', report);
};

const checkKeywords = (schema: JsonObject, pointer: string, report: Report): void => {
  for (const keyword of Object.keys(schema)) {
    if (KEYWORDS.has(keyword)) continue;
    const nearest = nearestName(keyword, [...KEYWORDS]);
    const hint = nearest === undefined ? ' and means nothing' : `: did you mean ${nearest}?`;
    const place = { pointer: `${pointer}/${escapePointer(keyword)}` };
    report.warning('unknown-keyword', FILE, place, `${keyword} is no keyword of JSON Schema${hint}`);
  }
};

/** The web form uses them, an installation without it does not: the same options give different apps. */
const checkDependencies = (schema: JsonObject, pointer: string, report: Report): void => {
  const dependencies = entryOf(schema, 'dependencies');
  if (!isJsonObject(dependencies)) return;
  for (const [name, dependency] of Object.entries(dependencies)) {
    if (!isJsonObject(dependency) || !JSON.stringify(dependency, exactNumbers).includes('"default":'))
      continue;
    const message = `defaults within the dependencies of ${name} are not used: only those of properties are`;
    report.warning(
      'unused-default',
      FILE,
      { pointer: `${pointer}/dependencies/${escapePointer(name)}` },
      message,
    );
  }
};

const exactNumbers = (_key: string, value: unknown): unknown =>
  typeof value === 'bigint' ? `${value}` : value;

const checkPattern = (schema: JsonObject, pointer: string, report: Report): void => {
  const pattern = entryOf(schema, 'pattern');
  if (typeof pattern !== 'string') return;
  try {
    new RegExp(pattern);
  } catch {
    const message = `${JSON.stringify(pattern)} is no regular expression, so that nothing is checked`;
    report.warning('pattern', FILE, { pointer: `${pointer}/pattern` }, message);
  }
};
