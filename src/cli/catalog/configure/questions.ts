import { askChecked, askCheckedSecret, chooseOne } from '../../output/prompt.ts';
import type { Terminal } from '../../output/terminal.ts';

export interface Choice<Value> {
  readonly name: string;
  readonly value: Value;
  /** Shown while it is the one that would be chosen. */
  readonly description?: string;
}

/** What the configuration of a package asks a person. */
export interface Questions {
  choose<Value>(question: {
    readonly message: string;
    readonly choices: readonly Choice<Value>[];
    readonly initial?: Value | undefined;
  }): Promise<Value>;
  /** `check` says what is wrong with a text, and is asked at every key. */
  text(question: {
    readonly message: string;
    readonly initial: string;
    /** What is typed is not shown. */
    readonly isSecret?: boolean;
    readonly check: (text: string) => string | undefined;
  }): Promise<string>;
  /** Tells something between two questions. */
  note(text: string): void;
}

/** Named to those who have no terminal. */
const INSTEAD = '--options or --set of plenum package install';

/** Asks at the terminal. */
export const terminalQuestions = (terminal: Terminal): Questions => ({
  choose: (question) => chooseOne(terminal, { ...question, flag: INSTEAD }),
  text: (question) => {
    const ask = question.isSecret ? askCheckedSecret : askChecked;
    return ask(terminal, { ...question, flag: INSTEAD });
  },
  note: (text) => terminal.err.write(`${text}\n`),
});
