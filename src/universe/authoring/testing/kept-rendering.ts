import type { PackageDefinition } from '../../definition/package-definition.ts';
import { entryOf, isJsonObject, type Json, type JsonObject } from '../../json/json.ts';
import {
  DEFINITION_LABEL,
  NAME_LABEL,
  OPTIONS_LABEL,
  SOURCE_LABEL,
  VERSION_LABEL,
} from '../../render/package-labels.ts';
import { RenderFailure } from '../../render/render-failure.ts';
import { renderPackage } from '../../render/render-package.ts';

const ADDED_LABELS = new Set([NAME_LABEL, VERSION_LABEL, SOURCE_LABEL, OPTIONS_LABEL, DEFINITION_LABEL]);

/**
 * What an author keeps of a rendering: the app without the labels that every installation adds, or why the options were
 * refused. Throws PackageDefect and RenderFailure for a package that is broken.
 */
export const keptRendering = async (
  definition: PackageDefinition,
  options: JsonObject,
): Promise<JsonObject> => {
  try {
    return withoutAddedLabels(await renderPackage({ definition, options, source: '' }));
  } catch (error) {
    if (!(error instanceof RenderFailure) || error.reason.type !== 'options-mismatch') throw error;
    return { refused: error.reason.violations.map(({ pointer, message }) => `${pointer}: ${message}`) };
  }
};

const withoutAddedLabels = (app: JsonObject): JsonObject => {
  const labels = entryOf(app, 'labels');
  const own = Object.entries(isJsonObject(labels) ? labels : {}).filter(([name]) => !ADDED_LABELS.has(name));
  const entries = Object.entries(app).flatMap(([key, value]): [string, Json][] => {
    if (key !== 'labels') return [[key, value]];
    return own.length === 0 ? [] : [[key, Object.fromEntries(own)]];
  });
  return Object.fromEntries(entries);
};
