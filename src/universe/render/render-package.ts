import { type PackageDefinition, templateText } from '../definition/package-definition.ts';
import { resourceWithNulls } from '../definition/resource.ts';
import { entryOf, isJsonObject, type JsonObject } from '../json/json.ts';
import { parseJson } from '../json/parse-json.ts';
import { collectDefaults } from '../options/collect-defaults.ts';
import { mergeOptions } from '../options/merge-options.ts';
import { validateOptions } from '../options/validate-options.ts';
import { packageLabels } from './package-labels.ts';
import { RenderFailure } from './render-failure.ts';
import { renderTemplate } from './render-template.ts';
import { TemplateError } from './template.ts';

export interface RenderRequest {
  readonly definition: PackageDefinition;
  /** What the user asked for; laid over the defaults. */
  readonly options: JsonObject;
  /** Replaces the id that the template gives. */
  readonly appId?: string;
  /** URI of the repository that the definition came from, without secrets. */
  readonly source: string;
}

/** Defaults of the config schema with the user's options laid over them. */
export const resolveOptions = (definition: PackageDefinition, options: JsonObject): JsonObject =>
  mergeOptions(definition.config ? collectDefaults(definition.config) : {}, options);

/**
 * Renders a package to the app that would be installed (reference 1.13 to 1.15): options are judged first, then the
 * template is filled, then the labels are laid over. Throws RenderFailure, or PackageDefect for a broken config schema.
 */
export const renderPackage = async (request: RenderRequest): Promise<JsonObject> => {
  const { definition, options, appId, source } = request;
  const template = templateText(definition);
  if (template === undefined) {
    throw new RenderFailure(
      { type: 'no-template' },
      `Package [${definition.name}] version [${definition.version}] has no Marathon template: it installs nothing on the cluster`,
    );
  }
  const resolved = resolveOptions(definition, options);
  await judgeOptions(definition, resolved);
  const text = fillTemplate(template, contextOf(definition, resolved));
  const app = readApp(text);
  const labels = readLabels(app);
  return {
    ...app,
    ...(appId === undefined ? {} : { id: absoluteId(appId) }),
    labels: { ...labels, ...packageLabels({ definition, source, options }) },
  };
};

/** What the template of a package sees: the resolved options, and its resource.json over an option of that name. */
export const contextOf = (definition: PackageDefinition, resolved: JsonObject): JsonObject => {
  const { resource, packagingVersion } = definition;
  return resource
    ? mergeOptions(resolved, { resource: resourceWithNulls(resource, packagingVersion) })
    : resolved;
};

export const absoluteId = (id: string): string => (id.startsWith('/') ? id : `/${id}`);

/** Without any options (no defaults either) nothing is judged, as the original does it. */
const judgeOptions = async (definition: PackageDefinition, resolved: JsonObject): Promise<void> => {
  if (Object.keys(resolved).length === 0) return;
  if (!definition.config) {
    throw new RenderFailure(
      { type: 'options-not-allowed' },
      `Package [${definition.name}] takes no options: it has no config schema to validate them`,
    );
  }
  const violations = await validateOptions(definition.config, resolved);
  if (violations.length > 0) {
    throw new RenderFailure({ type: 'options-mismatch', violations }, 'Options JSON failed validation');
  }
};

const fillTemplate = (template: string, context: JsonObject): string => {
  try {
    return renderTemplate(template, context);
  } catch (error) {
    if (!(error instanceof TemplateError)) throw error;
    throw new RenderFailure({ type: 'broken-template' }, `marathon.json.mustache: ${error.message}`, {
      cause: error,
    });
  }
};

const readApp = (text: string): JsonObject => {
  let app: unknown;
  try {
    app = parseJson(text);
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    throw new RenderFailure({ type: 'no-json', text }, `The rendered template is no valid JSON: ${message}`, {
      cause: error,
    });
  }
  if (isJsonObject(app)) return app;
  throw new RenderFailure({ type: 'no-object' }, 'Rendered Marathon JSON must be a JSON object');
};

const readLabels = (app: JsonObject): JsonObject => {
  const labels = entryOf(app, 'labels') ?? null;
  if (labels === null) return {};
  if (isJsonObject(labels) && Object.values(labels).every((value) => typeof value === 'string'))
    return labels;
  throw new RenderFailure(
    { type: 'bad-labels', labels },
    'The labels of the rendered app must be an object whose values are strings',
  );
};
