import type { AppInput, LegacyAppInput } from './app-input.ts';
import { checkSchema } from './check-schema.ts';
import { APP_SCHEMA, isObject } from './json-schema.ts';
import { emptyIdViolations } from './rules/id-rules.ts';
import { tidyDocument } from './tidy-document.ts';
import { translateLegacy } from './translate-legacy.ts';
import { InvalidDocument, refuseInvalid } from './violation.ts';

/** Reads a whole app. Throws InvalidDocument. */
export const readApp = async (document: unknown): Promise<AppInput & { id: string }> => {
  const app = await readAppUpdate(document);
  if (!hasId(app)) throw new InvalidDocument('malformed', [{ path: '/id', message: 'error.path.missing' }]);
  return app;
};

/** Reads some fields of an app. Throws InvalidDocument. */
export const readAppUpdate = async (document: unknown): Promise<AppInput> => {
  const tidied = tidyDocument(APP_SCHEMA, document);
  await checkSchema('app', tidied);
  const app = trusted(tidied);
  refuseInvalid(emptyIdViolations(app.id));
  return translateLegacy(app);
};

const hasId = (app: AppInput): app is AppInput & { id: string } => app.id !== undefined;

/** The schema has spoken: what it let pass has the type that is generated from it. */
const trusted = (tidied: unknown): LegacyAppInput => (isObject(tidied) ? tidied : {});
