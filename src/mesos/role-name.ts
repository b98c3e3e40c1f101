/** Names of roles (mesos.md 1.9.5): `*`, or words with slashes between them, of which each names a branch of the one before. */

/**
 * Mesos has no bounds here; but every word of a role is a node of the allocator's tree, and everything that a role has is counted in
 * each of them; and the registry keeps quotas and weights under the role's name, in which a byte can become three.
 */
const MAX_BYTES = 600;
const MAX_WORDS = 32;
const SHOWN_LENGTH = 50;

const FORBIDDEN_WORDS = new Set(['.', '..', '*']);
const FORBIDDEN_CHARACTERS = /[\t\n\v\f\r \b\x7f]/;

/** What is wrong about a role's name, in Mesos' words; undefined when nothing is. */
export const roleNameProblem = (role: string): string | undefined => {
  if (role === '*') return undefined;
  if (role === '') return 'Empty role name is invalid';
  if (Buffer.byteLength(role) > MAX_BYTES) {
    return `Role '${role.slice(0, SHOWN_LENGTH)}...' is longer than ${MAX_BYTES} bytes`;
  }
  if (role.startsWith('/')) return `Role '${role}' cannot start with a slash`;
  if (role.endsWith('/')) return `Role '${role}' cannot end with a slash`;
  const words = role.split('/');
  if (words.length > MAX_WORDS) {
    return `Role '${role}' has ${words.length} components, and no more than ${MAX_WORDS} are allowed`;
  }
  for (const word of words) {
    const problem = wordProblem(word);
    if (problem !== undefined) return `Role component '${word}' is invalid because it ${problem}`;
  }
  return undefined;
};

const wordProblem = (word: string): string | undefined => {
  if (word === '') return 'is empty';
  if (FORBIDDEN_WORDS.has(word)) return `is '${word}'`;
  if (word.startsWith('-')) return 'starts with a dash';
  return FORBIDDEN_CHARACTERS.test(word) ? 'contains backspace or whitespace' : undefined;
};

/** The roles above a role, the outermost first: `a` and `a/b` for `a/b/c`. */
export const ancestorRoles = (role: string): string[] => {
  const words = role.split('/');
  return words.slice(1).map((_, index) => words.slice(0, index + 1).join('/'));
};

/** Whether the role is the other one or lies below it. */
export const isInSubtree = (role: string, root: string): boolean =>
  role === root || role.startsWith(`${root}/`);
