import type { ValidateFunction } from 'ajv';
import dialect from './draft-4.json';

let compiled: Promise<ValidateFunction> | undefined;

/** Checks that a config.json is a JSON Schema of draft 4 whose top level describes an object (reference 1.4). */
export const dialectValidator = (): Promise<ValidateFunction> => {
  compiled ??= import('ajv').then(({ Ajv }) =>
    new Ajv({ allErrors: true, strict: false, verbose: true, logger: false }).compile(dialect),
  );
  return compiled;
};
