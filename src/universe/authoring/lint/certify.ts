import { entryOf, isJsonObject, type Json, type JsonObject } from '../../json/json.ts';
import { type AuthoredRevision, objectOf } from '../authored-revision.ts';
import { escapePointer } from '../json-tree.ts';
import { TEMPLATE } from './check-template.ts';
import { optionsOf, valueAt } from './config-options.ts';
import { type Check, type Report, START } from './finding.ts';

/** What people read before and after, whom to ask, and what it may be used under. */
const PROMISED_FIELDS: Readonly<Record<string, string>> = {
  licenses: 'name the licences of what it installs',
  website: 'say where people read about it',
  scm: 'say where its source code lies',
  preInstallNotes: 'say what it needs before it is installed',
  postInstallNotes: 'say what to do once it is installed',
  postUninstallNotes: 'say what is left when it is gone',
  minDcosReleaseVersion: 'say from which release on it works',
};
const ICONS = ['icon-small', 'icon-medium', 'icon-large'];

/**
 * What a certified ("selected") package promises beyond being valid: it can be mirrored, runs the same tomorrow as today,
 * says what it is, and can be watched, updated and removed. The original had this checked by people; these are the parts
 * that can be checked by a program (reference 3.3, 3.6, 8.2).
 */
export const certify: Check = (revision, report) => {
  const metadata = objectOf(revision, 'package.json');
  if (!metadata) return;
  certifyMetadata(metadata, report);
  certifyResource(objectOf(revision, 'resource.json') ?? {}, revision.files.has('resource.json'), report);
  certifyConfig(objectOf(revision, 'config.json'), report);
  certifyTemplate(revision, metadata, report);
};

const certifyMetadata = (metadata: JsonObject, report: Report): void => {
  const packaging = String(entryOf(metadata, 'packagingVersion'));
  for (const [field, promise] of Object.entries(PROMISED_FIELDS)) {
    if (packaging === '2.0' && field === 'minDcosReleaseVersion') continue;
    const value = entryOf(metadata, field) ?? '';
    const isEmpty = value === '' || (Array.isArray(value) && value.length === 0);
    if (isEmpty)
      report.certification('metadata', 'package.json', { pointer: '' }, `${field} is missing: ${promise}`);
  }
  if (packaging < '4.0') {
    const message = `packaging ${packaging} cannot say what it may be updated from: use 4.0`;
    report.certification('packaging-version', 'package.json', { pointer: '/packagingVersion' }, message);
  } else if (entryOf(metadata, 'upgradesFrom') === undefined) {
    const message = 'upgradesFrom is missing: without it nobody can update to this version';
    report.certification('upgrades', 'package.json', { pointer: '' }, message);
  }
  const maintainer = entryOf(metadata, 'maintainer');
  if (typeof maintainer === 'string' && !/@|:\/\//.test(maintainer)) {
    const message = 'must be an e-mail address or a URL, so that people can ask';
    report.certification('metadata', 'package.json', { pointer: '/maintainer' }, `maintainer ${message}`);
  }
};

const certifyResource = (resource: JsonObject, isThere: boolean, report: Report): void => {
  const file = isThere ? 'resource.json' : '';
  for (const icon of ICONS) {
    if (valueAt(resource, ['images', icon]) !== undefined) continue;
    report.certification('icons', file, { pointer: '/images' }, `images/${icon} is missing`);
  }
  for (const [pointer, url] of textsOf(resource, '')) {
    if (!url.startsWith('http://')) continue;
    report.certification('plain-http', file, { pointer }, `${url} can be changed on its way: use https`);
  }
  const images = valueAt(resource, ['assets', 'container', 'docker']);
  for (const [alias, image] of Object.entries(isJsonObject(images) ? images : {})) {
    if (typeof image !== 'string' || !isFloating(image)) continue;
    const message = `${image} is another image tomorrow: name a tag, better a digest`;
    const pointer = `/assets/container/docker/${escapePointer(alias)}`;
    report.certification('floating-image', file, { pointer }, message);
  }
};

/** Neither a digest nor a tag that stays. */
const isFloating = (image: string): boolean =>
  !image.includes('@') && /^(?:.*\/)?[^/:]+(?::latest)?$/.test(image);

const certifyConfig = (config: JsonObject | undefined, report: Report): void => {
  for (const { path, pointer, schema } of config ? optionsOf(config) : []) {
    const name = path.join('.');
    const description = entryOf(schema, 'description') ?? entryOf(schema, 'title');
    if (description === undefined) {
      report.certification('described', 'config.json', { pointer }, `${name} has no description`);
    }
    if (entryOf(schema, 'type') === undefined && entryOf(schema, 'enum') === undefined) {
      report.certification('typed', 'config.json', { pointer }, `${name} has no type: anything is accepted`);
    }
  }
};

const LITERAL_URL = /\bhttps?:\/\/[^\s"'{}\\]+/g;
const LITERAL_IMAGE = /"image"\s*:\s*"(?:[^"{]+)"/g;
/** Addresses within a cluster, which no mirror has to bring along. */
const WITHIN_CLUSTER = /^https?:\/\/(?:localhost|127\.|0\.0\.0\.0|\[|[^/:]*\.(?:mesos|thisdcos|directory)\b)/;

const certifyTemplate = (revision: AuthoredRevision, metadata: JsonObject, report: Report): void => {
  const text = revision.files.get(TEMPLATE)?.text ?? '';
  if (text === '') return;
  for (const { 0: url, index } of text.matchAll(LITERAL_URL)) {
    if (WITHIN_CLUSTER.test(url)) continue;
    const message = `${url} belongs into resource.json: only what stands there can be mirrored`;
    report.certification('literal-url', TEMPLATE, { offset: index }, message);
  }
  for (const { index } of text.matchAll(LITERAL_IMAGE)) {
    const message = 'the image belongs into resource.json: only what stands there can be mirrored';
    report.certification('literal-image', TEMPLATE, { offset: index }, message);
  }
  const wants = (rule: string, word: string, message: string): void => {
    if (!text.includes(`"${word}"`)) report.certification(rule, TEMPLATE, START, message);
  };
  if (!text.includes('"check"')) {
    wants('health-check', 'healthChecks', 'the app has no health check: nobody can tell whether it works');
  }
  if (entryOf(metadata, 'framework') !== true) return;
  wants(
    'framework-label',
    'DCOS_PACKAGE_FRAMEWORK_NAME',
    'the label DCOS_PACKAGE_FRAMEWORK_NAME is missing: uninstalling would leave the framework behind',
  );
};

const textsOf = (value: Json, pointer: string): [string, string][] => {
  if (typeof value === 'string') return [[pointer, value]];
  if (Array.isArray(value)) return value.flatMap((element, index) => textsOf(element, `${pointer}/${index}`));
  if (!isJsonObject(value)) return [];
  return Object.entries(value).flatMap(([key, entry]) => textsOf(entry, `${pointer}/${escapePointer(key)}`));
};
