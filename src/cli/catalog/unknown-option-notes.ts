import { isJsonObject } from '../../universe/json/json.ts';
import { unknownOptions } from '../../universe/options/unknown-options.ts';

/**
 * A line for each option that the package does not know although its schema lets it pass: it would be without effect, and
 * is most often a typing error. Both are documents as they were read, the config schema of the package first.
 */
export const unknownOptionNotes = (config: object | undefined, options: object | undefined): string[] => {
  if (!isJsonObject(config) || !isJsonObject(options)) return [];
  return unknownOptions(config, options).map(({ path, nearest }) => {
    const hint = nearest === undefined ? '' : `; did you mean ${nearest.join('.')}?`;
    return `Warning: the package knows no option ${path.join('.')}, it has no effect${hint}`;
  });
};
