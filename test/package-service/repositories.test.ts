import { rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { describe, expect, it, onTestFinished } from 'vitest';
import { openStore } from '../../src/store/lmdb-store.ts';
import { waitFor } from '../support/wait-for.ts';
import { metadataOf, revisionFiles, temporaryFolder, writeFiles } from '../universe/repository-files.ts';
import { hastyClock, startTestService, type TestService } from './test-service.ts';

const ownFolder = async (name = 'own'): Promise<string> => {
  const folder = await temporaryFolder();
  await writeFiles(folder, revisionFiles(name, 0));
  return folder;
};

const namesOf = (answer: { body: { repositories: { name: string }[] } }): string[] =>
  answer.body.repositories.map(({ name }) => name);

const foundBy = async ({ post }: TestService, query = ''): Promise<string[]> =>
  (await post('/package/search', { query })).body.packages.map(({ name }: { name: string }) => name);

const startWebServer = async (answer: Parameters<typeof createServer>[1]): Promise<string> => {
  const server = createServer(answer).listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  onTestFinished(() => {
    server.close();
    server.closeAllConnections();
  });
  const address = server.address();
  return `http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}`;
};

const REPO_TYPE = 'application/vnd.dcos.universe.repo+json;charset=utf-8;version=v4';
const builtRepository = (...names: string[]): string =>
  JSON.stringify({ packages: names.map((name) => ({ ...metadataOf(name), releaseVersion: 0 })) });

describe('the list of repositories', () => {
  it('begins with the bundled one, under its file URL', async () => {
    const { post, bundledUri } = await startTestService();
    const { body } = await post('/package/repository/list', 'null');
    expect(body.repositories).toEqual([
      {
        name: 'Bundled',
        uri: bundledUri,
        state: 'READY',
        packages: 2,
        confirmedAt: expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/),
      },
    ]);
  });

  it('keeps the order that indexes give', async () => {
    const { post } = await startTestService();
    const add = async (name: string, index?: number) =>
      post('/package/repository/add', { name, uri: await ownFolder(name), index });
    expect(namesOf(await add('last'))).toEqual(['Bundled', 'last']);
    expect(namesOf(await add('first', 0))).toEqual(['first', 'Bundled', 'last']);
    expect(namesOf(await add('third', 2))).toEqual(['first', 'Bundled', 'third', 'last']);
    expect(namesOf(await post('/package/repository/delete', { name: 'Bundled' }))).toEqual([
      'first',
      'third',
      'last',
    ]);
  });

  it('refuses what is there already, indexes beyond the end, and what cannot be read', async () => {
    const service = await startTestService();
    const { post, bundledUri, marathon } = service;
    const uri = await ownFolder();
    const add = async (request: object) => (await post('/package/repository/add', request)).body;
    expect(await add({ name: 'Bundled', uri })).toMatchObject({
      type: 'RepositoryAlreadyPresent',
      data: { name: 'Bundled' },
    });
    expect(await add({ name: 'x', uri: bundledUri })).toMatchObject({ data: { uri: bundledUri } });
    expect(await add({ name: 'x', uri, index: -1 })).toMatchObject({
      type: 'RepositoryAddIndexOutOfBounds',
      data: { attempted: -1, max: 1 },
    });
    expect((await add({ name: 'x', uri, index: 2 })).type).toBe('RepositoryAddIndexOutOfBounds');
    expect((await add({ name: 'x', uri: 'ftp://example.com/repo' })).type).toBe('UnsupportedRepositoryUri');
    expect((await add({ name: 'x', uri: '--upload-pack=x' })).type).toBe('UnsupportedRepositoryUri');
    expect((await add({ name: 'x', uri: `${uri}/missing` })).type).toBe('RepositoryUriConnection');
    expect((await add({ name: 'x', uri: await temporaryFolder() })).message).toMatch(/is no repository/);
    expect((await add({ name: 'x', uri: 'http://127.0.0.1:1/repo' })).type).toBe('RepositoryUriConnection');
    expect(await add({ name: 'x', uri: `${marathon.url}/nothing` })).toMatchObject({
      type: 'UniverseClientHttpError',
      data: { clientStatus: 404 },
    });
    expect(namesOf(await post('/package/repository/list'))).toEqual(['Bundled']);
  });

  it('deletes by name, by URI, or by both if both fit', async () => {
    const { post, bundledUri } = await startTestService();
    const remove = (request: object) => post('/package/repository/delete', request);
    expect((await remove({})).body.type).toBe('RepoNameOrUriMissing');
    expect((await remove({ name: 'nope' })).body.type).toBe('RepositoryNotPresent');
    expect((await remove({ name: 'Bundled', uri: 'other' })).body.type).toBe('RepositoryNotPresent');
    expect((await remove({ name: 'Bundled', uri: bundledUri })).body).toEqual({ repositories: [] });
    expect(namesOf(await post('/package/repository/list'))).toEqual([]);
  });

  it('survives a restart, and loses nothing when changed by many at once', async () => {
    const folder = await temporaryFolder();
    const store = openStore(join(folder, 'store'));
    const service = await startTestService({ store: store.within('packages') });
    onTestFinished(() => store.close());
    const names = ['a1', 'b1', 'c1', 'd1'];
    await Promise.all(
      names.map(async (name) =>
        service.post('/package/repository/add', { name, uri: await ownFolder(name) }),
      ),
    );
    await service.restart();
    const listed = namesOf(await service.post('/package/repository/list'));
    expect(listed.sort()).toEqual(['Bundled', ...names]);
  });
});

