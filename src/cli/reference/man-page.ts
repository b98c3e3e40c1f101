import type { Described, DescribedCommand } from './described-command.ts';

export interface ManPageFacts {
  readonly version: string;
  /** Texts that stand for themselves, by their titles. */
  readonly guides: Readonly<Record<string, string>>;
}

/** All commands as a page for man(1), in the man macros of roff. */
export const manPage = (commands: readonly DescribedCommand[], { version, guides }: ManPageFacts): string =>
  [
    `.TH PLENUM 1 "" "Plenum ${version}" "User Commands"`,
    '.SH NAME',
    'plenum \\- makes a datacenter usable like one computer',
    '.SH SYNOPSIS',
    '.B plenum',
    '.I COMMAND',
    '[\\fIARGUMENTS\\fR] [\\fIFLAGS\\fR]',
    '.SH COMMANDS',
    ...commands.flatMap(section),
    ...Object.entries(guides).flatMap(([title, text]) => [
      `.SH ${escaped(title.toUpperCase().replaceAll('-', ' '))}`,
      '.nf',
      // The first line of a guide is its title.
      ...text.trimEnd().split('\n').slice(1).map(textLine),
      '.fi',
    ]),
  ]
    .join('\n')
    .concat('\n');

const section = ({
  words,
  summary,
  description,
  usage,
  args,
  flags,
  examples,
}: DescribedCommand): string[] => [
  `.SS plenum ${escaped(words)}`,
  textLine(`${summary}.`),
  ...(description === '' ? [] : ['.PP', ...description.split('\n').map(textLine)]),
  '.PP',
  `.B plenum ${escaped(usage.replace(/^plenum /, ''))}`,
  ...[...args, ...flags].flatMap(entry),
  ...(examples.length === 0
    ? []
    : ['.PP', 'Examples:', '.nf', ...examples.map((line) => textLine(`  ${line}`)), '.fi']),
];

const entry = ({ name, summary }: Described): string[] => [
  '.TP',
  `.B ${escaped(name)}`,
  ...summary.split('\n').map(textLine),
];

/** What would be a hyphen is a minus that can be copied; a backslash stands for itself. */
const escaped = (text: string): string => text.replaceAll('\\', '\\e').replaceAll('-', '\\-');

/** A line that begins with a dot or an apostrophe would be a macro. */
const textLine = (text: string): string => {
  const line = escaped(text);
  return /^[.']/.test(line) ? `\\&${line}` : line;
};
