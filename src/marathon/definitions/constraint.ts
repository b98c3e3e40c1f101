/** How instances may be placed (marathon.md 2.6, evaluation 3.10). */
export type ConstraintOperator = 'UNIQUE' | 'CLUSTER' | 'GROUP_BY' | 'LIKE' | 'UNLIKE' | 'MAX_PER' | 'IS';

export const CONSTRAINT_OPERATORS: readonly ConstraintOperator[] = [
  'UNIQUE',
  'CLUSTER',
  'GROUP_BY',
  'LIKE',
  'UNLIKE',
  'MAX_PER',
  'IS',
];

/** Field (`hostname`, `@hostname`, `@region`, `@zone` or an attribute), operator and value, as in the API's JSON. */
export type Constraint =
  | readonly [field: string, operator: ConstraintOperator]
  | readonly [field: string, operator: ConstraintOperator, value: string];
