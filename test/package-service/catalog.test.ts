import { describe, expect, it } from 'vitest';
import { revisionFiles, temporaryFolder, writeFiles } from '../universe/repository-files.ts';
import { startTestService } from './test-service.ts';

const ERROR = 'application/vnd.dcos.package.error+json;charset=utf-8;version=v1';

describe('search', () => {
  it('gives certified packages first, each with its versions', async () => {
    const { post } = await startTestService();
    const { status, contentType, body } = await post('/package/search');
    expect(status).toBe(200);
    expect(contentType).toBe('application/vnd.dcos.package.search-response+json;charset=utf-8;version=v1');
    expect(body.packages).toEqual([
      {
        name: 'hello',
        currentVersion: '1.1',
        versions: { '1.1': 5, '1.0': 0 },
        description: 'Says hello',
        framework: false,
        tags: ['test'],
        selected: true,
        repository: 'Bundled',
      },
      expect.objectContaining({ name: 'alpha', currentVersion: '1.0.0' }),
    ]);
  });

  it.each([
    ['HELLO', ['hello']],
    ['says', ['hello']],
    ['beginn', ['alpha']],
    ['', ['hello', 'alpha']],
    ['*', ['hello', 'alpha']],
    ['al*a', ['alpha']],
    ['AL*', []],
    ['*all', ['alpha']],
    ['nothing', []],
  ])('for %j finds %j', async (query, names) => {
    const { post } = await startTestService();
    const { body } = await post('/package/search', { query });
    expect(body.packages.map(({ name }: { name: string }) => name)).toEqual(names);
  });
});

describe('search in the order of fit', () => {
  it('is an addition that has to be asked for', async () => {
    const { post, addFiles } = await startTestService();
    await addFiles({
      ...revisionFiles('zeta', 0),
      ...revisionFiles('another', 0, { description: 'Looks after zeta' }),
    });
    const names = async (request: object): Promise<string[]> =>
      (await post('/package/search', request)).body.packages.map(({ name }: { name: string }) => name);
    expect(await names({ query: 'zeta' })).toEqual(['another', 'zeta']);
    expect(await names({ query: 'zeta', order: 'fit' })).toEqual(['zeta', 'another']);
    expect(await names({ query: 'zeta', order: 'other' })).toEqual(['another', 'zeta']);
  });
});

describe('describe', () => {
  it('gives the highest revision, or the version that is asked for', async () => {
    const { post } = await startTestService();
    const newest = await post('/package/describe', { packageName: 'hello' }, { version: 3 });
    expect(newest.body.package).toMatchObject({
      name: 'hello',
      version: '1.1',
      releaseVersion: 5,
      config: { type: 'object' },
      marathon: { v2AppMustacheTemplate: expect.any(String) },
    });
    const older = await post(
      '/package/describe',
      { packageName: 'hello', packageVersion: '1.0' },
      { version: 3 },
    );
    expect(older.body.package.releaseVersion).toBe(0);
  });

  it('gives version 2 flat, unless the package cannot be given so', async () => {
    const { post, addFiles } = await startTestService();
    const flat = await post('/package/describe', { packageName: 'alpha' }, { version: 2 });
    expect(flat.body).toMatchObject({ name: 'alpha', selected: false, framework: false });
    await addFiles(revisionFiles('modern', 1, { upgradesFrom: ['*'] }));
    const refused = await post('/package/describe', { packageName: 'modern' }, { version: 2 });
    expect(refused.body.type).toBe('ConversionFromPackageToV2DescribeResponse');
  });

  it('names the package or the version that there is not', async () => {
    const { post } = await startTestService();
    const noPackage = await post('/package/describe', { packageName: 'nope' }, { version: 3 });
    expect(noPackage).toEqual({
      status: 400,
      contentType: ERROR,
      body: { type: 'PackageNotFound', message: 'Package [nope] not found', data: { packageName: 'nope' } },
    });
    const mistyped = await post('/package/describe', { packageName: 'helo' }, { version: 3 });
    expect(mistyped.body.data).toEqual({ packageName: 'helo', nearest: 'hello' });
    const noVersion = await post(
      '/package/describe',
      { packageName: 'hello', packageVersion: '9' },
      { version: 3 },
    );
    expect(noVersion.body).toEqual({
      type: 'VersionNotFound',
      message: 'Version [9] of package [hello] not found',
      data: { packageName: 'hello', packageVersion: '9' },
    });
  });

  it('lists versions', async () => {
    const { post } = await startTestService();
    const request = { packageName: 'hello', includePackageVersions: true };
    expect((await post('/package/list-versions', request)).body).toEqual({
      results: { '1.1': '5', '1.0': '0' },
    });
    expect((await post('/package/list-versions', { packageName: 'hello' })).body.type).toBe('json_error');
  });

  it('leads web addresses through the cluster, and serves them only when a package names them', async () => {
    const { post, get, addFiles, marathon } = await startTestService();
    await addFiles({
      ...revisionFiles('pictured', 0),
      'repo/packages/P/pictured/0/resource.json': {
        images: { 'icon-small': `${marathon.url}/v2/apps` },
        assets: { uris: { a: 'maven:a:b:1' } },
      },
    });
    const { body } = await post('/package/describe', { packageName: 'pictured' }, { version: 3 });
    const icon = body.package.resource.images['icon-small'] as string;
    expect(icon).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/package\/resource\?url=http%3A/);
    expect(body.package.resource.assets.uris.a).toBe('maven:a:b:1');
    const { pathname, search } = new URL(icon);
    expect((await get(pathname + search)).body).toEqual({ apps: [] });
    const refused = await get(
      `/package/resource?url=${encodeURIComponent(`${marathon.url}/v2/deployments`)}`,
    );
    expect(refused).toMatchObject({ status: 403, body: { type: 'Forbidden' } });
  });
});

