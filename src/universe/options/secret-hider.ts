import { isJsonObject, type Json, type JsonObject } from '../json/json.ts';
import type { OptionChange } from './diff-options.ts';
import { isSecret, MASK } from './mask-secrets.ts';
import { type OptionNode, optionTree } from './option-tree.ts';

/** Hides the passwords among options wherever changes are shown. */
export interface SecretHider {
  option(change: OptionChange): OptionChange;
  /** Passwords reach other documents, such as the environment of apps, alone or within other texts. */
  value(value: unknown): unknown;
}

/** The config schema says which options are passwords; the options of before and after say what they are. */
export const createSecretHider = (
  config: object | undefined,
  allOptions: readonly JsonObject[],
): SecretHider => {
  const paths = isJsonObject(config) ? secretPaths(optionTree(config)) : [];
  const names = new Set(paths.map((path) => path.join('.')));
  const secrets = paths
    .flatMap((path) => allOptions.map((options) => valueAt(options, path)))
    .filter((value): value is string => typeof value === 'string' && value !== '');
  return {
    option: (change) => (names.has(change.path.join('.')) ? masked(change) : change),
    value: (value) =>
      secrets.some((secret) => JSON.stringify(value)?.includes(JSON.stringify(secret).slice(1, -1)))
        ? MASK
        : value,
  };
};

/** What is missing on a side stays missing. */
const masked = (change: OptionChange): OptionChange => ({
  ...change,
  ...(change.before === undefined ? {} : { before: MASK }),
  ...(change.after === undefined ? {} : { after: MASK }),
});

const secretPaths = (nodes: readonly OptionNode[]): (readonly string[])[] =>
  nodes.flatMap((node) => (isSecret(node) ? [node.path] : secretPaths(node.children)));

const valueAt = (options: JsonObject, path: readonly string[]): Json | undefined =>
  path.reduce<Json | undefined>((value, name) => (isJsonObject(value) ? value[name] : undefined), options);
