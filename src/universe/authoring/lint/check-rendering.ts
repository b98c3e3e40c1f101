import { setImmediate as nextTurn } from 'node:timers/promises';
import appSchema from '../../../../schemas/app.json';
import { decodeDefinition } from '../../definition/decode-definition.ts';
import type { PackageDefinition } from '../../definition/package-definition.ts';
import { entryOf, isJsonObject, type Json, type JsonObject } from '../../json/json.ts';
import { JsonSyntaxError, parseJson } from '../../json/parse-json.ts';
import { validateOptions } from '../../options/validate-options.ts';
import type { Violation } from '../../options/violation.ts';
import { PackageDefect } from '../../package-defect.ts';
import { parseTemplate } from '../../render/parse-template.ts';
import { contextOf } from '../../render/render-package.ts';
import { renderTemplate } from '../../render/render-template.ts';
import { TemplateError } from '../../render/template.ts';
import { type AuthoredRevision, objectOf } from '../authored-revision.ts';
import { duplicateKeys, escapePointer, readJsonDocument } from '../json-tree.ts';
import { TEMPLATE } from './check-template.ts';
import { type Check, type Place, type Report, START } from './finding.ts';
import { unknownKey } from './schema-errors.ts';
import { templateTags } from './template-tags.ts';
import { flippedSwitches, type Trial, tryDefaults } from './try-options.ts';

/** Switches are many, and a template may be slow on purpose. */
const SWITCHES_LIMIT_MS = 10_000;

/** Fields of Marathon that its schema leaves out, and those that every published package may have. */
const APP_FIELDS = [
  ...Object.keys(appSchema.properties),
  'apps',
  'groups',
  'storeUrls',
  'maintainer',
  'healthCheck',
];

/**
 * Renders the package with its defaults, and with each switch the other way: what nobody who installs it should be the
 * first to try (reference 8.2, survey 7 and 9).
 */
export const checkRendering: Check = async (revision, report) => {
  const template = revision.files.get(TEMPLATE);
  const definition = definitionOf(revision);
  if (!definition || !template || template.trouble || !isTemplate(template.text)) return;
  const schema = definition.config;
  let trial: Trial = { options: {}, invented: [], violations: [] };
  try {
    if (schema) trial = await tryDefaults(schema);
  } catch (error) {
    if (!(error instanceof PackageDefect)) throw error;
    return report.error('schema', 'config.json', START, error.message);
  }
  reportTrial(trial, report);
  const source = { definition, template: template.text };
  const app = renderedApp(source, trial.options);
  if (app.type === 'failed')
    return report.error('rendering', TEMPLATE, app.place, `with its defaults ${app.message}`);
  checkApp(app.text, app.value, report);
  const deadline = performance.now() + SWITCHES_LIMIT_MS;
  for (const { option, value, options } of schema ? flippedSwitches(schema, trial.options) : []) {
    if (performance.now() > deadline) {
      return report.warning(
        'rendering',
        TEMPLATE,
        START,
        'takes so long to render that not every switch was tried',
      );
    }
    const flipped = renderedApp(source, options);
    if (flipped.type === 'failed' && (await isAllowed(schema, options))) {
      const name = option.path.join('.');
      const place = tagPlace(template.text, name) ?? flipped.place;
      report.error('rendering', TEMPLATE, place, `with ${name} ${value} ${flipped.message}`);
    }
    await nextTurn();
  }
};

/** Whether it can be tried; if not, it was said why. */
const isTemplate = (text: string): boolean => {
  try {
    return parseTemplate(text).length > 0;
  } catch {
    return false;
  }
};

const definitionOf = (revision: AuthoredRevision): PackageDefinition | undefined => {
  const metadata = objectOf(revision, 'package.json');
  if (!metadata) return undefined;
  const part = (name: string): Json => objectOf(revision, name) ?? null;
  const template = revision.files.get(TEMPLATE)?.text ?? '';
  try {
    return decodeDefinition({
      ...metadata,
      releaseVersion: 0,
      config: part('config.json'),
      resource: part('resource.json'),
      command: part('command.json'),
      marathon: { v2AppMustacheTemplate: Buffer.from(template).toString('base64') },
    });
  } catch (error) {
    // Whatever is wrong with it was found by the checks of the file.
    if (error instanceof PackageDefect) return undefined;
    throw error;
  }
};

