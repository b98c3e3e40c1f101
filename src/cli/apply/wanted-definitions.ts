import type { SpecDefinition } from '../../clients/marathon-definitions-client.ts';
import { resolveId } from '../apps/app-id.ts';
import { writableApp } from '../apps/writable-app.ts';
import type { PlacedDocument } from '../documents/parse-documents.ts';
import { CliError } from '../errors/cli-error.ts';

/** An app or a pod as it is wanted, with an absolute id and without what Marathon only tells. */
export interface WantedSpec {
  readonly kind: 'app' | 'pod';
  readonly id: string;
  readonly definition: SpecDefinition;
  /** Where a part of it stands, as FILE:LINE:COLUMN. */
  placeOf(pointer: string): string;
}

/** What a definition says of a group itself; what it does not say stays. */
export interface WantedGroup {
  readonly id: string;
  readonly dependencies?: readonly string[];
  readonly enforceRole?: boolean;
  placeOf(pointer: string): string;
}

export interface WantedDefinitions {
  readonly specs: ReadonlyMap<string, WantedSpec>;
  /** Those from the top come first. */
  readonly groups: ReadonlyMap<string, WantedGroup>;
}

const GROUP_FIELDS = new Set([
  'id',
  'apps',
  'pods',
  'groups',
  'dependencies',
  'enforceRole',
  'version',
  'versionInfo',
]);
const APP_MARKS = ['cmd', 'args', 'container'] as const;

/**
 * Sorts definitions: those with `containers` are pods, those with cmd, args or container apps, the others groups. A group
 * stands for what is in it, and for its own dependencies and role; others in it are nobody's business. Throws CliError
 * that names every place at which something is wrong.
 */
export const wantedDefinitions = (documents: readonly PlacedDocument[]): WantedDefinitions => {
  const draft: Draft = { specs: new Map(), groups: new Map(), problems: [] };
  for (const document of documents) visit(draft, document, '/');
  if (draft.problems.length > 0) {
    throw new CliError('failed', 'The definitions are not valid', { details: draft.problems });
  }
  const groups = [...draft.groups].sort(([one], [other]) => (one < other ? -1 : 1));
  return { specs: draft.specs, groups: new Map(groups) };
};

interface Draft {
  readonly specs: Map<string, WantedSpec>;
  readonly groups: Map<string, WantedGroup>;
  readonly problems: string[];
}

const visit = (draft: Draft, document: PlacedDocument, parent: string): void => {
  const { value, placeOf } = document;
  if (typeof value.id !== 'string' || value.id.trim() === '') {
    draft.problems.push(`${placeOf('/id')}: an "id" is needed, such as "/shop/web"`);
    return;
  }
  const id = resolveId(value.id, parent);
  if ('containers' in value) addSpec(draft, document, { kind: 'pod', id });
  else if (APP_MARKS.some((mark) => mark in value)) addSpec(draft, document, { kind: 'app', id });
  else visitGroup(draft, document, id);
};

const addSpec = (
  { specs, groups, problems }: Draft,
  { value, placeOf }: PlacedDocument,
  { kind, id }: Pick<WantedSpec, 'kind' | 'id'>,
): void => {
  const other = specs.get(id) ?? groups.get(id);
  if (other) problems.push(`${placeOf('/id')}: ${id} is there twice, see ${other.placeOf('/id')}`);
  else specs.set(id, { kind, id, definition: { ...writableApp(value), id }, placeOf });
};

const visitGroup = (draft: Draft, { value, placeOf }: PlacedDocument, id: string): void => {
  const unknown = Object.keys(value).find((key) => !GROUP_FIELDS.has(key));
  if (unknown !== undefined) {
    draft.problems.push(
      `${placeOf(`/${unknown}`)}: ${id} is no app (cmd, args or container), no pod (containers), and a group has no "${unknown}"`,
    );
    return;
  }
  addGroup(draft, { value, placeOf }, id);
  for (const list of ['apps', 'pods', 'groups'] as const) {
    const members = value[list] ?? [];
    if (!Array.isArray(members)) {
      draft.problems.push(`${placeOf(`/${list}`)}: an array is expected here`);
      continue;
    }
    members.forEach((member: unknown, index) => {
      const placeOfMember = (pointer: string): string => placeOf(`/${list}/${index}${pointer}`);
      if (isObject(member)) visit(draft, { value: member, placeOf: placeOfMember }, id);
      else draft.problems.push(`${placeOfMember('')}: an object is expected here`);
    });
  }
};

/** What only holds others may come in several files; what is said of the group itself must be in one. */
const addGroup = (
  { specs, groups, problems }: Draft,
  { value, placeOf }: PlacedDocument,
  id: string,
): void => {
  const { dependencies, enforceRole } = value;
  const known = groups.get(id);
  const rival = specs.get(id) ?? (known && isStated(known) && isStated(value) ? known : undefined);
  if (rival) problems.push(`${placeOf('/id')}: ${id} is there twice, see ${rival.placeOf('/id')}`);
  else if (dependencies !== undefined && !isTexts(dependencies))
    problems.push(`${placeOf('/dependencies')}: an array of ids is expected here`);
  else if (enforceRole !== undefined && typeof enforceRole !== 'boolean')
    problems.push(`${placeOf('/enforceRole')}: true or false is expected here`);
  else if (!known || isStated(value)) {
    groups.set(id, {
      id,
      ...(dependencies && { dependencies: dependencies.map((one) => resolveId(one, id)) }),
      ...(enforceRole !== undefined && { enforceRole }),
      placeOf,
    });
  }
};

const isStated = ({
  dependencies,
  enforceRole,
}: {
  readonly dependencies?: unknown;
  readonly enforceRole?: unknown;
}): boolean => dependencies !== undefined || enforceRole !== undefined;

const isTexts = (value: unknown): value is string[] =>
  Array.isArray(value) && value.every((one) => typeof one === 'string');

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