describe('a repository that is broken', () => {
  it('does not hurt the others, and says what is wrong with it', async () => {
    const service = await startTestService();
    const folder = await ownFolder();
    await service.post('/package/repository/add', { name: 'own', uri: folder, index: 0 });
    await rm(join(folder, 'repo'), { recursive: true });
    await service.restart();
    expect(await foundBy(service)).toEqual(['hello', 'alpha']);
    const { body } = await service.post('/package/repository/list');
    expect(body.repositories[0]).toMatchObject({ name: 'own', state: 'FAILED', packages: 0 });
    expect(body.repositories[0].problem).toContain(folder);
    const missing = await service.post('/package/describe', { packageName: 'own' }, { version: 3 });
    expect(missing.body.message).toMatch(/^Package \[own\] not found; repository \[own\]: /);
    await writeFiles(folder, revisionFiles('own', 0));
    await waitFor('it is read again', async () => (await foundBy(service)).includes('own'));
  });

  it('serves from a copy when its folder is away after a restart, and says how old that is', async () => {
    const service = await startTestService();
    const folder = await ownFolder();
    await service.post('/package/repository/add', { name: 'own', uri: folder });
    await rm(folder, { recursive: true });
    await service.restart();
    expect(await foundBy(service)).toEqual(['hello', 'alpha', 'own']);
    const { body } = await service.post('/package/repository/list');
    expect(body.repositories[1]).toMatchObject({
      state: 'STALE',
      packages: 1,
      confirmedAt: expect.any(String),
    });
    expect(body.repositories[1].problem).toContain(folder);
    const rendered = await service.post('/package/render', { packageName: 'own' });
    expect(rendered.body.marathonJson.id).toBe('own');
    await writeFiles(folder, { ...revisionFiles('own', 0), ...revisionFiles('back', 0) });
    await waitFor('it is read again', async () => (await foundBy(service, 'back')).length === 1);
  });

  it('may have one broken package, which is named', async () => {
    const service = await startTestService();
    const folder = await ownFolder();
    await writeFiles(folder, { 'repo/packages/B/bad/0/package.json': '{' });
    const { body } = await service.post('/package/repository/add', { name: 'own', uri: folder });
    expect(body.repositories[1]).toMatchObject({
      packages: 1,
      packageProblems: [{ where: 'B/bad/0', message: expect.stringContaining('package.json: line 1') }],
    });
    expect(await foundBy(service)).toEqual(['hello', 'alpha', 'own']);
  });

  it('that hangs is not waited for', async () => {
    const service = await startTestService({ clock: hastyClock });
    let isHanging = false;
    const url = await startWebServer((_request, response) => {
      if (!isHanging) response.writeHead(200, { 'Content-Type': REPO_TYPE }).end(builtRepository('slow'));
    });
    await service.post('/package/repository/add', { name: 'slow', uri: url, index: 0 });
    isHanging = true;
    await service.restart();
    expect(await foundBy(service)).toEqual(['hello', 'alpha']);
    const { body } = await service.post('/package/repository/list');
    expect(body.repositories[0]).toMatchObject({ name: 'slow', state: 'LOADING' });
  });
});

describe('a folder', () => {
  it('is looked at again when its files change', async () => {
    const service = await startTestService();
    expect(await foundBy(service, 'fresh')).toEqual([]);
    await writeFiles(service.bundled, revisionFiles('fresh', 0));
    await waitFor('the new package is found', async () => (await foundBy(service, 'fresh')).length === 1);
  });
});

