import { describe, expect, it } from 'vitest';
import { memoryStore } from '../../src/store/memory-store.ts';
import { metadataOf } from '../universe/repository-files.ts';
import { startTestService, type TestService } from './test-service.ts';

const TEMPLATE = '{"id": "{{service.name}}", "cmd": "run {{service.mode}}", "instances": 1}';
const CONFIG = {
  type: 'object',
  properties: {
    service: {
      type: 'object',
      properties: { name: { type: 'string', default: 'db' }, mode: { type: 'string', default: 'fast' } },
    },
  },
};

/** Three releases: 2 takes over from 1 and goes back to it, 3 takes over from 2 alone. */
const startWithReleases = async (): Promise<TestService> => {
  const service = await startTestService({ store: memoryStore() });
  const release = (revision: number, version: string, more: object, mode: string): object => ({
    [`repo/packages/D/db/${revision}/package.json`]: metadataOf('db', { version, ...more }),
    [`repo/packages/D/db/${revision}/config.json`]: CONFIG,
    [`repo/packages/D/db/${revision}/marathon.json.mustache`]: TEMPLATE.replace('run', mode),
  });
  await service.addFiles({
    ...release(0, '1', {}, 'one'),
    ...release(1, '2', { upgradesFrom: ['1'], downgradesTo: ['1'] }, 'two'),
    ...release(2, '3', { upgradesFrom: ['2'] }, 'three'),
  });
  return service;
};

const installed = async (version: string, more: object = {}): Promise<TestService> => {
  const service = await startWithReleases();
  const request = { packageName: 'db', packageVersion: version, ...more };
  expect((await service.post('/package/install', request)).status).toBe(200);
  return service;
};

const update = ({ post }: TestService, request: object) =>
  post('/service/update', { appId: '/db', replace: false, ...request });

const commandOf = ({ marathon }: TestService, id = '/db') => marathon.apps.get(id)?.cmd;

describe('an update to another version', () => {
  it('goes where the versions allow it, up and down, with the options that were given', async () => {
    const service = await installed('1', { options: { service: { mode: 'slow' } } });
    const up = await update(service, { packageVersion: '2' });
    expect(up).toMatchObject({ status: 200, body: { package: { name: 'db', version: '2' } } });
    expect(up.body.resolvedOptions).toEqual({ service: { name: 'db', mode: 'slow' } });
    expect(commandOf(service)).toBe('two slow');
    expect(service.marathon.apps.get('/db')?.labels?.DCOS_PACKAGE_VERSION).toBe('2');
    await update(service, { packageVersion: '1', options: { service: { mode: 'calm' } } });
    expect(commandOf(service)).toBe('one calm');
  });

  it('is refused where they do not, and names those that there are', async () => {
    const service = await installed('1');
    const before = [...service.marathon.changes];
    for (const updateVersion of ['3', '9']) {
      const { status, body } = await update(service, { packageVersion: updateVersion });
      expect({ status, type: body.type, data: body.data }).toEqual({
        status: 400,
        type: 'BadVersionUpdate',
        data: { updateVersion, validVersions: ['2'] },
      });
      expect(body.message).toContain('[2]');
    }
    expect(service.marathon.changes).toEqual(before);
  });

  it('works on the stored definition when the version stays, whatever the repositories have', async () => {
    const service = await installed('1');
    const { body } = await service.post('/package/repository/list');
    await service.post('/package/repository/delete', { name: body.repositories[1].name });
    expect((await update(service, { options: { service: { mode: 'x' } } })).status).toBe(200);
    expect(commandOf(service)).toBe('one x');
  });
});

describe('an update', () => {
  it('keeps the id that was given at the installation, and refuses to change one that options make', async () => {
    const service = await installed('1', { appId: 'mine' });
    expect((await update(service, { appId: '/mine', options: { service: { mode: 'x' } } })).status).toBe(200);
    expect(commandOf(service, '/mine')).toBe('one x');
    await service.post('/package/install', { packageName: 'db' });
    const { body } = await update(service, { options: { service: { name: 'other' } } });
    expect(body).toMatchObject({ type: 'AppIdChanged', data: { newAppId: 'other', oldAppId: '/db' } });
  });

  it('gives addresses as agents need them, not through this service', async () => {
    const service = await startTestService();
    const url = 'https://example.com/a.tgz';
    await service.addFiles({
      'repo/packages/R/res/0/package.json': metadataOf('res'),
      'repo/packages/R/res/0/resource.json': { assets: { uris: { a: url } } },
      'repo/packages/R/res/0/marathon.json.mustache': '{"id": "res"}',
    });
    await service.post('/package/install', { packageName: 'res' });
    const { body } = await update(service, { appId: '/res', replace: true });
    expect(body.package.resource.assets.uris.a).toBe(url);
    const described = await service.post('/service/describe', { appId: '/res' });
    expect(described.body.package.resource.assets.uris.a).toContain('/package/resource?url=');
  });

  it('passes on why Marathon refuses', async () => {
    const service = await installed('1');
    service.marathon.refuse = { status: 409, body: { message: 'App is locked' } };
    expect((await update(service, {})).body).toMatchObject({
      type: 'MarathonBadResponse',
      message: 'App is locked',
    });
    service.marathon.refuse = { status: 404, body: { message: 'gone' } };
    expect((await update(service, {})).body).toMatchObject({
      type: 'MarathonAppNotFound',
      data: { appId: '/db' },
    });
  });

  it('is told beforehand by a preview, which changes nothing', async () => {
    const service = await installed('1', { options: { service: { mode: 'slow' } } });
    const before = [...service.marathon.changes];
    const request = { appId: '/db', packageVersion: '2', replace: true };
    const { status, body } = await service.post('/service/preview', request);
    expect(status).toBe(200);
    expect(body).toMatchObject({
      package: { version: '2' },
      currentVersion: '1',
      currentOptions: { service: { name: 'db', mode: 'slow' } },
      resolvedOptions: { service: { name: 'db', mode: 'fast' } },
      marathonJson: { id: 'db', cmd: 'two fast' },
    });
    expect(service.marathon.changes).toEqual(before);
  });

  it('is served where clusters show it too', async () => {
    const service = await installed('1');
    const headers = {
      'Content-Type': 'application/vnd.dcos.service.describe-request+json;charset=utf-8;version=v1',
      Accept: 'application/vnd.dcos.service.describe-response+json;charset=utf-8;version=v1',
    };
    const { status } = await service.post('/cosmos/service/describe', { appId: '/db' }, { headers });
    expect(status).toBe(200);
  });
});

