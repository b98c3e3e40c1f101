/** In bytes: what the name of a file may have. */
const MAX_ID_LENGTH = 255;
const FIRST_PRINTABLE = ' ';
const DELETE = '\u007f';

/** What is wrong with the id of a task, executor or framework: it becomes the name of a folder. */
export const idProblem = (id: string): string | undefined => {
  if (id === '') return 'ID must not be empty';
  if (Buffer.byteLength(id) > MAX_ID_LENGTH) return `ID must not be greater than ${MAX_ID_LENGTH} characters`;
  if (id === '.' || id === '..') return `'${id}' is disallowed`;
  return [...id].some(isForbidden) ? `'${id}' contains invalid characters` : undefined;
};

const isForbidden = (character: string): boolean =>
  character < FIRST_PRINTABLE || character === DELETE || character === '/' || character === '\\';
