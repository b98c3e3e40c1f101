import { type AuthoredRevision, objectOf } from '../authoring/authored-revision.ts';
import { toAscii } from '../authoring/indented-json.ts';
import { compactJson, type JsonDocument } from '../authoring/json-tree.ts';
import { entryOf, type JsonObject } from '../json/json.ts';

/** A revision in the form that repositories list (reference 1.8). */
export interface BuiltPackage {
  readonly name: string;
  readonly version: string;
  readonly revision: number;
  readonly packagingVersion: string;
  /** The oldest release of DC/OS that it works on. */
  readonly minimumRelease: string;
  readonly isManaged: boolean;
  /** One JSON object in ASCII. Numbers and the order of keys are the author's. */
  readonly json: string;
}

/** Files that become parts of a built package, by the field that holds them. */
const PARTS = { resource: 'resource.json', config: 'config.json', command: 'command.json' } as const;

/** Builds a revision in which nothing is wrong. Parts that say nothing are left out. */
export const buildPackage = (revision: AuthoredRevision): BuiltPackage => {
  const metadata = objectOf(revision, 'package.json') ?? {};
  const text = (field: string, fallback = ''): string => textOf(metadata, field) ?? fallback;
  return {
    name: text('name'),
    version: text('version'),
    revision: Number(revision.revision),
    packagingVersion: text('packagingVersion'),
    minimumRelease: text('minDcosReleaseVersion', '0.0'),
    isManaged: (entryOf(metadata, 'manager') ?? null) !== null,
    json: toAscii(`{${[...metadataEntries(revision), ...partEntries(revision)].join(',')}}`),
  };
};

const metadataEntries = ({ files, revision }: AuthoredRevision): string[] => {
  const document = files.get('package.json')?.document;
  const fields = document === undefined ? '' : compactJson(document, document.root).slice(1, -1);
  return [...(fields === '' ? [] : [fields]), `"releaseVersion":${Number(revision)}`];
};

const partEntries = ({ files }: AuthoredRevision): string[] => {
  const template = files.get('marathon.json.mustache')?.text ?? '';
  const encoded = Buffer.from(template).toString('base64');
  const marathon = template === '' ? [] : [`"marathon":{"v2AppMustacheTemplate":"${encoded}"}`];
  const parts = Object.entries(PARTS).flatMap(([field, file]) => {
    const document = files.get(file)?.document;
    return document === undefined || saysNothing(document)
      ? []
      : [`"${field}":${compactJson(document, document.root)}`];
  });
  return [...marathon, ...parts];
};

const saysNothing = ({ root }: JsonDocument): boolean => root.members?.length === 0;

const textOf = (object: JsonObject, field: string): string | undefined => {
  const value = entryOf(object, field);
  return typeof value === 'string' ? value : undefined;
};
