import { describe, expect, it } from 'vitest';
import { metadataOf, revisionFiles } from '../universe/repository-files.ts';
import { startTestService } from './test-service.ts';

const STRICT_CONFIG = {
  type: 'object',
  properties: {
    service: {
      type: 'object',
      additionalProperties: false,
      properties: {
        name: { type: 'string', description: 'Name of the service', default: 'strict' },
        count: { type: 'integer', minimum: 1, default: 1 },
      },
    },
  },
};

describe('render', () => {
  it('gives the app that an installation would send, and sends nothing', async () => {
    const { post, marathon, bundledUri } = await startTestService();
    const options = { service: { name: 'other' } };
    const { status, body } = await post('/package/render', { packageName: 'hello', options });
    expect(status).toBe(200);
    expect(body.marathonJson).toMatchObject({
      id: 'other',
      cmd: 'sleep 1000',
      labels: {
        DCOS_PACKAGE_NAME: 'hello',
        DCOS_PACKAGE_VERSION: '1.1',
        DCOS_PACKAGE_SOURCE: bundledUri,
        DCOS_PACKAGE_OPTIONS: Buffer.from(JSON.stringify(options)).toString('base64'),
      },
    });
    const moved = await post('/package/render', { packageName: 'hello', appId: 'x/y' });
    expect(moved.body.marathonJson.id).toBe('/x/y');
    expect(marathon.changes).toEqual([]);
  });

  it('says what is wrong with a package as opposed to its options', async () => {
    const { post, addFiles } = await startTestService();
    const folder = 'repo/packages/B';
    await addFiles({
      [`${folder}/bad-template/0/package.json`]: metadataOf('bad-template'),
      [`${folder}/bad-template/0/marathon.json.mustache`]: '{{#a}}',
      [`${folder}/bad-schema/0/package.json`]: metadataOf('bad-schema'),
      [`${folder}/bad-schema/0/marathon.json.mustache`]: '{}',
      [`${folder}/bad-schema/0/config.json`]: { properties: { a: { $ref: 'http://x/y' } } },
      [`${folder}/bad-json/0/package.json`]: metadataOf('bad-json'),
      [`${folder}/bad-json/0/marathon.json.mustache`]: '{"id": }',
      [`${folder}/no-template/0/package.json`]: metadataOf('no-template'),
    });
    const typeOf = async (packageName: string, options: object = {}): Promise<string> =>
      (await post('/package/render', { packageName, options })).body.type;
    expect(await typeOf('bad-template')).toBe('PackageDefect');
    expect(await typeOf('bad-schema', { a: 1 })).toBe('PackageDefect');
    expect(await typeOf('bad-json')).toBe('JsonParsingError');
    expect(await typeOf('no-template')).toBe('ServiceMarathonTemplateNotFound');
    expect(await typeOf('no-template', { a: 1 })).toBe('ServiceMarathonTemplateNotFound');
  });
});

describe('install', () => {
  it('sends the app to Marathon and answers in the version that is asked for', async () => {
    const { post, marathon } = await startTestService();
    const first = await post('/package/install', { packageName: 'hello' });
    expect(first.body).toEqual({ packageName: 'hello', packageVersion: '1.1', appId: '/hello' });
    const again = await post('/package/install', { packageName: 'hello' });
    expect(again).toMatchObject({
      status: 409,
      body: { type: 'PackageAlreadyInstalled', message: 'Package is already installed' },
    });
    const second = await post(
      '/package/install',
      { packageName: 'hello', packageVersion: '1.0', appId: 'two' },
      { version: 2 },
    );
    expect(second.body).toEqual({ packageName: 'hello', packageVersion: '1.0', appId: '/two' });
    expect([...marathon.apps.keys()]).toEqual(['/hello', '/two']);
    expect(marathon.apps.get('/two')?.labels?.DCOS_PACKAGE_VERSION).toBe('1.0');
  });

  it('names everything that is wrong with options before anything is sent', async () => {
    const { post, marathon, addFiles } = await startTestService();
    await addFiles({
      'repo/packages/S/strict/0/package.json': metadataOf('strict'),
      'repo/packages/S/strict/0/config.json': STRICT_CONFIG,
      'repo/packages/S/strict/0/marathon.json.mustache': '{"id": "{{service.name}}"}',
    });
    const options = { service: { name: 7, count: 0, nmae: 'x' } };
    const { status, body } = await post('/package/install', { packageName: 'strict', options });
    expect(status).toBe(400);
    expect(body).toMatchObject({ type: 'JsonSchemaMismatch', message: 'Options JSON failed validation' });
    expect(body.data.errors).toHaveLength(3);
    expect(body.data.errors).toContainEqual({
      level: 'error',
      schema: { loadingURI: '#', pointer: '/properties/service/properties/name' },
      instance: { pointer: '/service/name' },
      domain: 'validation',
      keyword: 'type',
      message: 'instance type (integer) does not match any allowed primitive type (allowed: ["string"])',
      found: 'integer',
      expected: ['string'],
      value: 7,
      description: 'Name of the service',
    });
    expect(body.data.errors).toContainEqual(
      expect.objectContaining({ keyword: 'additionalProperties', unwanted: ['nmae'], nearest: 'name' }),
    );
    expect(marathon.changes).toEqual([]);
  });

  it.each([
    [
      {
        status: 422,
        body: { message: 'Object is not valid', details: [{ path: '/mem', errors: ['too much'] }] },
      },
      400,
      'MarathonBadResponse',
    ],
    [
      { status: 409, body: { message: 'App is locked', deployments: [{ id: 'd' }] } },
      400,
      'MarathonBadResponse',
    ],
    [{ status: 500, body: { message: 'broken' } }, 502, 'MarathonBadGateway'],
    [{ status: 401, body: { message: 'who are you' } }, 401, 'Unauthorized'],
    [{ status: 403, body: { message: 'no' } }, 403, 'Forbidden'],
  ])('passes on that Marathon answers %j', async (refusal, status, type) => {
    const { post, marathon } = await startTestService();
    marathon.refuse = refusal;
    const answer = await post('/package/install', { packageName: 'hello' });
    expect(answer).toMatchObject({ status, body: { type } });
    if (refusal.status === 422) {
      expect(answer.body).toMatchObject({
        message: 'Object is not valid',
        data: { errors: [{ path: '/mem', errors: ['too much'] }] },
      });
    }
  });

  it('does not hand to Marathon what another service has to install', async () => {
    const { post, marathon, addFiles } = await startTestService();
    await addFiles(
      revisionFiles('managed', 0, { packagingVersion: '5.0', manager: { packageName: 'kubernetes' } }),
    );
    expect((await post('/package/install', { packageName: 'managed' })).body).toMatchObject({
      type: 'CustomPackageManagerNotFound',
      data: { managerId: 'kubernetes' },
    });
    expect(marathon.changes).toEqual([]);
  });

  it('says when Marathon is away', async () => {
    const { post, marathon } = await startTestService();
    await marathon.close();
    expect(await post('/package/install', { packageName: 'hello' })).toMatchObject({
      status: 503,
      body: { type: 'ServiceUnavailable', data: { serviceName: 'marathon' } },
    });
  });
});

