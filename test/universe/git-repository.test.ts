import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { readdir, readFile, rm, stat, symlink } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { LoadedRepository, RepositorySource } from '../../src/universe/sources/loaded-repository.ts';
import { openRepository } from '../../src/universe/sources/open-repository.ts';
import { runGit } from '../../src/universe/sources/run-git.ts';
import { revisionFiles, temporaryFolder, writeFiles } from './repository-files.ts';

const git = async (folder: string, ...args: string[]): Promise<string> => {
  const settings = ['-c', 'user.name=t', '-c', 'user.email=t@example.com', '-c', 'commit.gpgsign=false'];
  const { stdout } = await promisify(execFile)('git', ['-C', folder, ...settings, ...args]);
  return stdout.trim();
};

const commit = async (folder: string, files: Readonly<Record<string, unknown>>): Promise<string> => {
  await writeFiles(folder, files);
  await git(folder, 'add', '-A');
  await git(folder, 'commit', '-q', '-m', 'change');
  return git(folder, 'rev-parse', 'HEAD');
};

const createRemote = async (): Promise<string> => {
  const remote = await temporaryFolder();
  await git(remote, 'init', '-q', '-b', 'main');
  await commit(remote, revisionFiles('mine', 0));
  return remote;
};

const open = (uri: string, cacheDir: string): RepositorySource =>
  openRepository(
    { uri },
    {
      cacheDir,
      userAgent: 'test',
      fetchUrl: () => Promise.reject(new Error('Git repositories are not fetched over HTTP')),
      pullArtifact: () => Promise.reject(new Error('nor from registries')),
    },
  );

const versionsOf = ({ definitions }: LoadedRepository): string[] =>
  definitions.map(({ summary }) => `${summary.name} ${summary.version}`).sort();

