import { PLACEMENT_OPERATORS, type PlacementConstraint, type PlacementOperator } from './spec.ts';

const NEEDS_VALUE: ReadonlySet<PlacementOperator> = new Set(['CLUSTER', 'LIKE', 'UNLIKE', 'MAX_PER', 'IS']);
const NUMERIC: ReadonlySet<PlacementOperator> = new Set(['GROUP_BY', 'MAX_PER']);

/** Reads constraints in Marathon's form, also as JSON text (an empty one is none). Throws with what is wrong. */
export const readPlacement = (
  placement: string | readonly (readonly string[])[] | undefined,
): PlacementConstraint[] => {
  if (placement === undefined || placement === '') return [];
  const entries: unknown = typeof placement === 'string' ? parseJson(placement) : placement;
  if (!Array.isArray(entries))
    throw new Error('is not a list of constraints such as [["hostname", "UNIQUE"]]');
  return entries.map(readConstraint);
};

const parseJson = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    throw new Error('is not JSON such as [["hostname", "UNIQUE"]]');
  }
};

const readConstraint = (entry: unknown): PlacementConstraint => {
  const parts: readonly unknown[] = Array.isArray(entry) ? entry : [];
  const [field, operator, value] = parts;
  if (typeof field !== 'string' || field === '' || parts.length > 3) {
    throw new Error(`has a constraint that is not [field, operator, value]: ${JSON.stringify(entry)}`);
  }
  const known = PLACEMENT_OPERATORS.find((candidate) => candidate === operator);
  if (known === undefined) {
    throw new Error(
      `has the unknown operator ${JSON.stringify(operator)}: use ${PLACEMENT_OPERATORS.join(', ')}`,
    );
  }
  if (value !== undefined && typeof value !== 'string') {
    throw new Error(`has a value that is no text: ${JSON.stringify(entry)}`);
  }
  if (value === undefined && NEEDS_VALUE.has(known)) throw new Error(`has a ${known} without a value`);
  if (value !== undefined && NUMERIC.has(known) && !/^[1-9]\d*$/.test(value)) {
    throw new Error(`has a ${known} whose value is not a whole number: ${value}`);
  }
  if (value !== undefined && (known === 'LIKE' || known === 'UNLIKE')) checkPattern(value);
  return { field: field.replace(/^@/, ''), operator: known, value };
};

const checkPattern = (pattern: string): void => {
  try {
    new RegExp(pattern);
  } catch {
    throw new Error(`has a pattern that is not a regular expression: ${pattern}`);
  }
};