const reportTrial = ({ invented, violations }: Trial, report: Report): void => {
  for (const { pointer, facts } of invented) {
    const names = Array.isArray(facts.missing) ? facts.missing.join(', ') : '';
    const message = `${names} must be given by whoever installs the package: required, and without a default`;
    report.warning('needs-options', 'config.json', { pointer: schemaPointer(pointer) }, message);
  }
  for (const violation of violations) {
    const place = { pointer: schemaPointer(violation.pointer) };
    report.warning('bad-default', 'config.json', place, describe(violation));
  }
};

const describe = ({ pointer, message }: Violation): string =>
  `the default of ${pointer} breaks its own schema: ${message}`;

/** Where the schema of an option stands. */
const schemaPointer = (pointer: string): string =>
  pointer
    .split('/')
    .slice(1)
    .map((part) => `/properties/${part}`)
    .join('');

type Rendered =
  | { readonly type: 'app'; readonly text: string; readonly value: JsonObject }
  | { readonly type: 'failed'; readonly message: string; readonly place: Place };

const renderedApp = (
  { definition, template }: { definition: PackageDefinition; template: string },
  options: JsonObject,
): Rendered => {
  let text = '';
  try {
    text = renderTemplate(template, contextOf(definition, options));
    const value = parseJson(text);
    if (!isJsonObject(value))
      return { type: 'failed', place: START, message: 'it renders to no JSON object' };
    return { type: 'app', text, value };
  } catch (error) {
    if (error instanceof TemplateError) return { type: 'failed', place: START, message: error.message };
    if (error instanceof JsonSyntaxError) return noJson(text, error.message, template);
    throw error;
  }
};

/** The place in the template is that of the rendered line, where the template has the same one. */
const noJson = (text: string, message: string, template: string): Rendered => {
  const line = Number(/^line (\d+)/.exec(message)?.[1] ?? 1);
  const rendered = text.split('\n')[line - 1]?.trim() ?? '';
  const found = template
    .split('\n')
    .findIndex((candidate) => rendered !== '' && candidate.trim() === rendered);
  return {
    type: 'failed',
    message: `it renders to no JSON: ${message}, in ${JSON.stringify(rendered.slice(0, 80))}`,
    place: found < 0 ? START : { line: found + 1, column: 1 },
  };
};

const checkApp = (text: string, app: JsonObject, report: Report): void => {
  for (const { key, pointer } of duplicateKeys(readJsonDocument(text).root)) {
    const message = `the rendered app has ${pointer}/${escapePointer(key)} twice: the last one counts`;
    report.warning('duplicate-key', TEMPLATE, START, message);
  }
  for (const field of Object.keys(app)) {
    if (APP_FIELDS.includes(field)) continue;
    report.warning('app-field', TEMPLATE, START, `of the rendered app ${unknownKey(field, APP_FIELDS)}`);
  }
  const labels = entryOf(app, 'labels') ?? null;
  const isTexts = isJsonObject(labels) && Object.values(labels).every((value) => typeof value === 'string');
  if (labels !== null && !isTexts) {
    report.error('labels', TEMPLATE, START, 'the labels of the rendered app must be texts');
  }
  if (typeof entryOf(app, 'id') !== 'string')
    report.error('app-id', TEMPLATE, START, 'the rendered app has no id');
};

/** Whether somebody could install it like that. */
const isAllowed = async (schema: JsonObject | undefined, options: JsonObject): Promise<boolean> =>
  schema === undefined || (await validateOptions(schema, options)).length === 0;

const tagPlace = (template: string, name: string): Place | undefined => {
  const tag = templateTags(template).find(
    ({ kind, name: tagged }) => (kind === '#' || kind === '^') && tagged === name,
  );
  return tag && { offset: tag.offset };
};
