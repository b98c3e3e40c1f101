import type { AppInput } from '../definitions/app-input.ts';
import { checkSchema } from '../definitions/check-schema.ts';
import { GROUP_SCHEMA, isObject, type JsonSchema } from '../definitions/json-schema.ts';
import { tidyDocument } from '../definitions/tidy-document.ts';
import { translateLegacy } from '../definitions/translate-legacy.ts';
import { InvalidDocument, refuseInvalid, type Violation, within } from '../definitions/violation.ts';

/** A group as somebody sent it; lists that were not given are absent. */
export interface GroupInput {
  readonly id?: string;
  readonly apps?: readonly (AppInput & { readonly id: string })[];
  readonly groups?: readonly GroupInput[];
  readonly dependencies?: readonly string[];
  readonly enforceRole?: boolean;
  readonly scaleBy?: number;
  readonly version?: string;
}

/** The URL says which group is meant, so the outermost one need not have an id; those in it must. */
const GROUP_UPDATE_SCHEMA: JsonSchema = {
  ...GROUP_SCHEMA,
  $id: 'group-update.json',
  required: [],
  properties: { ...GROUP_SCHEMA.properties, groups: { type: 'array', items: { $ref: 'group.json' } } },
};

/** Reads a group, or some fields of one. Throws InvalidDocument. */
export const readGroup = async (document: unknown): Promise<GroupInput> => {
  const tidied = tidyDocument(GROUP_UPDATE_SCHEMA, document);
  await checkSchema(GROUP_UPDATE_SCHEMA, tidied);
  const violations: Violation[] = [];
  const group = withTodaysApps(isObject(tidied) ? tidied : {}, '', violations);
  refuseInvalid(violations);
  return group;
};

/** The same group with its apps in today's form; what is wrong about them is added to the violations. */
const withTodaysApps = (group: GroupInput, path: string, violations: Violation[]): GroupInput => ({
  ...group,
  ...(group.apps && {
    apps: group.apps.map((app, index) => {
      try {
        return { ...translateLegacy(app), id: app.id };
      } catch (error) {
        if (!(error instanceof InvalidDocument)) throw error;
        violations.push(...within(`${path}/apps(${index})`, error.violations));
        return app;
      }
    }),
  }),
  ...(group.groups && {
    groups: group.groups.map((inner, index) => withTodaysApps(inner, `${path}/groups(${index})`, violations)),
  }),
});
