import { nearestName } from '../../universe/options/nearest-name.ts';
import { CliError } from './cli-error.ts';

/** What is known of the command that was used wrongly. */
export interface CommandUsage {
  /** As it is typed, without the program's name. */
  readonly name: string;
  /** Long names, without dashes. */
  readonly flags: readonly string[];
}

/**
 * An error of oclif's parser as one of ours: in one line, with the flag that was probably meant. Everything else is given
 * back as it is.
 */
export const usageError = (error: unknown, usage: CommandUsage): unknown => {
  if (!isParseError(error)) return error;
  const help = `plenum ${usage.name} --help tells how it is used`;
  const [unknown] = error.flags ?? [];
  if (unknown !== undefined) {
    const name = unknown.replace(/^-+/, '').split('=', 1)[0] ?? '';
    const near = nearestName(name, usage.flags);
    return new CliError('usage', `There is no flag ${unknown} of plenum ${usage.name}`, {
      hint: near === undefined ? help : `Did you mean --${near}?`,
    });
  }
  return new CliError('usage', shortened(error), { hint: help });
};

interface ParseError extends Error {
  /** Flags that the command does not have. */
  readonly flags?: readonly string[];
  readonly args?: readonly { readonly name: string }[] | readonly string[];
}

/** oclif's own class is not exported; all of its parser's errors know what was parsed, or how to exit. */
const isParseError = (error: unknown): error is ParseError =>
  error instanceof Error && ('parse' in error || 'oclif' in error);

const shortened = ({ message, args = [] }: ParseError): string => {
  if (message.startsWith('Missing')) {
    const names = args.map((arg) => (typeof arg === 'string' ? arg : arg.name).toUpperCase());
    return `Missing: ${names.join(' ')}`;
  }
  return message
    .replace(/\nSee more help with --help$/, '')
    .replace(/^The following errors? occurred:\n\s*/, '')
    .split('\n')
    .map((line) => line.trim())
    .join('; ');
};

/** The words lead to no command. */
export const unknownCommandError = (
  words: readonly string[],
  topic: string,
  commandIds: readonly string[],
): CliError => {
  const names = commandIds.map((id) => id.replaceAll(':', ' '));
  const typed = words.join(' ');
  const near = nearestCommand(words, names);
  const place = topic.replaceAll(':', ' ');
  return new CliError('usage', `There is no command ${typed}`, {
    hint:
      near === undefined
        ? `plenum ${place === '' ? '' : `${place} `}--help lists those there are`
        : `Did you mean plenum ${near}?`,
  });
};

/** The words may be followed by arguments, so that ever fewer of them are compared. */
const nearestCommand = (words: readonly string[], names: readonly string[]): string | undefined => {
  for (let count = words.length; count > 0; count--) {
    const near = nearestName(words.slice(0, count).join(' '), names);
    if (near !== undefined) return near;
  }
  const last = words.at(-1) ?? '';
  return names.find((name) => name.endsWith(` ${last}`));
};
