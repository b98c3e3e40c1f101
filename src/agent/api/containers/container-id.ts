import { HttpError } from '../../../http/http-error.ts';
import type { ContainerID } from '../../../mesos/generated/mesos.ts';
import { MAX_NESTING } from '../../core/operator-containers.ts';

const LONGEST_ID = 242;
const FIRST_PRINTABLE = ' ';
const DELETE = '\u007f';

export const invalidCall = (problem: string): HttpError =>
  new HttpError(400, `Failed to validate agent::Call: ${problem}`);

/** Throws HttpError 400, in Mesos' words, for an id that is missing or that no container can have. */
export const checkedId = (field: string, id: ContainerID | undefined): ContainerID => {
  if (id === undefined) throw invalidCall(`Expecting '${field}' to be present`);
  const problem = idProblem(id, 1);
  if (problem !== undefined) throw invalidCall(`'${field}' is invalid: ${problem}`);
  return id;
};

/** The same for a container that must be nested in another one. */
export const checkedNestedId = (field: string, id: ContainerID | undefined): ContainerID => {
  const checked = checkedId(field, id);
  if (checked.parent === undefined) throw invalidCall(`Expecting '${field}.parent' to be present`);
  return checked;
};

/** What is wrong with the id, which becomes the name of a folder, or with one of its parents'. */
const idProblem = ({ value, parent }: ContainerID, depth: number): string | undefined => {
  if (value === '') return 'ID must not be empty';
  if (value.length > LONGEST_ID) return `ID must not be greater than ${LONGEST_ID} characters`;
  if (value === '.' || value === '..') return `'${value}' is disallowed`;
  if ([...value].some(isForbidden)) return `'${value}' contains invalid characters`;
  if (parent === undefined) return undefined;
  if (depth >= MAX_NESTING) return `Containers are nested more than ${MAX_NESTING} deep`;
  return idProblem(parent, depth + 1);
};

/** Blanks would be confusing in logs, and dots part the ids of nested containers. */
const isForbidden = (character: string): boolean =>
  character <= FIRST_PRINTABLE ||
  character === DELETE ||
  character === '/' ||
  character === '\\' ||
  character === '.';
