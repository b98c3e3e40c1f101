/** What was typed, understood. */
export type Resolution =
  | { readonly type: 'command'; readonly id: string; readonly argv: readonly string[] }
  /** Of a command or topic; of everything when the id is empty. */
  | { readonly type: 'help'; readonly id: string }
  | { readonly type: 'version' }
  | { readonly type: 'unknown'; readonly words: readonly string[]; readonly topic: string };

const HELP_FLAGS = new Set(['--help', '-h']);

/**
 * Finds the command in what was typed. The words before the first flag lead down the tree; the longest path that is a
 * command wins. `takesArguments` tells whether a command may be followed by a word that is no command.
 */
export const resolveCommand = (
  args: readonly string[],
  ids: ReadonlySet<string>,
  takesArguments: (id: string) => boolean,
): Resolution => {
  if (args[0] === '--version') return { type: 'version' };
  const { id, depth } = longestPath(args, ids);
  if (asksForHelp(args)) return { type: 'help', id };
  if (args.length === 0) return { type: 'help', id: '' };
  const next = args[depth];
  const isFollowedByWord = next !== undefined && !next.startsWith('-');
  if (ids.has(id) && (!isFollowedByWord || takesArguments(id))) {
    return { type: 'command', id, argv: args.slice(depth) };
  }
  if (!isFollowedByWord && id !== '') return { type: 'help', id };
  if (!isFollowedByWord) return { type: 'unknown', words: [next ?? ''], topic: '' };
  return { type: 'unknown', words: wordsOf(args), topic: id };
};

/** The path of words that are a command or lead to one. */
const longestPath = (args: readonly string[], ids: ReadonlySet<string>): { id: string; depth: number } => {
  let id = '';
  let depth = 0;
  for (const word of wordsOf(args)) {
    const longer = id === '' ? word : `${id}:${word}`;
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