describe('transport', () => {
  it('demands the media types of the endpoint, and tells all that is wrong with them', async () => {
    const { post } = await startTestService();
    const wrong = { 'Content-Type': 'application/json' };
    expect((await post('/package/search', {}, { headers: wrong })).body.type).toBe('not_valid');
    const both = await post('/package/search', {}, { headers: { ...wrong, Accept: '*/*' } });
    expect(both).toMatchObject({ status: 400, contentType: ERROR, body: { type: 'multiple_errors' } });
    expect(both.body.data.errors).toHaveLength(2);
    expect((await post('/package/describe', { packageName: 'x' }, { version: 9 })).body.type).toBe(
      'not_valid',
    );
  });

  it('chooses the best type that is accepted', async () => {
    const { post } = await startTestService();
    const type = 'application/vnd.dcos.package.describe-response+json;charset=utf-8;version=';
    const ask = (Accept: string) =>
      post('/package/describe', { packageName: 'alpha' }, { headers: { Accept } });
    expect((await ask(`${type}v2;q=0.5, ${type}v3`)).contentType).toBe(`${type}v3`);
    expect((await ask(`${type}v2, ${type}v3;q=0.9`)).contentType).toBe(`${type}v2`);
    expect((await ask(`${type}v3;q=0, ${type}v2;q=0.1`)).contentType).toBe(`${type}v2`);
    expect((await ask(`application/vnd.dcos.package.describe-response+json, ${type}v3`)).status).toBe(200);
  });

  it('answers bad bodies in the API’s shape', async () => {
    const { post } = await startTestService();
    expect((await post('/package/search', '{"query": ')).body).toMatchObject({
      type: 'json_error',
      data: { type: 'parse' },
    });
    expect((await post('/package/search', '')).body.type).toBe('not_present');
    expect((await post('/package/search', '[]')).body.type).toBe('json_error');
    expect((await post('/package/search', { query: 7 })).body).toMatchObject({
      type: 'json_error',
      data: { type: 'decode', path: '.query' },
    });
    const huge = await post('/package/render', {
      packageName: 'hello',
      options: { a: 'x'.repeat(10_000_000) },
    });
    expect(huge).toMatchObject({ status: 413, contentType: ERROR });
  });

  it('knows its capabilities and no other paths', async () => {
    const { get } = await startTestService();
    const { contentType, body } = await get('/capabilities');
    expect(contentType).toBe('application/vnd.dcos.capabilities+json;charset=utf-8;version=v1');
    expect(body.capabilities[0]).toEqual({ name: 'PACKAGE_MANAGEMENT' });
    expect(await get('/package/unheard')).toMatchObject({ status: 404, contentType: ERROR });
    expect((await get('/package/search')).status).toBe(404);
  });
});

describe('several repositories', () => {
  it('take a package from the first that has it, and a version from the first that has that', async () => {
    const { post } = await startTestService();
    const folder = await temporaryFolder();
    await writeFiles(folder, {
      ...revisionFiles('hello', 9, { version: '2.0', description: 'lower' }),
      ...revisionFiles('hello', 10, { version: '1.0', description: 'lower' }),
      ...revisionFiles('own', 0),
    });
    await post('/package/repository/add', { name: 'lower', uri: folder });
    const current = async (): Promise<string> =>
      (await post('/package/describe', { packageName: 'hello' }, { version: 3 })).body.package.version;
    expect(await current()).toBe('1.1');
    const { body } = await post(
      '/package/describe',
      { packageName: 'hello', packageVersion: '1.0' },
      { version: 3 },
    );
    expect(body.package.description).toBe('Says hello');
    const [hello] = (await post('/package/search', { query: 'hello' })).body.packages;
    expect(hello.versions).toEqual({ '1.1': 5, '1.0': 0, '2.0': 9 });

    await post('/package/repository/delete', { name: 'lower' });
    await post('/package/repository/add', { name: 'upper', uri: folder, index: 0 });
    expect(await current()).toBe('1.0');
  });
});
