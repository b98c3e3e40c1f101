import { entryOf, isJsonObject, type Json, type JsonObject } from '../json/json.ts';
import { type OptionNode, optionTree } from './option-tree.ts';

/** What is shown in place of a password. */
export const MASK = '********';

/** Whether an option's value is nobody's business: its schema calls it a password. */
export const isSecret = ({ schema }: Pick<OptionNode, 'schema'>): boolean =>
  entryOf(schema, 'format') === 'password';

/** A copy of options to be shown, in which passwords are masked; empty ones stay, as there is nothing to hide. */
export const maskSecrets = (config: JsonObject, options: JsonObject): JsonObject =>
  maskedSection(optionTree(config), options);

const maskedSection = (nodes: readonly OptionNode[], section: JsonObject): JsonObject =>
  Object.fromEntries(
    Object.entries(section).map(([name, value]): [string, Json] => {
      const node = nodes.find((candidate) => candidate.name === name);
      if (node === undefined) return [name, value];
      if (isSecret(node)) return [name, value === '' || value === null ? value : MASK];
      return [name, isJsonObject(value) ? maskedSection(node.children, value) : value];
    }),
  );
