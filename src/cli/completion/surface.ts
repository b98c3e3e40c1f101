import { GUIDES } from '../guides.ts';
import { TOPICS } from '../topics.ts';

/** What can be typed, as the build writes it to dist/completion.json: completing must not load the commands. */
export interface Surface {
  /** By id. */
  readonly commands: Readonly<Record<string, CommandSurface>>;
  /** What groups of commands are about, by id. */
  readonly topics: Readonly<Record<string, string>>;
  readonly guides: Readonly<Record<string, string>>;
}

export interface CommandSurface {
  readonly summary: string;
  /** Names of what follows it. */
  readonly args: readonly string[];
  /** The last of them may be given several times. */
  readonly isOpen: boolean;
  /** By name. */
  readonly flags: Readonly<Record<string, FlagSurface>>;
}

export interface FlagSurface {
  readonly summary: string;
  readonly char?: string;
  readonly takesValue: boolean;
  readonly isMultiple: boolean;
  /** The values that it may have; none when it takes any. */
  readonly values: readonly string[];
}

/** What a surface is made from: the class of a command has it. */
interface DescribedCommand {
  readonly summary?: string | undefined;
  readonly hidden?: boolean;
  readonly strict?: boolean;
  readonly args?: Readonly<Record<string, unknown>>;
  readonly flags?: Readonly<Record<string, DescribedFlag>>;
  readonly baseFlags?: Readonly<Record<string, DescribedFlag>>;
}

interface DescribedFlag {
  readonly type?: string;
  readonly char?: string | undefined;
  readonly hidden?: boolean | undefined;
  readonly multiple?: boolean | undefined;
  readonly options?: readonly string[] | undefined;
  readonly description?: string | undefined;
}

/** The surface of commands, by their ids, with topics and guides. */
export const surfaceOf = (commands: Readonly<Record<string, DescribedCommand>>): Surface => ({
  commands: Object.fromEntries(
    Object.entries(commands)
      .filter(([, { hidden = false }]) => !hidden)
      .map(([id, command]) => [id, commandSurface(command)]),
  ),
  topics: Object.fromEntries(Object.entries(TOPICS).map(([id, { description }]) => [id, description])),
  guides: GUIDES,
});

const commandSurface = ({
  summary = '',
  strict = true,
  args = {},
  flags = {},
  baseFlags = {},
}: DescribedCommand): CommandSurface => ({
  summary,
  args: Object.keys(args),
  isOpen: !strict,
  flags: Object.fromEntries(
    Object.entries({ ...baseFlags, ...flags })
      .filter(([, { hidden = false }]) => !hidden)
      .map(([name, flag]) => [name, flagSurface(flag)]),
  ),
});

const flagSurface = ({ type, char, multiple = false, options = [], description = '' }: DescribedFlag) => ({
  summary: description,
  ...(char === undefined ? {} : { char }),
  takesValue: type === 'option',
  isMultiple: multiple,
  values: options,
});
