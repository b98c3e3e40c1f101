import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { type BuiltPackages, buildPackages } from '../../src/universe/building/build-packages.ts';
import { packagesForRelease } from '../../src/universe/building/packages-for-release.ts';
import { compareVersions, RELEASES, repositoryVersionOf } from '../../src/universe/building/releases.ts';
import { writeBuild } from '../../src/universe/building/write-build.ts';
import { readFolderTree } from '../../src/universe/sources/read-file-tree.ts';
import { filesSource, metadataOf, revisionFiles, temporaryFolder, writeFiles } from './repository-files.ts';

const build = async (files: Readonly<Record<string, unknown>>): Promise<BuiltPackages> => {
  const folder = await temporaryFolder();
  await writeFiles(folder, files);
  return buildPackages(await readFolderTree(folder));
};

const forRelease = (
  { packages }: BuiltPackages,
  release: string,
): { packagingVersion: string; version: string }[] =>
  [...packagesForRelease(packages, release)].map((json) => JSON.parse(json));

describe('a built package', () => {
  it('holds all files of its revision, spelt as its author spelt them', async () => {
    const { packages, defects } = await build({
      'repo/packages/M/mine/7/package.json': metadataOf('mine', {
        packagingVersion: '3.0',
        minDcosReleaseVersion: '1.9',
      }),
      'repo/packages/M/mine/7/config.json':
        '{\n "properties": {"z": {"default": 1.0}, "a": {"default": 1e400, "title": "\\u0041"}}, "type": "object" }',
      'repo/packages/M/mine/7/resource.json': '{}',
      'repo/packages/M/mine/7/command.json': { pip: ['x'] },
      'repo/packages/M/mine/7/marathon.json.mustache': '{"id": "ü"}',
    });
    expect(defects).toEqual([]);
    expect(packages).toHaveLength(1);
    const template = Buffer.from('{"id": "ü"}').toString('base64');
    expect(packages[0]?.json).toBe(
      `{"packagingVersion":"3.0","name":"mine","version":"1.0.0","description":"The package mine","maintainer":"someone@example.com","tags":["test"],"minDcosReleaseVersion":"1.9","releaseVersion":7,"marathon":{"v2AppMustacheTemplate":"${template}"},"config":{"properties":{"z":{"default":1.0},"a":{"default":1e400,"title":"\\u0041"}},"type":"object"},"command":{"pip":["x"]}}`,
    );
  });

  it('is left out when something is wrong, and hides no other', async () => {
    const { packages, defects } = await build({
      ...revisionFiles('mine', 0),
      ...revisionFiles('mine', 1, { unknown: 1 }),
      ...revisionFiles('other', 0, { description: 'ä' }),
    });
    expect(packages.map(({ name, revision }) => `${name} ${revision}`)).toEqual(['mine 0', 'other 0']);
    expect(defects.map(({ file }) => file)).toEqual(['M/mine/1/package.json']);
    expect(packages[1]?.json).toContain('"description":"\\u00e4"');
  });
});

