import { type LiveKind, liveKindOfArgument, liveKindOfFlag, takesFile } from './live-kinds.ts';
import type { CommandSurface, FlagSurface, Surface } from './surface.ts';

/** A word that fits, and what it stands for. */
export interface Candidate {
  readonly value: string;
  readonly summary: string;
}

/** What may stand where the last word is. */
export type Completion =
  | { readonly type: 'words'; readonly candidates: readonly Candidate[] }
  /** Names that the cluster knows; `before` stands before each of them. */
  | { readonly type: 'live'; readonly kind: LiveKind; readonly prefix: string; readonly before: string }
  | { readonly type: 'files' }
  | { readonly type: 'none' };

const NONE: Completion = { type: 'none' };

/** What completes the last of the words, which may be empty; the words are those behind the program's name. */
export const complete = (typed: readonly string[], surface: Surface): Completion => {
  const words = joinAssignments(typed);
  const last = words.at(-1) ?? '';
  const before = words.slice(0, -1);
  if (before[0] === 'help') return completePath(before.slice(1), last, { surface, withGuides: true });
  const { id, depth } = commandPath(before, surface);
  const command = surface.commands[id];
  if (command === undefined) {
    return depth < before.length ? NONE : completePath(before, last, { surface, withGuides: false });
  }
  const rest = before.slice(depth);
  if (rest.includes('--')) return { type: 'files' };
  const open = openFlag(rest, command);
  if (open !== undefined) return completeValue({ id, name: open.name, flag: open.flag, before: '' }, last);
  const [, name = '', value] = /^--([^=]+)=(.*)$/s.exec(last) ?? [];
  const assigned = command.flags[name];
  if (value !== undefined && assigned) {
    return completeValue({ id, name, flag: assigned, before: `--${name}=` }, value);
  }
  if (last.startsWith('-')) return { type: 'words', candidates: flagCandidates(command, rest, last) };
  const position = positionals(rest, command).length;
  const subcommands = position === 0 ? children(id, surface, last) : [];
  if (subcommands.length > 0) return { type: 'words', candidates: subcommands };
  return completeArgument(id, command, position, last);
};

/** Shells that break words at `=` give `--name`, `=`, `value`. */
const joinAssignments = (words: readonly string[]): readonly string[] => {
  const joined: string[] = [];
  for (const [index, word] of words.entries()) {
    const previous = joined.at(-1);
    const continues = word === '=' || words[index - 1] === '=';
    if (previous?.startsWith('--') && continues) joined.splice(-1, 1, previous + word);
    else joined.push(word);
  }
  return joined;
};

const commandPath = (words: readonly string[], { commands }: Surface): { id: string; depth: number } => {
  let id = '';
  let depth = 0;
  for (const word of words) {
    const longer = id === '' ? word : `${id}:${word}`;
    const isKnown =
      Object.hasOwn(commands, longer) || Object.keys(commands).some((one) => one.startsWith(`${longer}:`));
    if (!isKnown) break;
    id = longer;
    depth++;
  }
  return { id, depth };
};

const completePath = (
  before: readonly string[],
  last: string,
  { surface, withGuides }: { surface: Surface; withGuides: boolean },
): Completion => {
  const { id, depth } = commandPath(before, surface);
  if (depth < before.length) return NONE;
  const guides = withGuides && before.length === 0 ? Object.entries(surface.guides) : [];
  return {
    type: 'words',
    candidates: [
      ...children(id, surface, last),
      ...guides.filter(([name]) => name.startsWith(last)).map(([value, summary]) => ({ value, summary })),
    ],
  };
};

/** The next words of commands below an id. */
const children = (id: string, { commands, topics }: Surface, prefix: string): Candidate[] => {
  const beginning = id === '' ? '' : `${id}:`;
  const found = new Map<string, string>();
  for (const [known, { summary }] of Object.entries(commands)) {
    if (!known.startsWith(beginning)) continue;
    const [word = '', ...deeper] = known.slice(beginning.length).split(':');
    if (!word.startsWith(prefix) || word === '') continue;
    if (deeper.length === 0) found.set(word, summary);
    else if (!found.has(word)) found.set(word, topics[beginning + word] ?? '');
  }
  return [...found].map(([value, summary]) => ({ value, summary }));
};

const flagNamed = (command: CommandSurface, word: string): [string, FlagSurface] | undefined => {
  const name = word.startsWith('--')
    ? word.slice(2)
    : Object.keys(command.flags).find((known) => `-${command.flags[known]?.char}` === word);
  const flag = name === undefined ? undefined : command.flags[name];
  return name === undefined || flag === undefined ? undefined : [name, flag];
};

/** The flag before the last word that still waits for its value. */
const openFlag = (
  words: readonly string[],
  command: CommandSurface,
): { name: string; flag: FlagSurface } | undefined => {
  const [name, flag] = flagNamed(command, words.at(-1) ?? '') ?? [];
  return name !== undefined && flag?.takesValue ? { name, flag } : undefined;
};

/** The words that are neither flags nor their values. */
const positionals = (words: readonly string[], command: CommandSurface): string[] =>
  words.filter((word, index) => {
    if (word.startsWith('-')) return false;
    const [, flag] = flagNamed(command, words[index - 1] ?? '') ?? [];
    return !flag?.takesValue;
  });

const flagCandidates = (command: CommandSurface, typed: readonly string[], prefix: string): Candidate[] =>
  Object.entries(command.flags)
    .filter(([name, { char, isMultiple }]) => {
      const isGiven = typed.some(
        (word) => word === `-${char}` || word === `--${name}` || word.startsWith(`--${name}=`),
      );
      return `--${name}`.startsWith(prefix) && (isMultiple || !isGiven);
    })
    .map(([name, { summary }]) => ({ value: `--${name}`, summary }));

interface Valued {
  readonly id: string;
  readonly name: string;
  readonly flag: FlagSurface;
  readonly before: string;
}

const completeValue = ({ id, name, flag, before }: Valued, prefix: string): Completion => {
  if (flag.values.length > 0) {
    const fitting = flag.values.filter((value) => value.startsWith(prefix));
    return { type: 'words', candidates: fitting.map((value) => ({ value: before + value, summary: '' })) };
  }
  const kind = liveKindOfFlag(name, id);
  if (kind !== undefined) return { type: 'live', kind, prefix, before };
  return takesFile(name) ? { type: 'files' } : NONE;
};

const completeArgument = (
  id: string,
  { args, isOpen }: CommandSurface,
  position: number,
  prefix: string,
): Completion => {
  const name = args[position] ?? (isOpen ? args.at(-1) : undefined);
  if (name === undefined) return NONE;
  const kind = liveKindOfArgument(id, name);
  if (kind !== undefined) return { type: 'live', kind, prefix, before: '' };
  return takesFile(name) ? { type: 'files' } : NONE;
};
