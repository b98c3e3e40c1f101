import type { ErrorObject, ValidateFunction } from 'ajv';
import { type Json, withDoubles } from '../../json/json.ts';
import { nearestName } from '../../options/nearest-name.ts';
import { escapePointer } from '../json-tree.ts';

export interface SchemaError {
  /** Of the value, or of the object that lacks or has a key. */
  readonly pointer: string;
  readonly message: string;
}

/** What a compiled schema finds wrong with a value, in words; `known` are the fields that its top level may have. */
export const schemaErrors = (
  validate: ValidateFunction,
  value: Json,
  known: readonly string[] = [],
): readonly SchemaError[] => {
  if (validate(withDoubles(value))) return [];
  const told = (validate.errors ?? []).filter(
    ({ keyword }) => keyword !== 'if' && keyword !== 'false schema',
  );
  return told.map((error) => describe(error, known));
};

const describe = (
  { keyword, instancePath, message, params, schema }: ErrorObject,
  known: readonly string[],
): SchemaError => {
  switch (keyword) {
    case 'additionalProperties': {
      const unknown = String(params.additionalProperty);
      return {
        pointer: `${instancePath}/${escapePointer(unknown)}`,
        message: unknownKey(unknown, instancePath === '' ? known : []),
      };
    }
    case 'required':
      return { pointer: instancePath, message: `${String(params.missingProperty)} is missing` };
    case 'enum':
      return {
        pointer: instancePath,
        message: `must be one of ${JSON.stringify(params.allowedValues ?? schema)}`,
      };
    case 'const':
      return { pointer: instancePath, message: `must be ${JSON.stringify(params.allowedValue)}` };
    default:
      return { pointer: instancePath, message: message ?? `breaks the rule ${keyword}` };
  }
};

/** Says that there is no such key, and which one was probably meant. */
export const unknownKey = (unknown: string, known: readonly string[]): string => {
  const nearest = nearestName(unknown, known);
  return `${unknown} is no known field${nearest === undefined ? '' : `: did you mean ${nearest}?`}`;
};