describe('list', () => {
  it('reads what is installed from the apps alone', async () => {
    const { post, marathon } = await startTestService();
    expect((await post('/package/list')).body).toEqual({ packages: [] });
    await post('/package/install', { packageName: 'hello' });
    await post('/package/install', { packageName: 'hello', appId: 'again' });
    await post('/package/install', { packageName: 'alpha' });
    marathon.apps.set('/plain', { id: '/plain' });
    marathon.apps.set('/damaged', {
      id: '/damaged',
      labels: { DCOS_PACKAGE_NAME: 'zeta', DCOS_PACKAGE_VERSION: '3', DCOS_PACKAGE_DEFINITION: 'e30=' },
    });
    await post('/package/repository/delete', { name: 'Bundled' });
    const { body } = await post('/package/list');
    expect(body.packages.map(({ appId }: { appId: string }) => appId)).toEqual([
      '/alpha',
      '/again',
      '/hello',
      '/damaged',
    ]);
    expect(body.packages[2]).toMatchObject({
      appId: '/hello',
      packageInformation: {
        packageDefinition: { name: 'hello', version: '1.1', selected: true, framework: false },
      },
    });
    expect(body.packages[0].packageInformation.packageDefinition).not.toHaveProperty('releaseVersion');
    expect(body.packages[3].packageInformation.packageDefinition).toMatchObject({
      name: 'zeta',
      version: '3',
    });
    expect(
      (await post('/package/list', { packageName: 'hello', appId: 'again' })).body.packages,
    ).toHaveLength(1);
    expect((await post('/package/list', { packageName: 'nope' })).body.packages).toEqual([]);
  });
});

describe('a service', () => {
  it('is described with its options and where it can be upgraded to', async () => {
    const { post, addFiles } = await startTestService();
    await post('/package/install', { packageName: 'alpha', options: { service: { name: 'a' } } });
    await addFiles({
      'repo/packages/A/alpha/1/package.json': metadataOf('alpha', { version: '2', upgradesFrom: ['1.0.0'] }),
    });
    const { body } = await post('/service/describe', { appId: 'a' });
    expect(body).toMatchObject({
      package: { name: 'alpha', version: '1.0.0', releaseVersion: 0 },
      upgradesTo: ['2'],
      downgradesTo: [],
      resolvedOptions: { service: { name: 'a' } },
      userProvidedOptions: { service: { name: 'a' } },
    });
    expect((await post('/service/describe', { appId: 'nope' })).body.type).toBe('MarathonAppNotFound');
  });

  it('runs with other options after an update, but keeps its id and version', async () => {
    const { post, marathon } = await startTestService();
    await post('/package/install', { packageName: 'hello', options: { service: { extra: 1 } } });
    const update = (request: object) => post('/service/update', { appId: '/hello', ...request });
    const merged = await update({ replace: false, options: { service: { more: 2 } } });
    expect(merged.body).toMatchObject({
      resolvedOptions: { service: { name: 'hello', extra: 1, more: 2 } },
      marathonDeploymentId: 'deployment-1',
    });
    expect(marathon.changes.at(-1)).toBe('PUT /v2/apps/hello?force=true&partialUpdate=false');
    const replaced = await update({ replace: true, options: { service: { more: 3 } } });
    expect(replaced.body.resolvedOptions).toEqual({ service: { name: 'hello', more: 3 } });
    const typeOf = async (request: object): Promise<string> => (await update(request)).body.type;
    expect(await typeOf({ replace: true, options: { service: { name: 'x' } } })).toBe('AppIdChanged');
    expect(await typeOf({ replace: true, packageVersion: '1.0' })).toBe('BadVersionUpdate');
    expect(await typeOf({ replace: true, options: { service: { name: 1 } } })).toBe('JsonSchemaMismatch');
    expect(await typeOf({})).toBe('json_error');
    const labels = marathon.apps.get('/hello')?.labels ?? {};
    delete labels.DCOS_PACKAGE_OPTIONS;
    expect(await typeOf({ replace: false })).toBe('OptionsNotStored');
  });
});
