import { CliError, interruption } from '../errors/cli-error.ts';
import { createPaint } from './paint.ts';
import { canAsk, type Terminal } from './terminal.ts';

/**
 * Asks a question that is answered with yes or no. Without somebody to answer it throws, naming the flag that answers it
 * beforehand; a no throws too, because then nothing was done.
 */
export const confirm = (terminal: Terminal, message: string, flag = '--yes'): Promise<void> =>
  confirmed(terminal, { message, flag, isUsual: true });

/** The same for what has to be looked at first: whoever only presses Enter has said no. */
export const confirmWithCare = (terminal: Terminal, message: string, flag: string): Promise<void> =>
  confirmed(terminal, { message, flag, isUsual: false });

const confirmed = async (
  terminal: Terminal,
  { message, flag, isUsual }: { message: string; flag: string; isUsual: boolean },
): Promise<void> => {
  refuseIfNobodyAnswers(terminal, flag);
  const { confirm: ask } = await import('./questions.ts');
  const isConfirmed = await answered(ask({ message, default: isUsual }, questionContext(terminal)));
  if (!isConfirmed) throw new CliError('failed', 'Cancelled: nothing was done');
};

/** Asks for a name to be typed, for what cannot be undone. */
export const confirmByName = async (
  terminal: Terminal,
  { message, name, flag = '--yes' }: { message: string; name: string; flag?: string },
): Promise<void> => {
  refuseIfNobodyAnswers(terminal, flag);
  const { input } = await import('./questions.ts');
  const typed = await answered(input({ message }, questionContext(terminal)));
  if (typed.trim() !== name) {
    throw new CliError('failed', `Cancelled: "${typed.trim()}" was typed, not "${name}"; nothing was done`);
  }
};

/** Asks for a text. Without somebody to answer it throws, naming what gives the text beforehand. */
export const askText = async (
  terminal: Terminal,
  { message, flag }: { message: string; flag: string },
): Promise<string> => {
  refuseIfNobodyTypes(terminal, message, flag);
  const { input } = await import('./questions.ts');
  return (await answered(input({ message }, questionContext(terminal)))).trim();
};

/** The same for what must not be seen. */
export const askSecret = async (
  terminal: Terminal,
  { message, flag }: { message: string; flag: string },
): Promise<string> => {
  refuseIfNobodyTypes(terminal, message, flag);
  const { password } = await import('./questions.ts');
  return answered(password({ message }, questionContext(terminal)));
};

export interface CheckedQuestion {
  readonly message: string;
  readonly flag: string;
  readonly initial: string;
  /** Says what is wrong with a text. */
  readonly check: (text: string) => string | undefined;
}

/** Asks for a text that is checked: what is wrong so far is red, and Enter says what it is. */
export const askChecked = async (
  terminal: Terminal,
  { message, flag, initial, check }: CheckedQuestion,
): Promise<string> => {
  refuseIfNobodyTypes(terminal, message, flag);
  const [{ input }, paint] = await Promise.all([
    import('./questions.ts'),
    createPaint(terminal.err.hasColor),
  ]);
  const question = {
    message,
    default: initial,
    prefill: 'editable',
    validate: (text: string) => check(text) ?? true,
    transformer: (text: string) => (check(text) === undefined ? text : paint.bad(text)),
  } as const;
  return answered(input(question, questionContext(terminal)));
};

/** The same for what must not be seen. Where nothing is typed, it stays what it was. */
export const askCheckedSecret = async (
  terminal: Terminal,
  { message, flag, initial, check }: CheckedQuestion,
): Promise<string> => {
  refuseIfNobodyTypes(terminal, message, flag);
  const { password } = await import('./questions.ts');
  const question = { message, mask: true, validate: (text: string) => check(text || initial) ?? true };
  return (await answered(password(question, questionContext(terminal)))) || initial;
};

export interface Choices<Value> {
  readonly message: string;
  readonly flag: string;
  readonly choices: readonly {
    readonly name: string;
    readonly value: Value;
    /** Shown while it is the one that would be chosen. */
    readonly description?: string;
  }[];
  /** Where to begin; default: the first. */
  readonly initial?: Value | undefined;
}

/** Lets one of several be chosen. */
export const chooseOne = async <Value>(
  terminal: Terminal,
  { message, flag, choices, initial }: Choices<Value>,
): Promise<Value> => {
  refuseIfNobodyTypes(terminal, message, flag);
  const { select } = await import('./questions.ts');
  const start = initial === undefined ? {} : { default: initial };
  return answered(select({ message, choices: [...choices], ...start }, questionContext(terminal)));
};

const refuseIfNobodyTypes = (terminal: Terminal, message: string, flag: string): void => {
  if (canAsk(terminal)) return;
  throw new CliError('usage', `This asks "${message}", and there is no terminal to answer at`, {
    hint: `Give it by ${flag}`,
  });
};

const refuseIfNobodyAnswers = (terminal: Terminal, flag: string): void => {
  if (canAsk(terminal)) return;
  throw new CliError('usage', 'This asks for confirmation, and there is no terminal to answer at', {
    hint: `Confirm beforehand with ${flag}`,
  });
};

const questionContext = ({ stdin, questionOutput, signal }: Terminal) => ({
  input: stdin,
  output: questionOutput,
  signal,
});

/** Ctrl-C at a question reaches the library, not this process, because the terminal is in raw mode. */
const answered = async <T>(question: Promise<T>): Promise<T> => {
  try {
    return await question;
  } catch (error) {
    throw error instanceof Error && error.name === 'ExitPromptError' ? interruption() : error;
  }
};
