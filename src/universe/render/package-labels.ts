import { gunzipSync, gzipSync } from 'node:zlib';
import { DEFINITION_FIELDS } from '../definition/definition-fields.ts';
import type { PackageDefinition, PackagingVersion } from '../definition/package-definition.ts';
import { resourceWithNulls } from '../definition/resource.ts';
import { entryOf, isJsonObject, type Json, type JsonObject, withoutNulls } from '../json/json.ts';
import { parseJson } from '../json/parse-json.ts';
import { stringifyJson } from '../json/stringify-json.ts';

export const NAME_LABEL = 'DCOS_PACKAGE_NAME';
export const VERSION_LABEL = 'DCOS_PACKAGE_VERSION';
export const SOURCE_LABEL = 'DCOS_PACKAGE_SOURCE';
export const OPTIONS_LABEL = 'DCOS_PACKAGE_OPTIONS';
export const DEFINITION_LABEL = 'DCOS_PACKAGE_DEFINITION';
export const FRAMEWORK_NAME_LABEL = 'DCOS_PACKAGE_FRAMEWORK_NAME';
/** Present on the apps of services built on the SDK of DC/OS, whatever its value. */
export const SDK_UNINSTALL_LABEL = 'DCOS_COMMONS_UNINSTALL';

/** A definition unpacked is never larger than this; what claims to be is refused. */
const LARGEST_DEFINITION_BYTES = 16 * 1024 * 1024;

export interface PackageOrigin {
  readonly definition: PackageDefinition;
  /** URI of the repository that the definition came from, without secrets. */
  readonly source: string;
  /** What the user asked for. */
  readonly options: JsonObject;
}

/**
 * The labels that every installed app carries (reference 1.15): with them it can be listed, described and removed
 * without the repository it came from.
 */
export const packageLabels = ({
  definition,
  source,
  options,
}: PackageOrigin): Readonly<Record<string, string>> => ({
  [NAME_LABEL]: definition.name,
  [VERSION_LABEL]: definition.version,
  [SOURCE_LABEL]: source,
  [OPTIONS_LABEL]: base64(stringifyJson(withoutNulls(options))),
  [DEFINITION_LABEL]: base64(stringifyJson(definitionEnvelope(definition))),
});

/** The stored definition, as raw JSON, of an app's labels. Throws an Error that says why it cannot be read. */
export const readDefinitionLabel = (label: string): Json => {
  const envelope = parseJson(Buffer.from(label, 'base64').toString('utf8'));
  if (!isJsonObject(envelope)) throw new Error('the envelope is no object');
  const [metadata, data] = [entryOf(envelope, 'metadata'), entryOf(envelope, 'data')];
  const contentType = isJsonObject(metadata) ? entryOf(metadata, 'Content-Type') : undefined;
  const encoding = isJsonObject(metadata) ? (entryOf(metadata, 'Content-Encoding') ?? null) : null;
  if (
    typeof contentType !== 'string' ||
    !contentType.startsWith('application/vnd.dcos.universe.package+json')
  ) {
    throw new Error(`its content type is ${JSON.stringify(contentType)}`);
  }
  if (encoding !== null && encoding !== 'gzip')
    throw new Error(`its encoding is ${JSON.stringify(encoding)}`);
  if (typeof data !== 'string') throw new Error('the envelope has no data');
  const bytes = Buffer.from(data, 'base64');
  const content =
    encoding === null ? bytes : gunzipSync(bytes, { maxOutputLength: LARGEST_DEFINITION_BYTES });
  return parseJson(content.toString('utf8'));
};

/** The options an app was installed with, or undefined when they were not stored. Throws when they cannot be read. */
export const readOptionsLabel = (label: string | undefined): JsonObject | undefined => {
  if (label === undefined) return undefined;
  const options = parseJson(Buffer.from(label, 'base64').toString('utf8'));
  return isJsonObject(options) ? options : undefined;
};

/** The definition with every field of its packaging version, absent ones as null. */
export const definitionWithNulls = (definition: PackageDefinition): JsonObject => {
  const fields = definition as unknown as JsonObject;
  const { packagingVersion, resource } = definition;
  return Object.fromEntries(
    DEFINITION_FIELDS[packagingVersion].map((field): [string, Json] => [
      field,
      field === 'resource' && resource
        ? resourceWithNulls(resource, packagingVersion)
        : (fields[field] ?? null),
    ]),
  );
};

/** Version of the media type of a single package by its packaging version. */
const MEDIA_TYPE_VERSION: Readonly<Record<PackagingVersion, string>> = {
  '2.0': 'v2',
  '3.0': 'v3',
  '4.0': 'v4',
  '5.0': 'v5',
};

const definitionEnvelope = (definition: PackageDefinition): JsonObject => ({
  metadata: {
    'Content-Type': `application/vnd.dcos.universe.package+json;charset=utf-8;version=${MEDIA_TYPE_VERSION[definition.packagingVersion]}`,
    'Content-Encoding': 'gzip',
  },
  data: gzipSync(stringifyJson(definitionWithNulls(definition))).toString('base64'),
});

const base64 = (text: string): string => Buffer.from(text, 'utf8').toString('base64');
