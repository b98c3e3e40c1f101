/**
 * Parts the arguments of `task exec`: flags and the task, and the command with flags that are its own. The command's program
 * stays among the first, so that one that is missing is noticed.
 */
export const splitCommand = (
  argv: readonly string[],
  flagsWithValue: readonly string[],
): { own: string[]; command: string[] } => {
  let index = 0;
  for (let isValue = false; index < argv.length; index++) {
    const word = argv[index] ?? '';
    if (!isValue && (word === '--' || !word.startsWith('-') || word === '-')) break;
    isValue = !isValue && flagsWithValue.includes(word);
  }
  const flags = argv.slice(0, index);
  const words = argv.slice(index).filter((word, at) => !(word === '--' && at < 2));
  const [task, ...command] = words;
  const [program] = command;
  return {
    own: [...flags, ...[task, program].flatMap((word) => (word === undefined ? [] : [word]))],
    command,
  };
};
