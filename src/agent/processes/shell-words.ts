/** One word of a shell command, whatever is in it. Throws for a NUL, which no program can be told. */
export const quote = (text: string): string => {
  if (text.includes('\0')) throw new Error('A NUL cannot be part of a command or its environment');
  return `'${text.replaceAll("'", `'\\''`)}'`;
};

/** Several words. */
export const quoteAll = (words: readonly string[]): string => words.map(quote).join(' ');

/** Whether a shell can have a variable of that name. */
export const isShellName = (name: string): boolean => /^[A-Za-z_]\w*$/.test(name);

/** Sets variables in a shell and those that it starts; names that no shell can have are left out. */
export const exportWords = (environment: Readonly<Record<string, string>>): string => {
  const words = Object.entries(environment)
    .filter(([name]) => isShellName(name))
    .map(([name, value]) => `${name}=${quote(value)}`);
  return words.length === 0 ? ':' : `export ${words.join(' ')}`;
};
