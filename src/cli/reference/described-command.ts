import type { CommandClass } from '../base-command.ts';

/** A command as the reference tells of it. */
export interface DescribedCommand {
  /** What is typed, without the program's name: `marathon app add`. */
  readonly words: string;
  readonly summary: string;
  readonly description: string;
  readonly usage: string;
  readonly args: readonly Described[];
  readonly flags: readonly Described[];
  readonly examples: readonly string[];
}

/** An argument or a flag. */
export interface Described {
  readonly name: string;
  readonly summary: string;
}

/** All commands in the order of their names, but those that are hidden. */
export const describeCommands = (commands: Readonly<Record<string, CommandClass>>): DescribedCommand[] =>
  Object.entries(commands)
    .filter(([, { hidden }]) => !hidden)
    .sort(([one], [other]) => (one < other ? -1 : 1))
    .map(([id, command]) => describe(id, command));

const describe = (id: string, command: CommandClass): DescribedCommand => {
  const { args, strict, usage } = command;
  const words = id.replaceAll(':', ' ');
  const names = Object.entries(args).map(([name, { required }]) =>
    required ? name.toUpperCase() : `[${name.toUpperCase()}]`,
  );
  const flags: readonly [string, FlagFacts][] = Object.entries({ ...command.baseFlags, ...command.flags });
  return {
    words,
    summary: command.summary ?? '',
    description: command.description ?? '',
    usage:
      typeof usage === 'string' ? usage : [words, ...names, ...(strict ? [] : ['...']), '[FLAGS]'].join(' '),
    args: Object.entries(args).map(([name, { description = '' }]) => ({
      name: name.toUpperCase(),
      summary: description,
    })),
    flags: flags
      .filter(([, { hidden = false }]) => !hidden)
      .map(([name, flag]) => ({ name: flagText(name, flag), summary: flag.description ?? '' })),
    examples: (command.examples ?? []).map((example) =>
      String(example).replaceAll('<%= config.bin %>', 'plenum'),
    ),
  };
};

interface FlagFacts {
  readonly type: string;
  readonly char?: string | undefined;
  readonly hidden?: boolean | undefined;
  readonly helpValue?: string | string[] | undefined;
  readonly options?: readonly string[] | undefined;
  readonly multiple?: boolean | undefined;
  readonly description?: string | undefined;
}

const flagText = (name: string, { type, char, helpValue, options, multiple = false }: FlagFacts): string => {
  const short = char === undefined ? '' : `-${char}, `;
  const value = type === 'option' ? ` ${options?.join('|') ?? helpValue ?? 'VALUE'}` : '';
  return `${short}--${name}${value}${multiple ? ' ...' : ''}`;
};
