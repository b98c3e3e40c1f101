import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import type { LoadedRepository } from '../../src/universe/sources/loaded-repository.ts';
import { tarWith, writeArchive, zipEntries, zipOf } from './archive-files.ts';
import { filesSource, metadataOf, revisionFiles } from './repository-files.ts';

const namesOf = ({ definitions }: LoadedRepository): string[] =>
  definitions.map(({ summary }) => `${summary.name} ${summary.releaseVersion}`).sort();
const problemsOf = ({ problems }: LoadedRepository): Record<string, string> =>
  Object.fromEntries(problems.map(({ where, message }) => [where, message]));
const load = async (bytes: Buffer): Promise<LoadedRepository> =>
  filesSource(await writeArchive(bytes)).load();

const FILES = { ...revisionFiles('mine', 0), ...revisionFiles('mine', 7, { version: '2.0' }) };
const RESOURCE = 'repo/packages/M/mine/0/resource.json';

describe('a zip archive', () => {
  it('is read in the old layout: with an index, folders and one folder around all of it', async () => {
    const loaded = await load(
      await zipOf({
        'universe/': {},
        'universe/repo/': {},
        ...zipEntries(FILES, 'universe/'),
        'universe/repo/meta/index.json': { content: { version: '2.0.0', packages: [] } },
        'universe/repo/packages/M/mine/0/README.md': { content: 'ignored' },
      }),
    );
    expect(loaded.problems).toEqual([]);
    expect(namesOf(loaded)).toEqual(['mine 0', 'mine 7']);
    expect(loaded.definitions[0]?.unpack().config).toMatchObject({ type: 'object' });
  });

  it('may have its packages at the top', async () => {
    expect(namesOf(await load(await zipOf(zipEntries(FILES))))).toEqual(['mine 0', 'mine 7']);
  });

  it('has names that lead out of it refused, and links and devices, and all else read', async () => {
    const loaded = await load(
      await zipOf({
        ...zipEntries(FILES),
        '../../repo/packages/E/evil/0/package.json': { content: metadataOf('evil') },
        '/repo/packages/E/evil/1/package.json': { content: metadataOf('evil') },
        [RESOURCE]: { content: '/etc/passwd', mode: 0o120777 },
        'repo/packages/M/mine/7/resource.json': { mode: 0o020666 },
      }),
    );
    expect(namesOf(loaded)).toEqual(['mine 0', 'mine 7']);
    expect(problemsOf(loaded)).toEqual({
      '../../repo/packages/E/evil/0/package.json': expect.stringContaining('leads out'),
      '/repo/packages/E/evil/1/package.json': expect.stringContaining('leads out'),
      'M/mine/0/resource.json': expect.stringContaining('is a link'),
      'M/mine/7/resource.json': 'is no file',
    });
  });

  it('does not unpack what is too large, whatever size it states', async () => {
    const bomb = await zipOf({
      ...zipEntries(revisionFiles('mine', 0)),
      ...zipEntries(revisionFiles('bomb', 0)),
      'repo/packages/B/bomb/0/resource.json': { content: Buffer.alloc(64 * 1024 * 1024) },
    });
    expect(bomb.length).toBeLessThan(200_000);
    expect(problemsOf(await load(bomb))['B/bomb/0']).toMatch(/larger than/);
    const size = Buffer.alloc(4);
    size.writeUInt32LE(64 * 1024 * 1024);
    const stated = Buffer.alloc(4);
    stated.writeUInt32LE(10);
    const lying = Buffer.from(
      bomb.toString('latin1').replaceAll(size.toString('latin1'), stated.toString('latin1')),
      'latin1',
    );
    const loaded = await load(lying);
    expect(namesOf(loaded)).toEqual(['mine 0']);
    expect(problemsOf(loaded)['B/bomb/0']).toMatch(/too many bytes/);
  });

  it('is refused as a whole when it is damaged or holds no packages', async () => {
    const whole = await zipOf(zipEntries(FILES));
    await expect(load(whole.subarray(0, -30))).rejects.toMatchObject({ problem: 'bad-content' });
    await expect(load(await zipOf({ 'a.txt': {} }))).rejects.toThrow(/none of the folders/);
    const broken = Buffer.from(whole);
    broken.fill(0xff, 40, 80);
    expect((await load(broken)).problems.length).toBeGreaterThan(0);
  });
});

describe('a tar archive', () => {
  it.each([
    ['plain', (bytes: Buffer) => bytes],
    ['compressed', (bytes: Buffer) => gzipSync(bytes)],
  ])('is read %s', async (_how, pack) => {
    const loaded = await load(pack(tarWith(FILES, [], './universe-main/')));
    expect(loaded.problems).toEqual([]);
    expect(namesOf(loaded)).toEqual(['mine 0', 'mine 7']);
    expect(loaded.definitions[1]?.unpack().version).toBe('2.0');
  });

  it('has names that lead out of it refused, and links, devices and what is there twice', async () => {
    const twice = { path: 'repo/packages/M/mine/0/package.json', content: '{"name": "other"}' };
    const loaded = await load(
      tarWith(FILES, [
        { path: '../repo/packages/E/evil/0/package.json', content: '{}' },
        { path: 'repo/packages/M/mine/0/../../../x', content: '{}' },
        { path: RESOURCE, type: 'SymbolicLink', linkpath: '/etc/passwd' },
        { path: 'repo/packages/M/mine/7/resource.json', type: 'CharacterDevice' },
        { path: 'repo/packages/M/mine/7/command.json', type: 'Link', linkpath: '/etc/shadow' },
        twice,
      ]),
    );
    expect(namesOf(loaded)).toEqual(['mine 0', 'mine 7']);
    expect(problemsOf(loaded)).toEqual({
      '../repo/packages/E/evil/0/package.json': expect.stringContaining('leads out'),
      'repo/packages/M/mine/0/../../../x': expect.stringContaining('leads out'),
      'M/mine/0/resource.json': expect.stringContaining('is a link'),
      'M/mine/7/resource.json': 'is no file',
      'M/mine/7/command.json': expect.stringContaining('is a link'),
      'M/mine/0/package.json': expect.stringContaining('is there twice'),
    });
  });

  it('is refused when it is no such thing, or unpacks to more than a repository may have', async () => {
    await expect(load(Buffer.from('hello'))).rejects.toMatchObject({ problem: 'bad-content-type' });
    await expect(load(gzipSync('hello'))).rejects.toMatchObject({ problem: 'bad-content-type' });
    await expect(load(gzipSync(tarWith(FILES)).subarray(0, 300))).rejects.toThrow(/cannot be unzipped/);
    const bomb = gzipSync(
      Buffer.concat([Buffer.from('{"packages": ['), Buffer.alloc(300 * 1024 * 1024, ' ')]),
    );
    expect(bomb.length).toBeLessThan(500_000);
    await expect(load(bomb)).rejects.toThrow(/unpacks to more than/);
  }, 60_000);
});
