import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { beforeEach, describe, expect, it, onTestFinished, vi } from 'vitest';
import { publishToGit } from '../../src/universe/publishing/publish-to-git.ts';
import { readFolderTree } from '../../src/universe/sources/read-file-tree.ts';
import { runGit } from '../../src/universe/sources/run-git.ts';
import { runPlenum } from '../cli/run-plenum.ts';
import { startTestService } from '../package-service/test-service.ts';
import { startTestRegistry } from '../support/registry/test-registry.ts';
import { revisionFiles, temporaryFolder, writeFiles } from './repository-files.ts';

const git = async (folder: string, ...args: string[]): Promise<string> =>
  (await promisify(execFile)('git', ['-C', folder, ...args])).stdout.trim();

let remote: string;
let folder: string;

beforeEach(async () => {
  vi.stubEnv('GIT_AUTHOR_NAME', 'Ann');
  vi.stubEnv('GIT_AUTHOR_EMAIL', 'ann@example.com');
  vi.stubEnv('GIT_COMMITTER_NAME', 'Ann');
  vi.stubEnv('GIT_COMMITTER_EMAIL', 'ann@example.com');
  remote = join(await temporaryFolder(), 'universe.git');
  folder = await temporaryFolder();
  await promisify(execFile)('git', ['init', '-q', '--bare', '-b', 'main', remote]);
  await writeFiles(folder, revisionFiles('mine', 0));
  return () => void vi.unstubAllEnvs();
});

const publish = async (changes: object = {}) =>
  publishToGit(await readFolderTree(folder), {
    remote: `file://${remote}`,
    message: 'Add mine',
    isForced: false,
    scratchDir: await temporaryFolder(),
    runGit,
    ...changes,
  });

describe('publishing to Git', () => {
  it('makes a commit of the user’s, and none where there is nothing new', async () => {
    const first = await publish();
    expect(first).toMatchObject({ branch: 'main', changed: [] });
    expect(await git(remote, 'log', '--format=%H %an %s', 'main')).toBe(`${first.commit} Ann Add mine`);
    expect((await git(remote, 'ls-tree', '-r', '--name-only', 'main')).split('\n')).toContain(
      'repo/packages/M/mine/0/config.json',
    );
    expect(await publish()).toEqual({ branch: 'main', added: [], changed: [] });
  });

  it('leaves what is there beside the packages, and follows its folder', async () => {
    const other = await temporaryFolder();
    await promisify(execFile)('git', ['clone', '-q', remote, other]);
    await writeFiles(other, { 'README.md': 'x', 'packages/O/other/0/package.json': '{}' });
    await git(other, 'add', '-A');
    await git(other, 'commit', '-q', '-m', 'x');
    await git(other, 'push', '-q', 'origin', 'HEAD:main');
    await publish();
    const files = (await git(remote, 'ls-tree', '-r', '--name-only', 'main')).split('\n');
    expect(files).toEqual(
      expect.arrayContaining([
        'README.md',
        'packages/O/other/0/package.json',
        'packages/M/mine/0/package.json',
      ]),
    );
    expect(await git(remote, 'rev-list', '--count', 'main')).toBe('2');
  });

  it('changes no released revision, unless it is forced to', async () => {
    await publish();
    await writeFiles(folder, revisionFiles('mine', 0, { version: '2' }));
    await expect(publish()).rejects.toThrow('give what changes the next number');
    await writeFiles(folder, { ...revisionFiles('mine', 0), 'repo/packages/M/mine/0/resource.json': {} });
    await expect(publish()).rejects.toThrow('M/mine/0/resource.json');
    expect(await publish({ isForced: true })).toMatchObject({ changed: ['M/mine/0/resource.json'] });
  });

  it('makes a branch that is not there', async () => {
    expect(await publish({ branch: 'stable' })).toMatchObject({ branch: 'stable' });
    expect(await git(remote, 'branch', '--list')).toContain('stable');
  });

  it('says when the remote is not there', async () => {
    await expect(publish({ remote: 'file:///nowhere/x.git' })).rejects.toThrow('Git says');
  });
});

describe('universe publish', () => {
  it('publishes nothing while something is wrong', async () => {
    await writeFiles(folder, { 'repo/packages/M/mine/0/package.json': '{' });
    const { code, stderr } = await runPlenum([
      'universe',
      'publish',
      `git+file://${remote}`,
      '--repository',
      folder,
    ]);
    expect({ code, stderr }).toEqual({ code: 1, stderr: expect.stringContaining('package.json:1:2: error') });
    expect(await git(remote, 'branch', '--list')).toBe('');
  });

  it('knows Git and folders by their addresses', async () => {
    const inGit = await runPlenum([
      'universe',
      'publish',
      `git+file://${remote}#stable`,
      '--repository',
      folder,
      '--json',
    ]);
    expect(JSON.parse(inGit.stdout)).toMatchObject({ branch: 'stable', changed: [] });
    const inFolder = await runPlenum([
      'universe',
      'publish',
      join(folder, 'www'),
      '--repository',
      folder,
      '--json',
    ]);
    expect(JSON.parse(inFolder.stdout).files).toContainEqual(
      expect.objectContaining({ path: 'repo-up-to-1.13.json' }),
    );
    const nowhere = await runPlenum(['universe', 'publish', 'ftp://x/y', '--repository', folder]);
    expect(nowhere.code).toBe(1);
  });

  it('keeps a universe in a registry, by the same digest again, where package services read it', async () => {
    const registry = await startTestRegistry();
    onTestFinished(() => registry.close());
    const uri = `oci://${registry.host}/team/universe:1`;
    const run = () => runPlenum(['universe', 'publish', uri, '--repository', folder, '--json']);
    const first = JSON.parse((await run()).stdout);
    expect(first.digest).toMatch(/^sha256:/);
    expect(JSON.parse((await run()).stdout)).toEqual(first);
    const { post } = await startTestService();
    expect(await post('/package/repository/add', { name: 'team', uri, index: 0 })).toMatchObject({
      status: 200,
    });
    const { body } = await post('/package/describe', { packageName: 'mine' }, { version: 3 });
    expect(body.package).toMatchObject({ name: 'mine', version: '1.0.0' });
  });
});