describe('the history of a service', () => {
  const entriesOf = async ({ post }: TestService, appId = '/db') =>
    (await post('/service/history', { appId })).body.entries as {
      id: number;
      action: string;
      packageVersion: string;
      options: object;
      current: boolean;
    }[];
  const brief = async (service: TestService) =>
    (await entriesOf(service)).map(({ id, action, packageVersion, options, current }) => [
      id,
      action,
      packageVersion,
      options,
      current,
    ]);
  const rollback = ({ post }: TestService, request: object = {}) =>
    post('/service/rollback', { appId: '/db', ...request });

  it('has what was installed and every change, survives a restart, and each can be gone back to', async () => {
    const service = await installed('1', { options: { service: { mode: 'a' } } });
    await update(service, { options: { service: { mode: 'b' } } });
    await update(service, { packageVersion: '2' });
    await service.restart();
    expect(await brief(service)).toEqual([
      [1, 'INSTALLED', '1', { service: { mode: 'a' } }, false],
      [2, 'UPDATED', '1', { service: { mode: 'b' } }, false],
      [3, 'UPDATED', '2', { service: { mode: 'b' } }, true],
    ]);
    expect((await rollback(service)).body.package.version).toBe('1');
    expect(commandOf(service)).toBe('one b');
    expect((await rollback(service, { to: 1 })).status).toBe(200);
    expect(commandOf(service)).toBe('one a');
    expect((await brief(service)).slice(3)).toEqual([
      [4, 'ROLLED_BACK', '1', { service: { mode: 'b' } }, false],
      [5, 'ROLLED_BACK', '1', { service: { mode: 'a' } }, true],
    ]);
  });

  it('does not go back where the versions forbid it, unless it is forced', async () => {
    const service = await installed('2');
    await update(service, { packageVersion: '3' });
    const refused = await rollback(service);
    expect(refused.body).toMatchObject({ type: 'BadVersionUpdate', data: { updateVersion: '2' } });
    expect(commandOf(service)).toBe('three fast');
    expect((await rollback(service, { force: true })).status).toBe(200);
    expect(commandOf(service)).toBe('two fast');
  });

  it('goes back to a version that no repository has any more, as the preview says', async () => {
    const service = await installed('1');
    await update(service, { packageVersion: '2' });
    const { body } = await service.post('/package/repository/list');
    await service.post('/package/repository/delete', { name: body.repositories[1].name });
    const preview = await service.post('/service/preview', { appId: '/db', rollback: true });
    expect(preview.body).toMatchObject({ package: { version: '1' }, currentVersion: '2' });
    expect((await rollback(service)).status).toBe(200);
    expect(commandOf(service)).toBe('one fast');
  });

  it('names what it does not have', async () => {
    const service = await installed('1');
    expect((await rollback(service)).body).toMatchObject({
      type: 'HistoryEntryNotFound',
      data: { appId: '/db', ids: [1] },
    });
    expect((await rollback(service, { to: 7 })).body.message).toContain('7');
    expect((await service.post('/service/history', { appId: 'nope' })).body.type).toBe('MarathonAppNotFound');
  });

  it('takes up what was changed elsewhere', async () => {
    const service = await installed('1');
    const app = service.marathon.apps.get('/db');
    const label = Buffer.from('{"service":{"mode":"elsewhere"}}').toString('base64');
    if (app?.labels) app.labels.DCOS_PACKAGE_OPTIONS = label;
    await update(service, { options: { service: { mode: 'b' } } });
    expect((await brief(service)).map(([, action]) => action)).toEqual(['INSTALLED', 'FOUND', 'UPDATED']);
    await rollback(service);
    expect(commandOf(service)).toBe('one elsewhere');
  });

  it('is bounded, and ends with the uninstallation', async () => {
    const service = await installed('1');
    for (let count = 0; count < 25; count++) {
      await update(service, { options: { service: { mode: `m${count}` } } });
    }
    const entries = await entriesOf(service);
    expect(entries).toHaveLength(20);
    expect(entries.at(-1)).toMatchObject({ id: 26, current: true });
    await service.post('/package/uninstall', { packageName: 'db' });
    await service.post('/package/install', { packageName: 'db', packageVersion: '1' });
    expect((await brief(service)).map(([id, action]) => [id, action])).toEqual([[1, 'INSTALLED']]);
    expect([...service.store.range('history/services/')]).toHaveLength(1);
  });
});
