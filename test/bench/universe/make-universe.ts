import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { PackageSummary } from '../../../src/universe/definition/package-definition.ts';

/** The public universe as it was (universe-survey.md 1): so many packages with so many versions, 30 MB when built. */
export const PUBLIC_SIZE = { packages: 185, versions: 1_235 };

const SECTIONS = 6;
const OPTIONS = 8;
const WORDS = ['scheduler', 'broker', 'memory', 'storage', 'network', 'replica', 'cluster', 'security'];

/** The files of revision number `index` of all, as texts by name, about as large as real ones. */
export const revisionOf = (
  index: number,
): { name: string; revision: number; files: Record<string, string> } => {
  const package_ = index % PUBLIC_SIZE.packages;
  const revision = Math.floor(index / PUBLIC_SIZE.packages);
  const name = `${wordOf(package_)}-${package_}`;
  return {
    name,
    revision,
    files: {
      'package.json': pretty({
        packagingVersion: '4.0',
        name,
        version: `${revision}.0.${package_}`,
        maintainer: 'someone@example.com',
        description: descriptionOf(package_),
        tags: [wordOf(package_ + 1), wordOf(package_ + 2), 'bench'],
        selected: package_ % 6 === 0,
        framework: true,
        preInstallNotes: 'This needs some resources. '.repeat(6),
        postInstallNotes: 'It is being installed now. '.repeat(6),
        upgradesFrom: revision === 0 ? [] : [`${revision - 1}.0.${package_}`],
      }),
      'config.json': pretty({
        type: 'object',
        properties: Object.fromEntries(range(SECTIONS).map(sectionOf)),
      }),
      'resource.json': pretty({
        assets: {
          uris: Object.fromEntries(
            range(7).map((at) => [`uri-${at}`, `https://example.com/${name}/${revision}/file-${at}.tgz`]),
          ),
        },
        images: {
          'icon-small': `https://example.com/${name}-small.png`,
          'icon-large': `https://example.com/${name}-large.png`,
        },
      }),
      'marathon.json.mustache': templateOf(),
    },
  };
};

/** Writes all of it as a folder repository. */
export const writeUniverse = async (folder: string, versions = PUBLIC_SIZE.versions): Promise<void> => {
  for (const index of range(versions)) {
    const { name, revision, files } = revisionOf(index);
    const path = join(folder, 'repo/packages', name.charAt(0).toUpperCase(), name, String(revision));
    await mkdir(path, { recursive: true });
    for (const [file, content] of Object.entries(files)) await writeFile(join(path, file), content);
  }
};

/** The same revision as a built repository has it. */
export const builtPackage = (index: number): object => {
  const { revision, files } = revisionOf(index);
  const part = (name: string): object => JSON.parse(files[name] ?? '{}');
  const template = Buffer.from(files['marathon.json.mustache'] ?? '').toString('base64');
  return {
    ...part('package.json'),
    releaseVersion: revision,
    config: part('config.json'),
    resource: part('resource.json'),
    marathon: { v2AppMustacheTemplate: template },
  };
};

/** What a search sees of one of many packages. */
export const summaryOf = (index: number): PackageSummary => ({
  packagingVersion: '4.0',
  name: `${wordOf(index)}-${index}`,
  version: '1.0.0',
  releaseVersion: 0,
  description: descriptionOf(index),
  tags: [wordOf(index + 1), wordOf(index + 2), 'bench'],
  selected: index % 6 === 0,
});

/** The text of a built repository of about so many bytes. */
export const builtUniverse = (wantedBytes: number): string => {
  const packages: string[] = [];
  for (let bytes = 0, index = 0; bytes < wantedBytes; index++) {
    const text = JSON.stringify(builtPackage(index));
    packages.push(text);
    bytes += text.length + 1;
  }
  return `{"packages": [${packages.join(',')}]}`;
};

const descriptionOf = (index: number): string =>
  `Runs ${wordOf(index)} number ${index} with ${wordOf(index + 3)} on the cluster. ${'It does so well. '.repeat(8)}`;

const sectionOf = (section: number): [string, object] => [
  `section-${section}`,
  {
    type: 'object',
    description: `What concerns part ${section} of the service`,
    properties: Object.fromEntries(
      range(OPTIONS).map((option) => [`option-${option}`, optionOf(section, option)]),
    ),
  },
];

const optionOf = (section: number, option: number): object => ({
  title: `Option ${option} of ${section}`,
  description: `How much ${wordOf(option)} the ${wordOf(section + option)} may use before others have their turn`,
  ...(option % 2 === 0
    ? { type: 'integer', default: option * 1000, minimum: 0 }
    : { type: 'string', default: 'a value' }),
});

const templateOf = (): string =>
  [
    '{',
    '  "id": "/service",',
    '  "cpus": 1, "mem": 512, "instances": 1,',
    '  "cmd": "exec ./run",',
    '  "env": {',
    ...range(SECTIONS).flatMap((section) =>
      range(OPTIONS).map((option) => {
        const path = `section-${section}.option-${option}`;
        return `    {{#${path}}}"TASKCFG_ALL_SECTION_${section}_OPTION_${option}": "{{${path}}}",{{/${path}}}`;
      }),
    ),
    '    "LAST": "{{resource.assets.uris.uri-1}}"',
    '  }',
    '}',
  ].join('\n');

const wordOf = (index: number): string => WORDS[index % WORDS.length] ?? '';
const range = (count: number): number[] => Array.from({ length: count }, (_, index) => index);
const pretty = (value: object): string => `${JSON.stringify(value, null, 2)}\n`;
