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
  if (error instanceof CliError) return withoutWrapping(error);
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

/** oclif writes the flag into the message of what its value was refused with. */
const withoutWrapping = (error: CliError): CliError => {
  const { outcome, message, details, hint } = error;
  const [, flag, what] = /^Parsing (--\S+)\s+(.*?)\s*See more help with --help$/s.exec(message) ?? [];
  if (flag === undefined) return error;
  return new CliError(outcome, `${flag}: ${what}`, { details, hint, cause: error });
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
  const near = nearestCommand(words, topic, commandIds);
  const place = topic === '' ? '' : `${topic.replaceAll(':', ' ')} `;
  return new CliError('usage', `There is no command ${words.join(' ')}`, {
    hint:
      near === undefined
        ? `plenum ${place}--help lists those there are`
        : `Did you mean plenum ${near.replaceAll(':', ' ')}?`,
  });
};

/** The first wrong word is compared with those that can stand in its place, else it is looked for everywhere. */
const nearestCommand = (
  words: readonly string[],
  topic: string,
  commandIds: readonly string[],
): string | undefined => {
  const depth = topic === '' ? 0 : topic.split(':').length;
  const word = words[depth] ?? '';
  const prefix = topic === '' ? '' : `${topic}:`;
  const below = commandIds
    .filter((id) => id.startsWith(prefix))
    .map((id) => id.slice(prefix.length).split(':'));
  const near = nearestName(word, [...new Set(below.flatMap(([first = '']) => first))]);
  if (near === undefined) return commandIds.find((id) => id.endsWith(`:${words.slice(depth).join(':')}`));
  for (let end = words.length; end > depth; end--) {
    const whole = [`${prefix}${near}`, ...words.slice(depth + 1, end)].join(':');
    if (commandIds.includes(whole)) return whole;
  }
  return `${prefix}${near}`;
};
