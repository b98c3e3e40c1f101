import type { ErrorObject, ValidateFunction } from 'ajv';
import packageSchema from '../../../schemas/universe-package.json';
import resourceSchema from '../../../schemas/universe-resource.json';
import { PackageDefect } from '../package-defect.ts';

/** Throws PackageDefect with everything that is wrong with a document; `file` names it in the message. */
export type DocumentCheck = (file: string, document: unknown) => void;

export interface DocumentChecks {
  readonly metadata: DocumentCheck;
  readonly resource: DocumentCheck;
}

const MOST_ERRORS = 5;

/** Compiles the schemas of package.json and resource.json, once per process and when first needed. */
export const documentChecks = (): Promise<DocumentChecks> => {
  compiled ??= compileChecks();
  return compiled;
};

let compiled: Promise<DocumentChecks> | undefined;

const compileChecks = async (): Promise<DocumentChecks> => {
  const { Ajv } = await import('ajv');
  const validator = new Ajv({ allErrors: true, strict: false });
  return {
    metadata: checkBy(validator.compile(packageSchema)),
    resource: checkBy(validator.compile(resourceSchema)),
  };
};

const checkBy =
  (validate: ValidateFunction): DocumentCheck =>
  (file, document) => {
    if (validate(document)) return;
    const errors = (validate.errors ?? []).filter(({ keyword }) => keyword !== 'if').map(describe);
    const more = errors.length > MOST_ERRORS ? `; and ${errors.length - MOST_ERRORS} more` : '';
    throw new PackageDefect(`${file}: ${errors.slice(0, MOST_ERRORS).join('; ')}${more}`);
  };

const describe = ({ instancePath, message, params }: ErrorObject): string => {
  const allowed = Array.isArray(params.allowedValues) ? ` ${JSON.stringify(params.allowedValues)}` : '';
  return `${instancePath === '' ? '/' : instancePath} ${message}${allowed}`;
};
