import { ApiError } from '../../clients/api-error.ts';
import { CliError } from '../errors/cli-error.ts';

/** A place in a definition: whose it is, and the JSON pointer in it. */
export type Locate = (place: { readonly index: number; readonly pointer: string }) => string | undefined;

/**
 * Has a call made, and says of what Marathon finds wrong with the definitions in which file and line it stands. What was
 * sent is an array (`isArray`), whose elements are told apart by their index, or one definition.
 */
export const placingErrors = async <T>(
  call: Promise<T>,
  { isArray, locate }: { isArray: boolean; locate: Locate },
): Promise<T> => {
  try {
    return await call;
  } catch (error) {
    if (!(error instanceof ApiError) || error.details.length === 0) throw error;
    const details = error.details.map(({ path, message }) => {
      const place = locate(placeIn(path, isArray));
      return place === undefined ? `${path}: ${message}` : `${place}: ${message} (${path})`;
    });
    throw new CliError('failed', 'Marathon does not take the definitions', { details, cause: error });
  }
};

/** Marathon writes elements of arrays as `/volumes(0)/mode`, of the array that was sent as `(2)/cmd` or `/(2)/cmd`. */
const placeIn = (path: string, isArray: boolean): { index: number; pointer: string } => {
  const parts = path
    .replace(/\((\d+)\)/g, '/$1')
    .split('/')
    .filter(Boolean);
  const first = isArray ? parts.shift() : undefined;
  const index = first === undefined ? 0 : Number(first);
  return { index: Number.isInteger(index) ? index : -1, pointer: parts.map((part) => `/${part}`).join('') };
};
