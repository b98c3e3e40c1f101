import type { ErrorObject, ValidateFunction } from 'ajv';
import { validatePackage, validateResource } from '../../../schemas/generated/universe-validators.mjs';
import { PackageDefect } from '../package-defect.ts';

const MOST_ERRORS = 5;

/** Throws PackageDefect with what is wrong with a package.json, whose unknown fields were dropped before. */
export const checkMetadata = (document: unknown): void => check(validatePackage, 'package', document);

/** Throws PackageDefect with what is wrong with a resource.json, whose unknown fields were dropped before. */
export const checkResource = (document: unknown): void => check(validateResource, 'resource', document);

const check = (validate: ValidateFunction, file: string, document: unknown): void => {
  if (validate(document)) return;
  const errors = (validate.errors ?? []).filter(({ keyword }) => keyword !== 'if').map(describe);
  const more = errors.length > MOST_ERRORS ? `; and ${errors.length - MOST_ERRORS} more` : '';
  throw new PackageDefect(`${file}: ${errors.slice(0, MOST_ERRORS).join('; ')}${more}`);
};

const describe = ({ instancePath, message, params }: ErrorObject): string => {
  const allowed = Array.isArray(params.allowedValues) ? ` ${JSON.stringify(params.allowedValues)}` : '';
  return `${instancePath === '' ? '/' : instancePath} ${message}${allowed}`;
};
