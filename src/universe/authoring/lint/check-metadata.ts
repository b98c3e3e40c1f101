import { validatePackage } from '../../../../schemas/generated/universe-validators.mjs';
import { DEFINITION_FIELDS, isMetadataField } from '../../definition/definition-fields.ts';
import type { PackageDefinition, PackagingVersion } from '../../definition/package-definition.ts';
import { entryOf, isJsonObject, type JsonObject } from '../../json/json.ts';
import { objectOf } from '../authored-revision.ts';
import type { Check, Report } from './finding.ts';
import { schemaErrors } from './schema-errors.ts';

const FILE = 'package.json';
const KNOWN_FIELDS = DEFINITION_FIELDS['5.0'].filter(isMetadataField);
const NAME = /^[a-z][a-z0-9-]*[a-z0-9]$/;
const VERSION = /^[-a-zA-Z0-9.]+$/;

/** package.json against its schema, and what the schema cannot say (reference 1.3). */
export const checkMetadata: Check = (revision, report) => {
  const file = revision.files.get(FILE);
  const metadata = objectOf(revision, FILE);
  if (file?.document && !metadata) report.error('schema', FILE, { pointer: '' }, 'must be an object');
  if (!metadata) return;
  for (const { pointer, message } of schemaErrors(validatePackage, metadata, KNOWN_FIELDS)) {
    report.error('schema', FILE, { pointer }, pointer === '' ? message : `${pointer}: ${message}`);
  }
  const name = entryOf(metadata, 'name');
  if (typeof name === 'string' && name !== revision.name) {
    report.error(
      'folder-name',
      FILE,
      { pointer: '/name' },
      `name is ${name}, but the folder is ${revision.name}`,
    );
  }
  checkFieldsOfVersion(metadata, report);
  checkPatterns(metadata, report);
};

/** Fields that the schema knows but the packaging version does not have. */
const checkFieldsOfVersion = (metadata: JsonObject, report: Report): void => {
  const packaging = entryOf(metadata, 'packagingVersion');
  if (typeof packaging !== 'string' || !Object.hasOwn(DEFINITION_FIELDS, packaging)) return;
  const fields = DEFINITION_FIELDS[packaging as PackagingVersion].filter(isMetadataField);
  for (const key of Object.keys(metadata)) {
    const field = key as keyof PackageDefinition;
    if (!KNOWN_FIELDS.includes(field) || fields.includes(field)) continue;
    report.error(
      'packaging-version',
      FILE,
      { pointer: `/${key}` },
      `packaging ${packaging} has no field ${key}`,
    );
  }
};

/** Where readers are more lenient than the published schemas, which other clients hold packages to. */
const checkPatterns = (metadata: JsonObject, report: Report): void => {
  const wrong = (pointer: string, message: string): void =>
    report.error('schema', FILE, { pointer }, `${pointer}: ${message}`);
  const minimum = entryOf(metadata, 'minDcosReleaseVersion');
  if (typeof minimum === 'string' && !/^(?:0|[1-9]\d*)(?:\.(?:0|[1-9]\d*))*$/.test(minimum)) {
    wrong('/minDcosReleaseVersion', 'must be numbers separated by dots, such as 1.11');
  }
  for (const [index, license] of elementsOf(entryOf(metadata, 'licenses')).entries()) {
    const url = isJsonObject(license) ? entryOf(license, 'url') : undefined;
    if (typeof url === 'string' && !(/^https?:\/\//.test(url) && URL.canParse(url))) {
      wrong(`/licenses/${index}/url`, 'must be a URL with http or https');
    }
  }
  const manager = entryOf(metadata, 'manager');
  if (!isJsonObject(manager)) return;
  const [packageName, version] = [entryOf(manager, 'packageName'), entryOf(manager, 'minPackageVersion')];
  if (typeof packageName === 'string' && !NAME.test(packageName)) {
    wrong('/manager/packageName', 'is no name of a package');
  }
  if (typeof version === 'string' && !VERSION.test(version)) {
    wrong('/manager/minPackageVersion', 'may hold letters, digits, dots and hyphens only');
  }
};

const elementsOf = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);