describe('releases', () => {
  it('get the packages that work on them, in the form that they read', async () => {
    const built = await build({
      ...revisionFiles('mine', 0, { packagingVersion: '3.0' }),
      ...revisionFiles('mine', 1, {
        version: '2',
        minDcosReleaseVersion: '1.9',
        upgradesFrom: ['*'],
        downgradesTo: ['*'],
      }),
      ...revisionFiles('mine', 2, { version: '3', minDcosReleaseVersion: '1.9.0' }),
      ...revisionFiles('mine', 3, {
        version: '4',
        minDcosReleaseVersion: '1.12',
        packagingVersion: '5.0',
        manager: { packageName: 'boss' },
      }),
      ...revisionFiles('mine', 4, { version: '5', packagingVersion: '5.0', minDcosReleaseVersion: '1.10' }),
      ...revisionFiles('mine', 5, { version: '6', minDcosReleaseVersion: '9999' }),
    });
    const inShort = (release: string): string[] =>
      forRelease(built, release).map(({ version, packagingVersion }) => `${version}/${packagingVersion}`);
    expect(inShort('1.8')).toEqual(['1.0.0/3.0']);
    expect(inShort('1.9')).toEqual(['1.0.0/3.0', '2/3.0']);
    expect(inShort('1.10')).toEqual(['1.0.0/3.0', '2/4.0', '3/4.0', '5/4.0']);
    expect(inShort('1.12')).toEqual(['1.0.0/3.0', '2/4.0', '3/4.0', '4/5.0', '5/5.0']);
    expect(forRelease(built, '1.9')[1]).not.toHaveProperty('upgradesFrom');
    expect(forRelease(built, '1.10')[1]).toHaveProperty('upgradesFrom', ['*']);
    expect(['1.8', '1.9', '1.10', '1.11', '1.12', '2.0'].map(repositoryVersionOf)).toEqual([
      'v3',
      'v3',
      'v4',
      'v4',
      'v5',
      'v5',
    ]);
  });

  it('before 1.10 get quotation marks in options escaped once more', async () => {
    const built = await build({
      ...revisionFiles('mine', 0),
      'repo/packages/M/mine/0/config.json': {
        title: 'a "b"',
        description: 'stays "as" it is',
        properties: {
          a: { default: 'x "y" \\"z\\"', description: '"d"', title: '"t"', enum: ['"e"'] },
          b: { properties: { default: { default: ['"l"'] }, c: { default: '[["a"]]' } } },
        },
      },
    });
    expect(forRelease(built, '1.9')[0]).toMatchObject({
      config: {
        title: 'a "b"',
        description: 'stays "as" it is',
        properties: {
          a: { default: 'x \\"y\\" \\"z\\"', description: '\\"d\\"', title: '"t"', enum: ['"e"'] },
          b: { properties: { default: { default: ['"l"'] }, c: { default: '[[\\"a\\"]]' } } },
        },
      },
    });
  });

  it.each([
    ['1.9', '1.10', -1],
    ['1.10', '1.10', 0],
    ['1.9.0', '1.9', 1],
    ['2.0', '1.13', 1],
    ['1.10-beta', '1.10', 1],
    ['0.0', '1.8', -1],
  ])('compares %s and %s', (one, other, order) => {
    expect(Math.sign(compareVersions(one, other))).toBe(order);
    expect(Math.sign(compareVersions(other, one))).toBe(order === 0 ? 0 : -order);
  });
});

describe('a written build', () => {
  it('has a file per release and package with its media type, an index, and the same bytes again', async () => {
    const folder = await temporaryFolder();
    const built = await build({
      ...revisionFiles('mine', 0),
      ...revisionFiles('other', 0, { minDcosReleaseVersion: '1.12' }),
    });
    const contents = async (): Promise<Record<string, string>> => {
      await writeBuild(join(folder, 'target'), built.packages, ['1.9', '1.12']);
      const names = (await readdir(join(folder, 'target'), { recursive: true })).filter(
        (name) => name.includes('.json') || name.includes('_type'),
      );
      const texts = names
        .sort()
        .map(async (name) => [name, await readFile(join(folder, 'target', name), 'utf8')]);
      return Object.fromEntries(await Promise.all(texts));
    };
    const first = await contents();
    expect(Object.keys(first)).toEqual([
      '1.12/package/mine.content_type',
      '1.12/package/mine.json',
      '1.12/package/other.content_type',
      '1.12/package/other.json',
      '1.9/package/mine.content_type',
      '1.9/package/mine.json',
      'index.json',
      'repo-empty-v3.content_type',
      'repo-empty-v3.json',
      'repo-up-to-1.12.content_type',
      'repo-up-to-1.12.json',
      'repo-up-to-1.9.content_type',
      'repo-up-to-1.9.json',
      'universe.content_type',
      'universe.json',
    ]);
    expect(first['repo-empty-v3.json']).toBe('{"packages":[]}');
    expect(first['repo-up-to-1.9.content_type']).toBe(
      'application/vnd.dcos.universe.repo+json;charset=utf-8;version=v3',
    );
    expect(JSON.parse(first['index.json'] ?? '').packages.other).toMatchObject([
      { version: '1.0.0', revision: 0, releases: ['1.12'] },
    ]);
    expect(await contents()).toEqual(first);
    expect(await readdir(folder)).toEqual(['target']);
    const loaded = await filesSource(join(folder, 'target', 'universe.json')).load();
    expect(loaded.problems).toEqual([]);
    expect(loaded.definitions.map(({ summary: { name } }) => name)).toEqual(['mine', 'other']);
  });

  it('never takes the place of what is no build', async () => {
    const folder = await temporaryFolder();
    await writeFile(join(folder, 'mine.txt'), 'x');
    await expect(writeBuild(folder, [], RELEASES)).rejects.toThrow('holds something else');
    expect(await readdir(folder)).toEqual(['mine.txt']);
  });
});
