import { entryOf } from '../../json/json.ts';
import { type AuthoredFile, objectOf } from '../authored-revision.ts';
import { duplicateKeys, positionAt } from '../json-tree.ts';
import { type Check, type Place, type Report, START } from './finding.ts';

/** Folders: one upper-case letter, the package's name, the number of the revision (reference 1.2). */
export const checkFolders: Check = ({ letter, name, revision }, report) => {
  if (!/^[A-Z]$/.test(letter)) {
    report.error('letter-folder', '', START, `the folder ${letter} is not one upper-case letter`);
  } else if (letter !== name.charAt(0).toUpperCase()) {
    report.error(
      'letter-folder',
      '',
      START,
      `${name} belongs into the folder ${name.charAt(0).toUpperCase()}`,
    );
  }
  if (!/^[a-z][a-z0-9-]*[a-z0-9]$/.test(name)) {
    report.error(
      'package-name',
      '',
      START,
      `${name} is no name of a package: lower-case letters, digits and hyphens, at least two, with a letter first`,
    );
  }
  if (!/^(0|[1-9]\d{0,14})$/.test(revision)) {
    report.error('revision-folder', '', START, `${revision} is no number of a revision: 0, 1, 2, …`);
  }
};

/** Which files there are, which must be there and which must not (reference 1.2, 3.2). */
export const checkPresence: Check = (revision, report) => {
  const { files } = revision;
  const metadata = objectOf(revision, 'package.json');
  if (!files.has('package.json')) report.error('missing-file', '', START, 'package.json is missing');
  if (!metadata) return;
  const packaging = String(entryOf(metadata, 'packagingVersion'));
  const hasCommand = files.has('command.json');
  if (packaging === '2.0' && !files.has('marathon.json.mustache')) {
    report.error('missing-file', '', START, 'marathon.json.mustache is missing: packaging 2.0 needs it');
  }
  if (packaging >= '4.0' && hasCommand) {
    report.error(
      'command-json',
      'command.json',
      START,
      `command.json is not allowed in packaging ${packaging}`,
    );
  } else if (packaging === '3.0' && hasCommand) {
    report.warning(
      'command-json',
      'command.json',
      START,
      'command.json is outdated: use cli of resource.json',
    );
  }
  const resource = objectOf(revision, 'resource.json');
  const hasCli = resource !== undefined && (entryOf(resource, 'cli') ?? null) !== null;
  if (
    hasCli &&
    packaging !== '2.0' &&
    !hasCommand &&
    isBefore18(entryOf(metadata, 'minDcosReleaseVersion'))
  ) {
    report.error(
      'cli-needs-1.8',
      'resource.json',
      { pointer: '/cli' },
      'clusters before 1.8 know no cli: set minDcosReleaseVersion to 1.8 or newer in package.json, or add command.json',
    );
  }
};

/** Every file is text, JSON files are strict JSON in ASCII without a key twice. */
export const checkTexts: Check = ({ files }, report) => {
  for (const [name, file] of files) {
    if (file.trouble) report.error('syntax', name, file.trouble, file.trouble.message);
    else if (name.endsWith('.json')) checkJsonText(name, file, report);
  }
};

const checkJsonText = (name: string, { text, document }: AuthoredFile, report: Report): void => {
  const foreign = notAscii(text);
  if (foreign !== undefined) {
    report.error(
      'ascii',
      name,
      foreign,
      'only ASCII is allowed, also as \\u escapes: older clusters read other characters wrongly',
    );
  }
  for (const { key, pointer, start } of document ? duplicateKeys(document.root) : []) {
    const object = pointer === '' ? 'the document' : pointer;
    report.error(
      'duplicate-key',
      name,
      { offset: start },
      `${object} has the key ${JSON.stringify(key)} twice`,
    );
  }
};

/** The first character beyond ASCII, or escape of one; the original refuses every file that has any (reference 3.2). */
const notAscii = (text: string): Place | undefined => {
  for (const { 0: found, index } of text.matchAll(/[^\0-\x7f]|\\(?:u([0-9a-fA-F]{4})|.)/gs)) {
    if (!found.startsWith('\\')) return positionAt(text, index);
    if (found.startsWith('\\u') && Number.parseInt(found.slice(2), 16) > 0x7f) return positionAt(text, index);
  }
  return undefined;
};

const isBefore18 = (version: unknown): boolean => {
  const [major = 1, minor = 0] = typeof version === 'string' ? version.split('.').map(Number) : [];
  return major < 1 || (major === 1 && minor < 8);
};
