import type { Described, DescribedCommand } from './described-command.ts';

/** All commands as one page of Markdown, with a table of contents. */
export const markdownReference = (commands: readonly DescribedCommand[], version: string): string => {
  const contents = commands.map(
    ({ words, summary }) => `- [\`plenum ${words}\`](#${anchor(words)}): ${summary}`,
  );
  return [`# Commands of Plenum ${version}`, contents.join('\n'), ...commands.map(section)]
    .join('\n\n')
    .concat('\n');
};

/** As the usual renderers make it of a heading. */
const anchor = (words: string): string => `plenum-${words.replaceAll(' ', '-')}`;

const section = ({ words, summary, description, usage, args, flags, examples }: DescribedCommand): string =>
  [
    `## plenum ${words}`,
    `${summary}.`,
    ...(description === '' ? [] : [description]),
    code([`plenum ${usage.replace(/^plenum /, '')}`]),
    ...list('Arguments', args),
    ...list('Flags', flags),
    ...(examples.length === 0 ? [] : ['Examples:', code(examples)]),
  ].join('\n\n');

const code = (lines: readonly string[]): string => ['```', ...lines, '```'].join('\n');

const list = (title: string, entries: readonly Described[]): string[] =>
  entries.length === 0
    ? []
    : [`${title}:`, entries.map(({ name, summary }) => `- \`${name}\`: ${oneLine(summary)}`).join('\n')];

const oneLine = (text: string): string => text.replace(/\s*\n\s*/g, ' ');
