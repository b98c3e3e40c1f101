import { execFile } from 'node:child_process';
import { mkdir, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import { templateText } from '../../src/universe/definition/package-definition.ts';
import type { LoadedRepository } from '../../src/universe/sources/loaded-repository.ts';
import { filesSource, metadataOf, revisionFiles, temporaryFolder, writeFiles } from './repository-files.ts';

const namesOf = ({ definitions }: LoadedRepository): string[] =>
  definitions.map(({ summary }) => `${summary.name} ${summary.releaseVersion}`).sort();

const load = async (files: Readonly<Record<string, unknown>>): Promise<LoadedRepository> => {
  const folder = await temporaryFolder();
  await writeFiles(folder, files);
  return filesSource(folder).load();
};

describe('a folder repository', () => {
  it('gives every revision with all that belongs to it', async () => {
    const folder = 'repo/packages/M/mine/3';
    const loaded = await load({
      ...revisionFiles('mine', 0),
      ...revisionFiles('mine', 3, { version: '2.0', scm: 'x', unknown: 1, selected: null }),
      [`${folder}/resource.json`]: { assets: { uris: { a: 'https://x/a' } }, images: {}, extra: 1 },
      [`${folder}/README.md`]: 'ignored',
      'repo/meta/schema/x.json': '{',
    });
    expect(loaded.problems).toEqual([]);
    expect(namesOf(loaded)).toEqual(['mine 0', 'mine 3']);
    const packed = loaded.definitions.find(({ summary }) => summary.releaseVersion === 3);
    const definition = packed?.unpack();
    expect(definition).toMatchObject({ name: 'mine', version: '2.0', scm: 'x', releaseVersion: 3 });
    expect(definition).not.toHaveProperty('unknown');
    expect(definition).not.toHaveProperty('selected');
    expect(definition?.resource).toEqual({ assets: { uris: { a: 'https://x/a' } }, images: {} });
    expect(definition && templateText(definition)).toContain('{{service.name}}');
    expect(packed?.urls).toEqual(['https://x/a']);
  });

  it.each(['packages', 'universe/repo/packages'])('may keep its packages in %s', async (root) => {
    const loaded = await load({ [`${root}/M/mine/0/package.json`]: metadataOf('mine') });
    expect(namesOf(loaded)).toEqual(['mine 0']);
    expect(loaded.definitions[0]?.unpack()).not.toHaveProperty('marathon');
  });

  it('keeps numbers that JavaScript would round', async () => {
    const loaded = await load({
      ...revisionFiles('mine', 0),
      'repo/packages/M/mine/0/config.json': '{"properties": {"a": {"default": 9223372036854775807}}}',
    });
    expect(loaded.definitions[0]?.unpack().config).toEqual({
      properties: { a: { default: 9223372036854775807n } },
    });
  });

  it('counts the last one of keys that are there twice, as the original did', async () => {
    const loaded = await load({
      ...revisionFiles('mine', 0),
      'repo/packages/M/mine/0/config.json': '{"properties": {"a": {"default": 1}, "a": {"default": 2}}}',
    });
    expect(loaded.problems).toEqual([]);
    expect(loaded.definitions[0]?.unpack().config).toEqual({ properties: { a: { default: 2 } } });
  });

  it('drops what licences and managers have beyond what is known, as the original did', async () => {
    const manager = { packageName: 'other', minPackageVersion: null, more: 1 };
    const license = { name: 'Apache', url: 'https://example.com', spdx: 'Apache-2.0' };
    const changes = { packagingVersion: '5.0', manager, licenses: [license] };
    const { definitions, problems } = await load(revisionFiles('mine', 0, changes));
    expect(problems).toEqual([]);
    expect(definitions[0]?.unpack()).toMatchObject({
      manager: { packageName: 'other' },
      licenses: [{ name: 'Apache', url: 'https://example.com' }],
    });
    expect(JSON.stringify(definitions[0]?.unpack())).not.toMatch(/spdx|more|minPackageVersion/);
  });

  it('drops what a packaging version does not have', async () => {
    const loaded = await load({
      ...revisionFiles('old', 0, {
        packagingVersion: '2.0',
        minDcosReleaseVersion: '1.9',
        upgradesFrom: ['*'],
      }),
      'repo/packages/O/old/0/command.json': { pip: ['dcos-old'] },
    });
    const definition = loaded.definitions[0]?.unpack();
    expect(definition?.command).toEqual({ pip: ['dcos-old'] });
    expect(definition).not.toHaveProperty('minDcosReleaseVersion');
    expect(definition).not.toHaveProperty('upgradesFrom');
  });

  it.each<[string, Record<string, unknown>, RegExp]>([
    ['no JSON', { 'config.json': '{"a": }' }, /config\.json: line 1, column 7/],
    [
      'no name',
      { 'package.json': metadataOf('bad', { name: undefined }) },
      /must have required property 'name'/,
    ],
    ['another name', { 'package.json': metadataOf('other') }, /\/name is other, but the folder is bad/],
    ['a bad version', { 'package.json': metadataOf('bad', { version: '1+2' }) }, /\/version must match/],
    [
      'a future format',
      { 'package.json': metadataOf('bad', { packagingVersion: '9.0' }) },
      /packagingVersion/,
    ],
    ['a list for a schema', { 'config.json': [] }, /config: must be an object/],
    ['a command in 4.0', { 'command.json': { pip: ['x'] } }, /command\.json: is not allowed/],
    [
      'a number for a URL',
      { 'resource.json': { assets: { uris: { a: 1 } } } },
      /\/assets\/uris\/a must be string/,
    ],
    ['a huge file', { 'config.json': `{"a": "${'x'.repeat(3_000_000)}"}` }, /larger than/],
    [
      'bytes that are no text',
      { 'config.json': Buffer.from('{\n"a": "\xff\xfe"}', 'latin1') },
      /config\.json: line 2 is not valid UTF-8/,
    ],
    [
      'a template of another encoding',
      { 'marathon.json.mustache': Buffer.from('{"id": "caf\xe9"}', 'latin1') },
      /marathon\.json\.mustache: line 1 is not valid UTF-8/,
    ],
    ['a deep file', { 'config.json': `${'['.repeat(5_000)}` }, /nested deeper/],
  ])('reports a package with %s, and gives all others', async (_what, files, message) => {
    const bad = Object.fromEntries(
      Object.entries({ 'package.json': metadataOf('bad'), ...files }).map(([name, content]) => [
        `repo/packages/B/bad/0/${name}`,
        content,
      ]),
    );
    const loaded = await load({ ...revisionFiles('good', 0), ...bad });
    expect(namesOf(loaded)).toEqual(['good 0']);
    expect(loaded.problems).toEqual([{ where: 'B/bad/0', message: expect.stringMatching(message) }]);
  });

  it('does not follow links out of it, and opens neither pipes nor folders', async () => {
    const folder = await temporaryFolder();
    await writeFiles(folder, {
      ...revisionFiles('good', 0),
      ...revisionFiles('linked', 0),
      'secret/config.json': { secret: true },
    });
    const outside = await temporaryFolder();
    await writeFiles(outside, { ...revisionFiles('evil', 0), 'secret.json': { secret: true } });
    const packages = join(folder, 'repo/packages');
    await symlink(join(outside, 'repo/packages/E'), join(packages, 'E'));
    await symlink(join(outside, 'secret.json'), join(packages, 'G/good/0/resource.json'));
    await symlink('../../../G/good/0/config.json', join(packages, 'L/linked/0/resource.json'));
    await symlink('.', join(packages, 'X'));
    await mkdir(join(packages, 'P/pipe/0'), { recursive: true });
    await promisify(execFile)('mkfifo', [join(packages, 'P/pipe/0/package.json')]);
    const loaded = await filesSource(folder).load();
    expect(namesOf(loaded)).toEqual(['good 0', 'linked 0']);
    const problems = Object.fromEntries(loaded.problems.map(({ where, message }) => [where, message]));
    expect(problems.E).toMatch(/leads out/);
    expect(problems['G/good/0/resource.json']).toMatch(/leads out/);
    expect(problems['P/pipe/0/package.json']).toMatch(/no file/);
  });

  it('is read again only when a file has changed', async () => {
    const folder = await temporaryFolder();
    await writeFiles(folder, revisionFiles('mine', 0));
    const source = filesSource(folder);
    const first = await source.load();
    expect(await source.load(first)).toBe(first);
    await writeFiles(folder, revisionFiles('mine', 1));
    const second = await source.load(first);
    expect(namesOf(second)).toEqual(['mine 0', 'mine 1']);
  });

  it('must have packages', async () => {
    const folder = await temporaryFolder();
    await expect(filesSource(folder).load()).rejects.toMatchObject({ problem: 'bad-content' });
    await expect(filesSource(join(folder, 'missing')).load()).rejects.toMatchObject({
      problem: 'unreachable',
    });
  });
});

describe('a built repository in a file', () => {
  it('is read, with one broken package reported', async () => {
    const folder = await temporaryFolder();
    const good = { ...metadataOf('good'), releaseVersion: 2 };
    await writeFiles(folder, {
      'universe.json': { packages: [good, metadataOf('unreleased'), null] },
    });
    const loaded = await filesSource(join(folder, 'universe.json')).load();
    expect(namesOf(loaded)).toEqual(['good 2']);
    expect(loaded.problems.map(({ where }) => where)).toEqual(['unreleased 1.0.0', '/packages/2']);
  });
});
