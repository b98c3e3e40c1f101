import { validateResource } from '../../../../schemas/generated/universe-validators.mjs';
import { entryOf, isJsonObject } from '../../json/json.ts';
import { objectOf } from '../authored-revision.ts';
import { escapePointer } from '../json-tree.ts';
import type { Check } from './finding.ts';
import { schemaErrors } from './schema-errors.ts';

const FILE = 'resource.json';
const COMMAND = 'command.json';

/** resource.json and command.json against what they may hold (reference 1.5, 1.6). */
export const checkResource: Check = (revision, report) => {
  const { files } = revision;
  const document = files.get(FILE)?.document;
  const packaging = entryOf(objectOf(revision, 'package.json') ?? {}, 'packagingVersion');
  if (document) {
    for (const { pointer, message } of schemaErrors(validateResource, document.value)) {
      report.error('schema', FILE, { pointer }, pointer === '' ? message : `${pointer}: ${message}`);
    }
    const { value } = document;
    if (packaging === '2.0' && isJsonObject(value) && entryOf(value, 'cli') !== undefined) {
      report.error('packaging-version', FILE, { pointer: '/cli' }, 'packaging 2.0 has no cli');
    }
    for (const alias of unreachableAliases(value)) {
      const message = `${alias.pointer}: no template can reach a name with a dot`;
      report.warning('unreachable-alias', FILE, { pointer: alias.pointer }, message);
    }
  }
  const command = files.get(COMMAND)?.document?.value;
  if (command === undefined) return;
  const pip = isJsonObject(command) ? entryOf(command, 'pip') : undefined;
  const isFine =
    isJsonObject(command) &&
    Object.keys(command).length === 1 &&
    Array.isArray(pip) &&
    pip.every((line) => typeof line === 'string');
  if (!isFine) report.error('schema', COMMAND, { pointer: '' }, 'must be {"pip": [LINES OF TEXT]}');
};

const unreachableAliases = (resource: unknown): { pointer: string }[] =>
  [
    ['assets', 'uris'],
    ['assets', 'container', 'docker'],
  ].flatMap((path) => {
    let value: unknown = resource;
    for (const part of path) value = isJsonObject(value) ? entryOf(value, part) : undefined;
    const names = isJsonObject(value) ? Object.keys(value) : [];
    return names
      .filter((name) => name.includes('.'))
      .map((name) => ({
        pointer: `/${[...path, escapePointer(name)].join('/')}`,
      }));
  });
