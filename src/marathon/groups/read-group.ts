import type { AppInput } from '../definitions/app-input.ts';
import { checkSchema } from '../definitions/check-schema.ts';
import { GROUP_SCHEMA, isObject } from '../definitions/json-schema.ts';
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

/** Reads a group, or some fields of one. Throws InvalidDocument. */
export const readGroup = async (document: unknown): Promise<GroupInput> => {
  const tidied = tidyDocument(GROUP_SCHEMA, document);
  await checkSchema('group', tidied);
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
