import type { Json, JsonObject } from '../../../universe/json/json.ts';
import { stringifyJson } from '../../../universe/json/stringify-json.ts';
import { isSecret } from '../../../universe/options/mask-secrets.ts';
import type { OptionNode } from '../../../universe/options/option-tree.ts';
import { createOptionJudge } from '../../../universe/options/validate-options.ts';
import { optionRules, optionType } from '../option-rules.ts';
import { answerText, parseAnswer } from './answer-text.ts';
import type { Questions } from './questions.ts';

/**
 * Asks for the value of an option in the way that fits its schema: one of several, yes or no, or a text that is checked as
 * it is typed. Undefined leaves it to the package.
 */
export const askOption = async (
  node: OptionNode,
  { config, current, questions }: { config: JsonObject; current: Json | undefined; questions: Questions },
): Promise<Json | undefined> => {
  const initial = current ?? node.default;
  if (node.description) questions.note(printable(node.description));
  const values = valuesOf(node);
  if (values !== undefined) return chooseValue(node, values, { initial, questions });
  const judge = await createOptionJudge(config, node.schema);
  const check = (text: string): string | undefined => {
    const answer = parseAnswer(text, node);
    if (answer.type === 'problem') return answer.message;
    if (answer.type === 'nothing') return isMissing(node) ? 'it is required' : undefined;
    const [violation] = judge(answer.value);
    return violation?.message;
  };
  const question = { message: messageOf(node), check, isSecret: isSecret(node) };
  const text = await questions.text({ ...question, initial: answerText(initial) });
  const answer = parseAnswer(text, node);
  return answer.type === 'value' ? answer.value : undefined;
};

/** Whether the package cannot be installed unless the user says what it is. */
export const isMissing = ({ isRequired, default: value, children }: OptionNode): boolean =>
  isRequired && value === undefined && children.length === 0;

/** The values there are, when they are few. */
const valuesOf = ({ schema, types }: OptionNode): readonly Json[] | undefined => {
  if (Array.isArray(schema.enum) && schema.enum.length > 0) return schema.enum;
  return types.length === 1 && types[0] === 'boolean' ? [true, false] : undefined;
};

const chooseValue = async (
  node: OptionNode,
  values: readonly Json[],
  { initial, questions }: { initial: Json | undefined; questions: Questions },
): Promise<Json | undefined> => {
  const choices = values.map((value, index) => ({ name: answerText(value), value: index }));
  const none = { name: '(leave it to the package)', value: -1 };
  const chosen = await questions.choose({
    message: messageOf(node),
    choices: isMissing(node) ? choices : [...choices, none],
    initial: initial === undefined ? undefined : values.findIndex((value) => isSame(value, initial)),
  });
  return values[chosen];
};

export const isSame = (one: Json, other: Json): boolean => stringifyJson(one) === stringifyJson(other);

const messageOf = ({ path, types, schema }: OptionNode): string => {
  const isList = Array.isArray(schema.enum);
  const facts = [optionType(types, schema), ...(isList ? [] : optionRules(schema))].filter(
    (fact) => fact !== '',
  );
  return `${path.join('.')}${facts.length > 0 ? ` (${printable(facts.join(', '))})` : ''}:`;
};

/** What came from a package must not steer the terminal. */
const printable = (text: string): string => text.replace(/\p{Cc}+/gu, ' ').trim();
