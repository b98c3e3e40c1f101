import { CONSTRAINT_OPERATORS } from '../constraint.ts';
import type { Violation } from '../violation.ts';
import { isRegularExpression, type Rule } from './rule.ts';

/** Number of fields, operators and their values (marathon.md 2.6). */
export const constraintRules: Rule = ({ constraints }) => constraintViolations(constraints, '/constraints');

/** The same of constraints wherever they are written. */
export const constraintViolations = (
  constraints: readonly (readonly string[])[],
  path: string,
): Violation[] =>
  constraints.flatMap((constraint, index) => {
    const message = constraintProblem(constraint);
    return message === undefined ? [] : [{ path: `${path}(${index})`, message }];
  });

const constraintProblem = (constraint: readonly string[]): string | undefined => {
  const [, operator = '', value] = constraint;
  if (constraint.length < 2 || constraint.length > 3) return 'Each constraint must have either 2 or 3 fields';
  if (!CONSTRAINT_OPERATORS.some((known) => known === operator)) {
    return 'operator must be one of the following UNIQUE, CLUSTER, GROUP_BY, LIKE, MAX_PER, UNLIKE or IS';
  }
  return valueProblem(operator, value);
};

const WHOLE_NUMBER = /^\d+$/;
const TEXT_OR_SCALAR = /^[a-zA-Z0-9_/.-]*$/;

const valueProblem = (operator: string, value: string | undefined): string | undefined => {
  switch (operator) {
    case 'UNIQUE':
      return value === undefined ? undefined : 'UNIQUE does not accept a value';
    case 'GROUP_BY':
      return value === undefined || WHOLE_NUMBER.test(value)
        ? undefined
        : 'GROUP BY must define an integer value or else no value at all';
    case 'MAX_PER':
      return value !== undefined && WHOLE_NUMBER.test(value)
        ? undefined
        : 'MAX_PER requires an integer value';
    case 'LIKE':
    case 'UNLIKE':
      if (!value) return 'LIKE and UNLIKE require a non-empty, regular expression value';
      return isRegularExpression(value) ? undefined : 'is not a valid regular expression';
    case 'IS':
      return value !== undefined && TEXT_OR_SCALAR.test(value)
        ? undefined
        : `IS only supports Mesos text and float values (see ${ATTRIBUTES_PAGE})`;
    default:
      return undefined;
  }
};

const ATTRIBUTES_PAGE = 'http://mesos.apache.org/documentation/latest/attributes-resources/';
