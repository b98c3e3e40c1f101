import { useState } from 'preact/hooks';
import type { JsonObject } from '../../universe/json/json.ts';
import { type OptionNode, optionTree } from '../../universe/options/option-tree.ts';
import {
  type Answers,
  optionsWith,
  pointerOf,
  sectionsOf,
  shownText,
  whyWrong,
} from '../model/option-form.ts';
import type { ErrorDetail, ServerError } from '../model/server-error.ts';

export interface OptionAnswers {
  readonly nodes: readonly OptionNode[];
  readonly answers: Answers;
  readonly onAnswer: (pointer: string, text: string) => void;
  /** What would be sent: the given options with what was typed. */
  readonly options: JsonObject;
  /** Whether every field can be sent. */
  readonly isComplete: boolean;
  /** What was said against these very answers; nothing once something else is typed. */
  readonly refusedOf: (problem: ServerError | undefined) => readonly ErrorDetail[];
  /** Sends the answers, and has what is said against them shown; leads to the first field that is wrong. */
  readonly submit: (form: HTMLFormElement, send: () => Promise<boolean>) => Promise<void>;
}

/** What somebody answers to the options of a package, beginning with those that are given. */
export const useAnswers = (config: JsonObject | undefined, given: JsonObject): OptionAnswers => {
  const [answers, setAnswers] = useState<Answers>({});
  const [sent, setSent] = useState<Answers>();
  const nodes = config === undefined ? [] : optionTree(config);
  const fields = sectionsOf(nodes).flatMap((section) => section.fields);
  return {
    nodes,
    answers,
    onAnswer: (pointer, text) => setAnswers((earlier) => ({ ...earlier, [pointer]: text })),
    options: optionsWith(nodes, given, answers),
    isComplete: fields.every(
      (node) =>
        answers[pointerOf(node)] === undefined ||
        whyWrong(node, shownText(node, given, answers)) === undefined,
    ),
    refusedOf: (problem) => (sent === answers ? (problem?.details ?? []) : []),
    submit: async (form, send) => {
      setSent(answers);
      if (await send()) return;
      // The fields know that they are wrong when they are drawn again.
      requestAnimationFrame(() => form.querySelector<HTMLElement>('[aria-invalid=true]')?.focus());
    },
  };
};