describe('a repository in Git', () => {
  it('is read at the default branch, and again only when it has moved', async () => {
    const remote = await createRemote();
    const source = open(`git+file://${remote}`, await temporaryFolder());
    const first = await source.load();
    expect(versionsOf(first)).toEqual(['mine 1.0.0']);
    expect(first.commit).toBe(await git(remote, 'rev-parse', 'HEAD'));
    expect(await source.load(first)).toBe(first);
    await commit(remote, revisionFiles('mine', 1, { version: '1.1.0' }));
    const second = await source.load(first);
    expect(versionsOf(second)).toEqual(['mine 1.0.0', 'mine 1.1.0']);
  });

  it('is read at a branch, a tag or a commit', async () => {
    const remote = await createRemote();
    const first = await git(remote, 'rev-parse', 'HEAD');
    await git(remote, 'tag', '-a', 'v1', '-m', 'first');
    await git(remote, 'checkout', '-q', '-b', 'feature/x');
    await commit(remote, revisionFiles('feature', 0));
    await git(remote, 'config', 'uploadpack.allowAnySHA1InWant', 'true');
    const cacheDir = await temporaryFolder();
    const versionsAt = async (ref: string): Promise<string[]> =>
      versionsOf(await open(`git+file://${remote}#${ref}`, cacheDir).load());
    expect(await versionsAt('feature/x')).toEqual(['feature 1.0.0', 'mine 1.0.0']);
    expect(await versionsAt('main')).toEqual(['mine 1.0.0']);
    expect(await versionsAt('v1')).toEqual(['mine 1.0.0']);
    expect(await versionsAt(first)).toEqual(['mine 1.0.0']);
    await expect(versionsAt('missing')).rejects.toThrow(/has no branch or tag missing/);
  });

  it.each([true, false])(
    'is fetched without what is no package, if the remote can leave it out: %s',
    async (canFilter) => {
      const remote = await createRemote();
      await git(remote, 'config', 'uploadpack.allowFilter', String(canFilter));
      const large = randomBytes(1_000_000);
      await commit(remote, { 'docs/large.bin': large, 'repo/packages/M/mine/0/notes.bin': large });
      const cacheDir = await temporaryFolder();
      const uri = `git+file://${remote}`;
      expect(versionsOf(await open(uri, cacheDir).load())).toEqual(['mine 1.0.0']);
      const [name = ''] = await readdir(join(cacheDir, 'git'));
      const clone = join(cacheDir, 'git', name);
      const packs = await readdir(join(clone, 'objects/pack'));
      const sizes = await Promise.all(
        packs.map(async (file) => (await stat(join(clone, 'objects/pack', file))).size),
      );
      expect(sizes.reduce((sum, size) => sum + size, 0) < large.length).toBe(canFilter);
      expect(await readFile(join(clone, 'config'), 'utf8')).not.toContain(remote);
      await commit(remote, revisionFiles('mine', 1, { version: '1.1.0' }));
      expect(versionsOf(await open(uri, cacheDir).load())).toEqual(['mine 1.0.0', 'mine 1.1.0']);
    },
  );

  it('may not put more on the disk than is allowed', async () => {
    const remote = await createRemote();
    await commit(remote, { 'large.bin': randomBytes(1_000_000) });
    const clone = await temporaryFolder();
    await git(clone, 'init', '-q', '--bare');
    const fetching = runGit({
      args: ['-C', clone, '-c', 'fetch.unpackLimit=1', 'fetch', '--', `file://${remote}`, 'HEAD'],
      limitMs: 20_000,
      limitFileBytes: 100 * 1024,
    });
    await expect(fetching).rejects.toMatchObject({ problem: 'unreachable' });
    const packs = await readdir(join(clone, 'objects/pack'));
    for (const file of packs)
      expect((await stat(join(clone, 'objects/pack', file))).size).toBeLessThanOrEqual(100 * 1024);
  });

  it('serves what was fetched when the remote is away, and says so', async () => {
    const remote = await createRemote();
    const cacheDir = await temporaryFolder();
    const fetched = await open(`file://${remote}/.git`, cacheDir).load();
    await rm(remote, { recursive: true, force: true });
    const source = open(`file://${remote}/.git`, cacheDir);
    const later = await source.load();
    expect(versionsOf(later)).toEqual(versionsOf(fetched));
    expect(later.problems).toEqual([]);
    expect(later.commit).toBe(fetched.commit);
    expect(later.stale).toMatchObject({ reason: expect.stringMatching(/Git says: fatal: /) });
    await expect(source.load(later)).rejects.toMatchObject({ problem: 'unreachable' });
    await expect(open(`file://${remote}/.git`, await temporaryFolder()).load()).rejects.toMatchObject({
      problem: 'unreachable',
      message: expect.stringMatching(/Git says: fatal: /),
    });
  });

  it('checks nothing out: links in it are problems, and nothing of it reaches the disk', async () => {
    const remote = await createRemote();
    await symlink('/etc', join(remote, 'repo/packages/E'));
    await symlink('/etc/passwd', join(remote, 'repo/packages/M/mine/0/resource.json'));
    await commit(remote, { '.gitattributes': '* filter=evil' });
    const cacheDir = await temporaryFolder();
    const loaded = await open(`git+file://${remote}`, cacheDir).load();
    expect(versionsOf(loaded)).toEqual(['mine 1.0.0']);
    expect(loaded.problems.map(({ where }) => where).sort()).toEqual(['E', 'M/mine/0/resource.json']);
    const [clone = '', ...others] = await readdir(join(cacheDir, 'git'));
    expect(others).toEqual([]);
    expect(existsSync(join(cacheDir, 'git', clone, 'repo'))).toBe(false);
  });

  it('must hold packages', async () => {
    const remote = await temporaryFolder();
    await git(remote, 'init', '-q', '-b', 'main');
    const source = open(`git+file://${remote}`, await temporaryFolder());
    await expect(source.load()).rejects.toThrow(/is empty/);
    await commit(remote, { 'README.md': 'nothing' });
    await expect(source.load()).rejects.toMatchObject({ problem: 'bad-content' });
  });
});

describe('Git', () => {
  it('is stopped when it takes too long or gives too much', async () => {
    const silent = createServer().listen(0, '127.0.0.1');
    await once(silent, 'listening');
    onTestFinished(() => void silent.close());
    const address = silent.address();
    const port = typeof address === 'object' ? address?.port : '';
    const waiting = runGit({ args: ['ls-remote', '--', `git://127.0.0.1:${port}/x`], limitMs: 200 });
    await expect(waiting).rejects.toThrow(/took longer than 0.2 s/);
    const remote = await createRemote();
    const large = runGit({ args: ['-C', remote, 'log'], limitMs: 20_000, limitBytes: 10 });
    await expect(large).rejects.toThrow(/gave more than 10 bytes/);
  });

  it('does not show passwords in what it says', async () => {
    const failing = runGit({
      args: ['ls-remote', '--', 'http://user:secret@127.0.0.1:1/x.git'],
      limitMs: 20_000,
    });
    const error = await failing.catch((reason: unknown) => reason);
    expect(String(error)).toContain('127.0.0.1');
    expect(String(error)).not.toContain('secret');
  });
});
