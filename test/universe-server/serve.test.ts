import { execFile } from 'node:child_process';
import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, it, onTestFinished } from 'vitest';
import { request } from '../../src/http/client.ts';
import { systemClock } from '../../src/runtime/clock.ts';
import { silentLog } from '../../src/runtime/log.ts';
import { startUniverseServer, type UniverseServer } from '../../src/universe-server/server.ts';
import { startTestService } from '../package-service/test-service.ts';
import { revisionFiles, temporaryFolder, writeFiles } from '../universe/repository-files.ts';

const TYPE = 'application/vnd.dcos.universe.repo+json;charset=utf-8;version=';
const COSMOS = `${TYPE}v5,${TYPE}v4,${TYPE}v3`;

const serve = async (repository: string): Promise<UniverseServer> => {
  const server = await startUniverseServer({
    repository,
    cacheDir: await temporaryFolder(),
    clock: systemClock,
    log: silentLog,
    intervalMs: 3_600_000,
  });
  onTestFinished(() => server.close());
  return server;
};

const serveFiles = async (
  files: Readonly<Record<string, unknown>>,
): Promise<{ folder: string; server: UniverseServer }> => {
  const folder = await temporaryFolder();
  await writeFiles(folder, files);
  return { folder, server: await serve(folder) };
};

const get = async (server: UniverseServer, path: string, headers: Record<string, string> = {}) => {
  const { status, headers: answered, body } = await request({ url: `${server.url}${path}`, headers });
  const zipped = answered['content-encoding'] === 'gzip';
  const text = zipped
    ? (await promisify((await import('node:zlib')).gunzip)(body)).toString()
    : body.toString();
  return { status, type: answered['content-type'], etag: String(answered.etag), zipped, text };
};

const versionsAt = async (
  server: UniverseServer,
  headers: Record<string, string> = {},
): Promise<string[]> => {
  const { text } = await get(server, '/repo', { Accept: COSMOS, ...headers });
  const { packages } = JSON.parse(text) as {
    packages: { name: string; version: string; packagingVersion: string }[];
  };
  return packages.map(({ name, version, packagingVersion }) => `${name} ${version} ${packagingVersion}`);
};

const BOTH = {
  ...revisionFiles('mine', 0),
  ...revisionFiles('mine', 1, { version: '2', minDcosReleaseVersion: '1.12' }),
};

