import { nearestName } from '../universe/options/nearest-name.ts';

/** What was typed, understood. */
export type Resolution =
  | {
      readonly type: 'command';
      readonly id: string;
      readonly argv: readonly string[];
      /** It was typed as it is not any more. */
      readonly isOld?: boolean;
    }
  /** Of a command or topic; of everything when the id is empty. */
  | { readonly type: 'help'; readonly id: string }
  | { readonly type: 'guide'; readonly name: string }
  | { readonly type: 'version' }
  | { readonly type: 'unknown'; readonly words: readonly string[]; readonly topic: string };

export interface Vocabulary {
  /** Of all commands. */
  readonly ids: ReadonlySet<string>;
  /** Ids by other words for them. */
  readonly aliases: Readonly<Record<string, string>>;
  /** Commands that were typed by their topics alone, by those topics. */
  readonly oldForms: Readonly<Record<string, string>>;
  /** Names of texts that `help` prints. */
  readonly guides: readonly string[];
  /** Whether a command may be followed by a word that is no command. */
  readonly takesArguments: (id: string) => boolean;
}

const HELP_FLAGS = new Set(['--help', '-h']);

/**
 * Finds the command in what was typed. The words before the first flag lead down the tree as far as they are known; what
 * follows belongs to the command that they lead to.
 */
export const resolveCommand = (typed: readonly string[], vocabulary: Vocabulary): Resolution => {
  const args = withoutVerbosity(typed);
  if (args[0] === '--version') return { type: 'version' };
  if (args[0] === 'help') return resolveHelp(args.slice(1), vocabulary);
  const { ids, takesArguments, oldForms } = vocabulary;
  const { id, depth } = longestPath(args, vocabulary);
  if (asksForHelp(args) || args.length === 0) return { type: 'help', id };
  const next = args[depth];
  if (Object.hasOwn(oldForms, id) && isOldForm(next, id, vocabulary)) {
    return { type: 'command', id: oldForms[id] ?? id, argv: args.slice(depth), isOld: true };
  }
  const isFollowedByWord = next !== undefined && !next.startsWith('-');
  const isMisspelt = isFollowedByWord && isTopic(id, ids) && !takesArguments(id);
  if (ids.has(id) && !isMisspelt) return { type: 'command', id, argv: args.slice(depth) };
  if (next === undefined) return { type: 'help', id };
  return { type: 'unknown', words: isFollowedByWord ? wordsOf(args) : [...wordsOf(args), next], topic: id };
};

/** Whether what follows a topic belongs to the command that it once was: nothing, a flag, or a word that is no misspelt command. */
const isOldForm = (next: string | undefined, topic: string, vocabulary: Vocabulary): boolean => {
  if (next === undefined || next.startsWith('-')) return true;
  const { ids, takesArguments, oldForms } = vocabulary;
  const below = [...ids].filter((id) => id.startsWith(`${topic}:`)).map((id) => id.split(':')[1] ?? '');
  return takesArguments(oldForms[topic] ?? '') && nearestName(next, below) === undefined;
};

/** What the original takes before a command, and what is no matter here: nothing is logged unless PLENUM_DEBUG is set. */
const VERBOSITY = /^(-v{1,2}|--debug|--log-level(=.*)?)$/;

const withoutVerbosity = (args: readonly string[]): readonly string[] => {
  const [first = '', ...rest] = args;
  if (!VERBOSITY.test(first)) return args;
  return withoutVerbosity(first === '--log-level' ? rest.slice(1) : rest);
};

const resolveHelp = (args: readonly string[], vocabulary: Vocabulary): Resolution => {
  const words = wordsOf(args);
  const [first = ''] = words;
  if (words.length === 1 && vocabulary.guides.includes(first)) return { type: 'guide', name: first };
  const { id, depth } = longestPath(words, vocabulary);
  return depth < words.length ? { type: 'unknown', words, topic: id } : { type: 'help', id };
};

/** The path of words that are a command or lead to one. */
const longestPath = (
  args: readonly string[],
  { ids, aliases }: Vocabulary,
): { id: string; depth: number } => {
  let id = '';
  let depth = 0;
  for (const word of wordsOf(args)) {
    const typed = id === '' ? word : `${id}:${word}`;
    const longer = Object.hasOwn(aliases, typed) ? (aliases[typed] ?? typed) : typed;
    if (!ids.has(longer) && !isTopic(longer, ids)) break;
    id = longer;
    depth++;
  }
  return { id, depth };
};

const isTopic = (id: string, ids: ReadonlySet<string>): boolean => {
  for (const known of ids) if (known.startsWith(`${id}:`)) return true;
  return false;
};

const wordsOf = (args: readonly string[]): readonly string[] => {
  const end = args.findIndex((arg) => arg.startsWith('-') || arg.includes(':'));
  return end < 0 ? args : args.slice(0, end);
};

/** What stands behind `--` belongs to somebody else. */
const asksForHelp = (args: readonly string[]): boolean => {
  for (const arg of args) {
    if (arg === '--') return false;
    if (HELP_FLAGS.has(arg)) return true;
  }
  return false;
};