describe('a repository on the web', () => {
  it('is asked in the words of the original, unzipped, and asked again only for what is new', async () => {
    const asked: Record<string, unknown>[] = [];
    const url = await startWebServer((request, response) => {
      asked.push(request.headers);
      if (request.headers['if-none-match'] === '"1"') response.writeHead(304).end();
      else {
        response.writeHead(200, { 'Content-Type': REPO_TYPE, 'Content-Encoding': 'gzip', ETag: '"1"' });
        response.end(gzipSync(builtRepository('web-one', 'web-two')));
      }
    });
    const service = await startTestService();
    await service.post('/package/repository/add', { name: 'web', uri: `${url}/repo` });
    expect(await foundBy(service, 'web')).toEqual(['web-one', 'web-two']);
    expect(asked[0]).toMatchObject({
      accept: ['v5', 'v4', 'v3']
        .map((version) => `application/vnd.dcos.universe.repo+json;charset=utf-8;version=${version}`)
        .join(','),
      'accept-encoding': 'gzip',
      'user-agent': expect.stringMatching(/dcos\/2\.0/),
    });
    await service.restart();
    expect(await foundBy(service, 'web')).toEqual(['web-one', 'web-two']);
    expect(asked.at(-1)).toMatchObject({ 'if-none-match': '"1"' });
  });

  it('is asked by the time of its last change when it has no tag', async () => {
    const asked: (string | undefined)[] = [];
    const changed = 'Wed, 25 Nov 2026 08:00:00 GMT';
    const url = await startWebServer((request, response) => {
      asked.push(request.headers['if-modified-since']);
      if (request.headers['if-modified-since'] === changed) response.writeHead(304).end();
      else {
        response.writeHead(200, { 'Content-Type': REPO_TYPE, 'Last-Modified': changed });
        response.end(builtRepository('web-one'));
      }
    });
    const service = await startTestService();
    await service.post('/package/repository/add', { name: 'web', uri: url });
    await service.restart();
    expect(await foundBy(service, 'web')).toEqual(['web-one']);
    expect(asked).toEqual([undefined, changed]);
    const { body } = await service.post('/package/repository/list');
    expect(body.repositories[1]).toMatchObject({ state: 'READY', packages: 1 });
  });

  it('serves from what was fetched while the server is away', async () => {
    let isIll = false;
    const url = await startWebServer((_request, response) => {
      if (isIll) response.writeHead(503).end();
      else response.writeHead(200, { 'Content-Type': REPO_TYPE }).end(builtRepository('web-one'));
    });
    const service = await startTestService();
    await service.post('/package/repository/add', { name: 'web', uri: url });
    isIll = true;
    await service.restart();
    expect(await foundBy(service, 'web')).toEqual(['web-one']);
    const { body } = await service.post('/package/repository/list');
    expect(body.repositories[1]).toMatchObject({
      state: 'STALE',
      problem: expect.stringMatching(/answered 503/),
      packages: 1,
    });
    expect(body.repositories[1]).not.toHaveProperty('packageProblems');
    expect(Date.parse(body.repositories[1].confirmedAt)).toBeLessThanOrEqual(Date.now());
  });

  it.each([
    ['a page', { 'Content-Type': 'text/html' }, '<html>', 'UnsupportedContentType'],
    ['half a zip archive', { 'Content-Type': 'application/zip' }, 'PK\u0003\u0004', 'RepositoryContent'],
    ['an unknown encoding', { 'Content-Encoding': 'br' }, '{}', 'UnsupportedContentEncoding'],
    ['no packages', { 'Content-Type': REPO_TYPE }, '{"a": 1}', 'RepositoryContent'],
    ['half a file', { 'Content-Type': REPO_TYPE }, '{"packages": [', 'RepositoryContent'],
    [
      'more than 40 MB',
      { 'Content-Type': REPO_TYPE },
      `{"packages": []}${' '.repeat(41 * 1024 * 1024)}`,
      'RepositoryUriConnection',
    ],
  ])('that sends %s is not added', async (_what, headers, content, type) => {
    const url = await startWebServer((_request, response) => {
      response.on('error', () => undefined);
      response.writeHead(200, headers as Record<string, string>).end(content);
    });
    const { post } = await startTestService();
    const { status, body } = await post('/package/repository/add', { name: 'bad', uri: url });
    expect({ status, type: body.type }).toEqual({ status: 400, type });
  });

  it('follows redirects', async () => {
    const url = await startWebServer((request, response) => {
      if (request.url === '/old') response.writeHead(308, { Location: '/new' }).end();
      else response.writeHead(200, { 'Content-Type': 'application/json' }).end(builtRepository('moved'));
    });
    const service = await startTestService();
    await service.post('/package/repository/add', { name: 'web', uri: `${url}/old` });
    expect(await foundBy(service, 'moved')).toEqual(['moved']);
  });
});
