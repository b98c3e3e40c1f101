import type { ErrorObject } from 'ajv';
import { refuseInvalid } from './violation.ts';

type Validators = typeof import('../../../schemas/generated/job-validators.mjs');

/** More than so many violations are not told. */
const MOST_VIOLATIONS = 100;

/** Throws InvalidJob with every way in which a document differs from its schema. The validators are loaded by the first. */
export const checkSchema = async (validator: keyof Validators, document: unknown): Promise<void> => {
  const { [validator]: validate } = await import('../../../schemas/generated/job-validators.mjs');
  if (validate(document)) return;
  const told = (validate.errors ?? []).filter(({ keyword }) => keyword !== 'oneOf').slice(0, MOST_VIOLATIONS);
  refuseInvalid(told.length > 0 ? told.map(violationOf) : [{ path: '/', message: 'is not valid' }]);
};

const violationOf = ({ instancePath, message = 'is not valid', params, keyword }: ErrorObject) => {
  const allowed =
    keyword === 'enum' ? `: ${params.allowedValues.filter((value: unknown) => value !== '').join(', ')}` : '';
  const unknown = keyword === 'additionalProperties' ? `: ${params.additionalProperty}` : '';
  return { path: instancePath || '/', message: `${message}${allowed}${unknown}` };
};