describe('a hosted universe', () => {
  it.each<[string, string, string, string, string[]]>([
    ['Cosmos of 2.0', COSMOS, 'cosmos/0.6.3 dcos/2.0', `${TYPE}v5`, ['mine 1.0.0 4.0', 'mine 2 4.0']],
    ['Cosmos of 1.11', `${TYPE}v4,${TYPE}v3`, 'cosmos/0.5 dcos/1.11', `${TYPE}v4`, ['mine 1.0.0 4.0']],
    ['Cosmos of 1.9', `${TYPE}v3`, 'cosmos/0.3 dcos/1.9', `${TYPE}v3`, ['mine 1.0.0 3.0']],
    ['an old release that accepts all', COSMOS, 'dcos/1.9', `${TYPE}v5`, ['mine 1.0.0 3.0']],
    [
      'a client that knows v3 alone and no release',
      `${TYPE}v3`,
      'x',
      `${TYPE}v3`,
      ['mine 1.0.0 3.0', 'mine 2 3.0'],
    ],
    ['a release of the future', COSMOS, 'dcos/7.3', `${TYPE}v5`, ['mine 1.0.0 4.0', 'mine 2 4.0']],
    [
      'a browser',
      'text/html,*/*',
      'Mozilla',
      'application/json;charset=utf-8',
      ['mine 1.0.0 4.0', 'mine 2 4.0'],
    ],
  ])('gives %s what it reads', async (_who, accept, agent, type, versions) => {
    const { server } = await serveFiles(BOTH);
    const headers = { Accept: accept, 'User-Agent': agent };
    expect((await get(server, '/repo', headers)).type).toBe(type);
    expect(await versionsAt(server, headers)).toEqual(versions);
  });

  it('zips for those who ask, and sends nothing to those who have it', async () => {
    const { server } = await serveFiles(BOTH);
    const plain = await get(server, '/repo', { Accept: COSMOS });
    const zipped = await get(server, '/repo', { Accept: COSMOS, 'Accept-Encoding': 'gzip' });
    expect([plain.zipped, zipped.zipped]).toEqual([false, true]);
    expect(zipped.text).toBe(plain.text);
    const again = await get(server, '/repo', { Accept: COSMOS, 'If-None-Match': plain.etag });
    expect(again).toMatchObject({ status: 304, text: '' });
    const other = await get(server, '/repo', { Accept: `${TYPE}v4`, 'If-None-Match': plain.etag });
    expect(other.status).toBe(200);
  });

  it('has single packages, an empty repository, and its health', async () => {
    const { server } = await serveFiles({ ...BOTH, ...revisionFiles('other', 0) });
    const mine = await get(server, '/package/mine', { Accept: COSMOS });
    expect(JSON.parse(mine.text).packages).toHaveLength(2);
    expect((await get(server, '/package/none', { Accept: COSMOS })).status).toBe(404);
    expect(await get(server, '/repo-empty-v3.json')).toMatchObject({
      type: `${TYPE}v3`,
      text: '{"packages":[]}',
    });
    expect(JSON.parse((await get(server, '/')).text)).toMatchObject({
      checks: { '/repo': { Healthy: { message: 'Able to find 2 package(s).' } } },
      packages: 2,
      revisions: 3,
    });
  });

  it('picks up changes as a whole', async () => {
    const { folder, server } = await serveFiles(BOTH);
    await writeFiles(folder, revisionFiles('other', 0));
    await rm(join(folder, 'repo/packages/M/mine/1'), { recursive: true });
    await server.universe.refresh();
    expect(await versionsAt(server)).toEqual(['mine 1.0.0 4.0', 'other 1.0.0 4.0']);
  });

  it('goes on serving the last good state while a package is broken, and says so', async () => {
    const { folder, server } = await serveFiles(BOTH);
    const file = join(folder, 'repo/packages/M/mine/1/config.json');
    await writeFiles(folder, revisionFiles('other', 0));
    await writeFile(file, '{"type": ');
    await server.universe.refresh();
    expect(await versionsAt(server)).toEqual(['mine 1.0.0 4.0', 'mine 2 4.0']);
    expect(JSON.parse((await get(server, '/')).text)).toMatchObject({
      checks: { '/repo': { Unhealthy: {} } },
      trouble: expect.stringMatching(/^M\/mine\/1\/config\.json:1:10: is no JSON/),
    });
    await writeFile(file, '{"type": "object"}');
    await server.universe.refresh();
    expect(await versionsAt(server)).toEqual(['mine 1.0.0 4.0', 'mine 2 4.0', 'other 1.0.0 4.0']);
    expect(JSON.parse((await get(server, '/')).text)).not.toHaveProperty('trouble');
  });

  it('goes on serving when the folder is gone', async () => {
    const { folder, server } = await serveFiles(BOTH);
    await rm(join(folder, 'repo'), { recursive: true });
    await server.universe.refresh();
    expect(await versionsAt(server)).toHaveLength(2);
    expect(server.universe.status().trouble).toContain('is no repository');
  });

  it('leaves out what was broken from the start', async () => {
    const { server } = await serveFiles({ ...BOTH, 'repo/packages/M/mine/1/package.json': '[' });
    expect(await versionsAt(server)).toEqual(['mine 1.0.0 4.0']);
    expect(server.universe.status().defects).toMatchObject([{ file: 'M/mine/1/package.json' }]);
  });

  it('does not start with what is no repository', async () => {
    await expect(serve(await temporaryFolder())).rejects.toThrow('is no repository');
    await expect(serve('https://example.com/repo')).rejects.toThrow('cannot be hosted');
  });

  it('follows a branch in Git, and outlives its remote', async () => {
    const remote = await temporaryFolder();
    const git = async (...args: string[]) => {
      const who = ['-c', 'user.name=t', '-c', 'user.email=t@example.com', '-c', 'commit.gpgsign=false'];
      await promisify(execFile)('git', ['-C', remote, ...who, ...args]);
    };
    const commit = async (files: Readonly<Record<string, unknown>>) => {
      await writeFiles(remote, files);
      await git('add', '-A');
      await git('commit', '-q', '-m', 'x');
    };
    await git('init', '-q', '-b', 'stable');
    await commit(revisionFiles('mine', 0));
    const server = await serve(`git+file://${remote}#stable`);
    expect(await versionsAt(server)).toEqual(['mine 1.0.0 4.0']);
    await commit(revisionFiles('mine', 1, { version: '2' }));
    await server.universe.refresh();
    expect(await versionsAt(server)).toEqual(['mine 1.0.0 4.0', 'mine 2 4.0']);
    await rm(remote, { recursive: true });
    await server.universe.refresh();
    expect(await versionsAt(server)).toEqual(['mine 1.0.0 4.0', 'mine 2 4.0']);
    expect(server.universe.status().trouble).toContain('Git says');
  });

  it('is a repository of a package service', async () => {
    const { server } = await serveFiles(BOTH);
    const { post } = await startTestService();
    const added = await post('/package/repository/add', {
      name: 'private',
      uri: `${server.url}/repo`,
      index: 0,
    });
    expect(added.status).toBe(200);
    const { body } = await post('/package/describe', { packageName: 'mine' }, { version: 3 });
    expect(body.package).toMatchObject({ name: 'mine', version: '2' });
    const rendered = await post('/package/render', {
      packageName: 'mine',
      options: { service: { name: 'x' } },
    });
    expect(rendered.body.marathonJson).toMatchObject({ id: 'x', cmd: 'sleep 1000' });
  });
});
