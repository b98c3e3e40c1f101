import { duplicateKeys, positionAt, readJsonDocument } from '../../universe/authoring/json-tree.ts';
import { CliError } from '../errors/cli-error.ts';
import { isYaml } from './parse-document.ts';
import type { Source } from './read-source.ts';

/**
 * Throws CliError with the place where a JSON text, one that has been parsed, has a key for the second time: which of the
 * two was meant is anybody's guess. YAML forbids it by itself.
 */
export const refuseDuplicateKeys = (source: Source): void => {
  if (isYaml(source)) return;
  const { text, root } = readJsonDocument(source.text);
  const [duplicate] = duplicateKeys(root);
  if (duplicate === undefined) return;
  const { line, column } = positionAt(text, duplicate.start);
  throw new CliError(
    'failed',
    `${source.name}:${line}:${column}: the key ${JSON.stringify(duplicate.key)} is there twice`,
  );
};
