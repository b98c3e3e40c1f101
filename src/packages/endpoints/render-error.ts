import type { HttpError } from '../../http/http-error.ts';
import type { PackageDefinition } from '../../universe/definition/package-definition.ts';
import type { JsonObject } from '../../universe/json/json.ts';
import type { Violation } from '../../universe/options/violation.ts';
import { PackageDefect } from '../../universe/package-defect.ts';
import { RenderFailure } from '../../universe/render/render-failure.ts';
import { cosmosError } from '../api/cosmos-error.ts';

const LONGEST_TEXT_CHARACTERS = 100_000;

/** The API's error for a package that could not be rendered; anything else is given back as it is. */
export const renderError = (error: unknown, { name, version }: PackageDefinition): unknown => {
  if (error instanceof PackageDefect)
    return cosmosError('PackageDefect', `${error.message} (package [${name}] version [${version}])`, {
      data: { packageName: name, packageVersion: version },
      cause: error,
    });
  return error instanceof RenderFailure ? ofFailure(error, name, version) : error;
};

const ofFailure = (
  { reason, message }: RenderFailure,
  packageName: string,
  packageVersion: string,
): HttpError => {
  switch (reason.type) {
    case 'no-template':
      return cosmosError('ServiceMarathonTemplateNotFound', message, {
        data: { packageName, packageVersion },
      });
    case 'options-not-allowed':
      return cosmosError('OptionsNotAllowed', message);
    case 'options-mismatch':
      return cosmosError('JsonSchemaMismatch', message, { data: { errors: reason.violations.map(errorOf) } });
    case 'broken-template':
      return cosmosError('PackageDefect', message, { data: { packageName, packageVersion } });
    case 'no-json':
      return cosmosError('JsonParsingError', message, {
        data: {
          underlyingType: 'JsonObject',
          parsingErrorMessage: message,
          parsingInput: reason.text.slice(0, LONGEST_TEXT_CHARACTERS),
        },
      });
    case 'no-object':
      return cosmosError('MarathonTemplateMustBeJsonObject', message);
    case 'bad-labels':
      return cosmosError('JsonDecodingError', message, {
        data: {
          typeName: 'Map[String, String]',
          decodingErrorMessage: message,
          decodeInput: JSON.stringify(reason.labels),
        },
      });
  }
};

/** A violation in the shape of the original's validator (reference 1.13), with what helps people beside it. */
const errorOf = (violation: Violation): JsonObject => {
  const { pointer, schemaPointer, keyword, message, value, description, nearest, facts } = violation;
  return {
    level: 'error',
    schema: { loadingURI: '#', pointer: schemaPointer },
    instance: { pointer },
    domain: 'validation',
    keyword,
    message,
    ...facts,
    ...(value === undefined ? {} : { value }),
    ...(description === undefined ? {} : { description }),
    ...(nearest === undefined ? {} : { nearest }),
  };
};
