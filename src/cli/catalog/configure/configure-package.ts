import { entryOf, isJsonObject, type Json, type JsonObject } from '../../../universe/json/json.ts';
import { collectDefaults } from '../../../universe/options/collect-defaults.ts';
import { isSecret, MASK } from '../../../universe/options/mask-secrets.ts';
import { mergeOptions } from '../../../universe/options/merge-options.ts';
import { type OptionNode, optionTree } from '../../../universe/options/option-tree.ts';
import { validateOptions } from '../../../universe/options/validate-options.ts';
import { answerText } from './answer-text.ts';
import { askOption, isMissing, isSame } from './ask-option.ts';
import type { Questions } from './questions.ts';

const LONGEST_VALUE = 40;

/**
 * Asks a person for the options of a package: first for those that it cannot do without, then for whatever is chosen from
 * the list of all, until there is nothing wrong and it is said to be done. Gives what differs from the defaults.
 */
export const configurePackage = async (
  config: JsonObject,
  { given, doneText, questions }: { given: JsonObject; doneText: string; questions: Questions },
): Promise<JsonObject> => {
  const leaves = optionTree(config).flatMap(leavesOf);
  let options = given;
  const ask = async (node: OptionNode): Promise<void> => {
    const current = valueAt(options, node.path);
    const value = await askOption(node, { config, current, questions });
    const isDefault = value !== undefined && node.default !== undefined && isSame(value, node.default);
    options = withValue(options, node.path, isDefault ? undefined : value);
  };
  for (const node of leaves.filter(isMissing)) {
    if (valueAt(options, node.path) === undefined) await ask(node);
  }
  for (;;) {
    const chosen = await questions.choose({
      message: 'What is to be changed?',
      choices: [
        { name: doneText, value: -1 },
        ...leaves.map((node, index) => choiceOf(node, index, valueAt(options, node.path))),
      ],
    });
    const node = leaves[chosen];
    if (node !== undefined) {
      await ask(node);
      continue;
    }
    const violations = await validateOptions(config, mergeOptions(collectDefaults(config), options));
    if (violations.length === 0) return options;
    for (const { pointer, message } of violations)
      questions.note(`${pointer === '' ? '/' : pointer}: ${message}`);
  }
};

/** Options that are no sections; a section that describes nothing is one value. */
const leavesOf = (node: OptionNode): readonly OptionNode[] =>
  node.children.length === 0 ? [node] : node.children.flatMap(leavesOf);

const choiceOf = (node: OptionNode, index: number, value: Json | undefined) => {
  const { path, description = '', default: usual } = node;
  const text = isSecret(node) && value !== undefined ? MASK : answerText(value ?? usual);
  const shown = text.length > LONGEST_VALUE ? `${text.slice(0, LONGEST_VALUE)}…` : text;
  const mark = value === undefined ? '' : ' (changed)';
  return {
    name: `${path.join('.')}${shown === '' ? '' : ` = ${shown}`}${mark}`.replace(/\p{Cc}+/gu, ' '),
    value: index,
    description: description.replace(/\p{Cc}+/gu, ' '),
  };
};

const valueAt = (options: JsonObject, path: readonly string[]): Json | undefined =>
  path.reduce<Json | undefined>(
    (value, name) => (isJsonObject(value) ? entryOf(value, name) : undefined),
    options,
  );

/** A copy with the value at its place, or without it; sections that become empty go too. */
const withValue = (
  options: JsonObject,
  [name = '', ...rest]: readonly string[],
  value: Json | undefined,
): JsonObject => {
  const others = Object.entries(options).filter(([key]) => key !== name);
  if (rest.length === 0) return Object.fromEntries(value === undefined ? others : [...others, [name, value]]);
  const section = entryOf(options, name);
  const inner = withValue(isJsonObject(section) ? section : {}, rest, value);
  return Object.fromEntries(Object.keys(inner).length === 0 ? others : [...others, [name, inner]]);
};
