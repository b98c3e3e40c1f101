import { CliError } from '../errors/cli-error.ts';
import { canAsk, type Terminal } from './terminal.ts';

/**
 * Asks a question that is answered with yes or no. Without somebody to answer it throws, naming the flag that answers it
 * beforehand; a no throws too, because then nothing was done.
 */
export const confirm = async (terminal: Terminal, message: string, flag = '--yes'): Promise<void> => {
  refuseIfNobodyAnswers(terminal, flag);
  const { confirm: ask } = await import('./questions.ts');
  const isConfirmed = await ask(
    { message, default: true },
    { output: process.stderr, signal: terminal.signal },
  );
  if (!isConfirmed) throw new CliError('failed', 'Cancelled: nothing was done');
};

/** Asks for a name to be typed, for what cannot be undone. */
export const confirmByName = async (
  terminal: Terminal,
  { message, name, flag = '--yes' }: { message: string; name: string; flag?: string },
): Promise<void> => {
  refuseIfNobodyAnswers(terminal, flag);
  const { input } = await import('./questions.ts');
  const typed = await input({ message }, { output: process.stderr, signal: terminal.signal });
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
