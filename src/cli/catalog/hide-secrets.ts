import type { MarathonPreview } from '../../clients/marathon-types.ts';
import { isJsonObject, type Json, type JsonObject } from '../../universe/json/json.ts';
import type { OptionChange } from '../../universe/options/diff-options.ts';
import { isSecret, MASK } from '../../universe/options/mask-secrets.ts';
import { type OptionNode, optionTree } from '../../universe/options/option-tree.ts';

/** Hides the passwords among options wherever changes are shown. */
export interface SecretHider {
  option(change: OptionChange): OptionChange;
  /** Passwords reach the environment of apps, alone or within other texts. */
  app(preview: MarathonPreview): MarathonPreview;
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
  const hidden = (value: unknown): unknown =>
    secrets.some((secret) => JSON.stringify(value).includes(JSON.stringify(secret).slice(1, -1)))
      ? MASK
      : value;
  return {
    option: (change) =>
      names.has(change.path.join('.')) ? withSides(change, { before: MASK, after: MASK }) : change,
    app: (preview) => ({
      ...preview,
      diff: preview.diff.map((app) => ({
        ...app,
        changes: app.changes.map((change) =>
          withSides(change, { before: hidden(change.before), after: hidden(change.after) }),
        ),
      })),
    }),
  };
};

/** What is missing on a side stays missing. */
const withSides = <Change extends { readonly before?: unknown; readonly after?: unknown }>(
  change: Change,
  { before, after }: { before: unknown; after: unknown },
): Change => ({
  ...change,
  ...(change.before === undefined ? {} : { before }),
  ...(change.after === undefined ? {} : { after }),
});

const secretPaths = (nodes: readonly OptionNode[]): (readonly string[])[] =>
  nodes.flatMap((node) => (isSecret(node) ? [node.path] : secretPaths(node.children)));

const valueAt = (options: JsonObject, path: readonly string[]): Json | undefined =>
  path.reduce<Json | undefined>((value, name) => (isJsonObject(value) ? value[name] : undefined), options);
