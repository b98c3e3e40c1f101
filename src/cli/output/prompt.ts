import { CliError, interruption } from '../errors/cli-error.ts';
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
