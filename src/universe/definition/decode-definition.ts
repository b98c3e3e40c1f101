import { entryOf, isJsonObject, type Json, type JsonObject } from '../json/json.ts';
import { PackageDefect } from '../package-defect.ts';
import { DEFINITION_FIELDS, isMetadataField } from './definition-fields.ts';
import { checkMetadata, checkResource } from './document-checks.ts';
import type { PackageDefinition, PackagingVersion } from './package-definition.ts';
import { pickResource } from './resource.ts';

const BASE64 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/;

/**
 * Reads a built package (reference 1.8): unknown fields, those that its packaging version does not have, and nulls are
 * dropped. Throws PackageDefect with everything that is wrong.
 */
export const decodeDefinition = (raw: Json): PackageDefinition => {
  if (!isJsonObject(raw)) throw new PackageDefect('a package must be an object');
  const packagingVersion = entryOf(raw, 'packagingVersion');
  if (!isPackagingVersion(packagingVersion)) {
    throw new PackageDefect(
      `/packagingVersion must be one of ${JSON.stringify(Object.keys(DEFINITION_FIELDS))}, not ${JSON.stringify(packagingVersion)}`,
    );
  }
  const present = DEFINITION_FIELDS[packagingVersion].filter(
    (field) => (entryOf(raw, field) ?? null) !== null,
  );
  const metadata = Object.fromEntries(
    present.filter(isMetadataField).map((field) => [field, pickMetadata(field, entryOf(raw, field) ?? null)]),
  );
  checkMetadata(metadata);
  const parts = decodeParts(raw, packagingVersion);
  // The checks above have proved every field's type.
  return { ...metadata, ...parts } as unknown as PackageDefinition;
};

/** What is known within the fields of package.json that are no plain values. */
const KNOWN_WITHIN: Readonly<Partial<Record<keyof PackageDefinition, readonly string[]>>> = {
  licenses: ['name', 'url'],
  manager: ['packageName', 'minPackageVersion'],
};

const pickMetadata = (field: keyof PackageDefinition, value: Json): Json => {
  const known = KNOWN_WITHIN[field];
  if (known === undefined) return value;
  if (Array.isArray(value)) return value.map((element) => pickMetadata(field, element));
  if (!isJsonObject(value)) return value;
  return Object.fromEntries(
    Object.entries(value).filter(([key, entry]) => known.includes(key) && entry !== null),
  );
};

const isPackagingVersion = (value: unknown): value is PackagingVersion =>
  typeof value === 'string' && Object.hasOwn(DEFINITION_FIELDS, value);

const decodeParts = (
  raw: JsonObject,
  packagingVersion: PackagingVersion,
): Partial<Record<keyof PackageDefinition, unknown>> => {
  const part = (name: keyof PackageDefinition): Json => {
    const isKnown = DEFINITION_FIELDS[packagingVersion].includes(name);
    const value = isKnown ? (entryOf(raw, name) ?? null) : null;
    return isJsonObject(value) && Object.keys(value).length === 0 ? null : value;
  };
  const resource = pickResource(part('resource'), packagingVersion);
  if (resource !== null) checkResource(resource);
  const [config, marathon, command] = [part('config'), part('marathon'), part('command')];
  if (config !== null && !isJsonObject(config)) throw new PackageDefect('config: must be an object');
  return {
    releaseVersion: decodeRevision(entryOf(raw, 'releaseVersion')),
    ...(marathon === null ? {} : { marathon: { v2AppMustacheTemplate: decodeTemplate(marathon) } }),
    ...(resource === null ? {} : { resource }),
    ...(config === null ? {} : { config }),
    ...(command === null ? {} : { command: { pip: decodeRequirements(command) } }),
  };
};

const decodeRevision = (value: Json | undefined): number => {
  if (typeof value === 'number' && Number.isSafeInteger(value) && value >= 0) return value;
  throw new PackageDefect(
    `/releaseVersion must be a whole number from 0, not ${JSON.stringify(value) ?? 'missing'}`,
  );
};

const decodeTemplate = (marathon: Json): string => {
  const template = isJsonObject(marathon) ? entryOf(marathon, 'v2AppMustacheTemplate') : undefined;
  if (typeof template === 'string' && BASE64.test(template)) return template;
  throw new PackageDefect('/marathon/v2AppMustacheTemplate must be the template in Base64');
};

const decodeRequirements = (command: Json): readonly string[] => {
  const lines = isJsonObject(command) ? entryOf(command, 'pip') : undefined;
  if (Array.isArray(lines) && lines.every((line) => typeof line === 'string')) return lines;
  throw new PackageDefect('/command/pip must be an array of strings');
};
