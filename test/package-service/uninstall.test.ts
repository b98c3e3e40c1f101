import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { Resource } from '../../src/mesos/generated/mesos.ts';
import { openStore } from '../../src/store/lmdb-store.ts';
import { waitFor } from '../support/wait-for.ts';
import { revisionFiles, temporaryFolder } from '../universe/repository-files.ts';
import { type FakeFramework, reservedResource } from './fake-master.ts';
import { hastyClock, startTestService, type TestService } from './test-service.ts';

const framework = (
  id: string,
  name: string,
  role: string,
  changes: Partial<FakeFramework> = {},
): FakeFramework => ({
  id,
  name,
  roles: [role],
  active: true,
  ...changes,
});

/** Installs the package `store`, whose app starts a framework of the same name that holds reservations and a volume. */
const installFramework = async (service: TestService): Promise<void> => {
  const files = revisionFiles('store', 0, { postUninstallNotes: 'All gone' });
  files['repo/packages/S/store/0/marathon.json.mustache'] = JSON.stringify({
    id: '{{service.name}}',
    labels: { DCOS_PACKAGE_FRAMEWORK_NAME: '{{service.name}}' },
  });
  await service.addFiles(files);
  await service.post('/package/install', { packageName: 'store' });
  service.master.frameworks = [framework('F1', 'store', 'store-role'), framework('F0', 'marathon', '*')];
  service.master.reserved = {
    A1: {
      'store-role': [
        reservedResource('store-role', 'cpus', 1),
        reservedResource('store-role', 'disk', 100, { volume: 'v1' }),
      ],
      'other-role': [reservedResource('other-role', 'cpus', 2)],
    },
    A2: { 'store-role': [reservedResource('store-role', 'mem', 64)] },
  };
};

const reservedRoles = ({ master }: TestService): Record<string, string[]> =>
  Object.fromEntries(Object.entries(master.reserved).map(([agent, roles]) => [agent, Object.keys(roles)]));

const uninstall = (service: TestService, request: object = {}) =>
  service.post('/package/uninstall', { packageName: 'store', ...request });

describe('uninstall', () => {
  it('removes the app of a package', async () => {
    const service = await startTestService();
    await service.post('/package/install', { packageName: 'hello' });
    const { status, body } = await service.post('/package/uninstall', { packageName: 'hello' });
    expect(status).toBe(200);
    expect(body.results).toEqual([
      {
        packageName: 'hello',
        appId: '/hello',
        packageVersion: '1.1',
        uninstall: expect.objectContaining({ state: 'DONE' }),
      },
    ]);
    expect(service.marathon.changes.at(-1)).toBe('DELETE /v2/apps/hello?force=true');
    expect(service.marathon.apps.size).toBe(0);
    expect(service.master.calls).toEqual([]);
  });

  it('chooses by id, refuses to guess, and takes all when told so', async () => {
    const service = await startTestService();
    for (const appId of ['a', 'b', 'c'])
      await service.post('/package/install', { packageName: 'hello', appId });
    await service.post('/package/install', { packageName: 'alpha' });
    const typeOf = async (request: object): Promise<string | undefined> =>
      (await service.post('/package/uninstall', request)).body.type;
    const ambiguous = await service.post('/package/uninstall', { packageName: 'hello' });
    expect(ambiguous.body).toEqual({
      type: 'AmbiguousAppId',
      message: 'Multiple apps named [hello] are installed: [/a, /b, /c]',
      data: { packageName: 'hello', appIds: ['/a', '/b', '/c'] },
    });
    expect(await typeOf({ packageName: 'nope' })).toBe('PackageNotInstalled');
    expect(await typeOf({ packageName: 'hello', appId: '/alpha' })).toBe('PackageNotInstalled');
    expect(await typeOf({ packageName: 'hello', appId: '/nope' })).toBe('UninstallNonExistentAppForPackage');
    expect(await typeOf({ packageName: 'hello', appId: 'b' })).toBeUndefined();
    expect([...service.marathon.apps.keys()]).toEqual(['/a', '/c', '/alpha']);
    expect(await typeOf({ packageName: 'hello', all: true })).toBeUndefined();
    expect([...service.marathon.apps.keys()]).toEqual(['/alpha']);
  });

  it('tears down the framework of the package and frees what was reserved for it, and only that', async () => {
    const service = await startTestService();
    await installFramework(service);
    service.master.busyFor = 2;
    const { body } = await uninstall(service);
    expect(body.results[0]).toMatchObject({ postUninstallNotes: 'All gone', uninstall: { state: 'DONE' } });
    expect(service.master.frameworks.map(({ id }) => id)).toEqual(['F0']);
    expect(reservedRoles(service)).toEqual({ A1: ['other-role'], A2: [] });
    expect(service.master.calls[0]).toBe('TEARDOWN');
  });

  it('keeps volumes and reservations when told so, and says when something else is under way', async () => {
    const service = await startTestService({ clock: hastyClock });
    await installFramework(service);
    const before = structuredClone(service.master.reserved);
    await service.master.close();
    const first = await uninstall(service, { keepData: true });
    expect(first.body.type).toBe('IncompleteUninstall');
    const other = await uninstall(service);
    expect(other).toMatchObject({
      status: 409,
      body: { type: 'UninstallInProgress', data: { appId: '/store' } },
    });
    await service.restart();
    await service.master.reopen();
    const { status, body } = await uninstall(service, { keepData: true });
    expect({ status, state: body.results[0].uninstall.state }).toEqual({ status: 200, state: 'DONE' });
    expect(service.master.frameworks.map(({ id }) => id)).toEqual(['F0']);
    expect(service.master.reserved).toEqual(before);
  });

  it('does not promise to keep what Marathon removes with the app', async () => {
    const service = await startTestService();
    await service.post('/package/install', { packageName: 'hello' });
    const app = service.marathon.apps.get('/hello');
    if (app) app.container = { volumes: [{ containerPath: 'data', persistent: { size: 10 } }] };
    const request = { packageName: 'hello', keepData: true };
    const { status, body } = await service.post('/package/uninstall', request);
    expect({ status, type: body.type, data: body.data }).toEqual({
      status: 400,
      type: 'DataCannotBeKept',
      data: { packageName: 'hello', appId: '/hello' },
    });
    expect(service.marathon.apps.has('/hello')).toBe(true);
  });

  it('waits until the app has stopped before it tears down', async () => {
    const service = await startTestService();
    await installFramework(service);
    service.marathon.stopping.add('/store');
    const answer = uninstall(service);
    await waitFor('the app is removed', () => service.marathon.apps.size === 0);
    const { body } = await service.get('/package/uninstalls');
    expect(body.uninstalls).toEqual([
      expect.objectContaining({
        appId: '/store',
        uninstall: expect.objectContaining({ state: 'UNDER_WAY', phase: 'STOPPING_APP' }),
      }),
    ]);
    expect(service.master.calls).toEqual([]);
    const meanwhile = await service.post('/package/install', { packageName: 'store' });
    expect(meanwhile).toMatchObject({ status: 409, body: { type: 'UninstallInProgress' } });
    service.marathon.stopping.clear();
    expect((await answer).status).toBe(200);
    expect((await service.post('/package/install', { packageName: 'store' })).status).toBe(200);
  });

  it('leaves roles that another framework uses, static reservations, and those of other principals', async () => {
    const service = await startTestService();
    await installFramework(service);
    const own: Resource = reservedResource('store-role', 'cpus', 1, { principal: 'me' });
    service.master.frameworks = [
      framework('F1', 'store', 'shared', { roles: ['shared', 'store-role'], principal: 'me' }),
      framework('F2', 'neighbour', 'shared', { active: false }),
    ];
    service.master.reserved = {
      A1: {
        shared: [reservedResource('shared', 'cpus', 1)],
        'store-role': [
          own,
          reservedResource('store-role', 'mem', 1, { type: 'STATIC' }),
          reservedResource('store-role', 'disk', 1, { principal: 'somebody', volume: 'theirs' }),
        ],
      },
    };
    expect((await uninstall(service)).status).toBe(200);
    expect(service.master.reserved.A1?.shared).toHaveLength(1);
    expect(service.master.reserved.A1?.['store-role']?.map(({ name }) => name)).toEqual(['mem', 'disk']);
    expect(service.master.calls).toEqual(['TEARDOWN', 'UNRESERVE_RESOURCES']);
  });

  it('frees what a framework left behind that has ended by itself', async () => {
    const service = await startTestService();
    await installFramework(service);
    service.master.completed = [framework('F1', 'store', 'store-role')];
    service.master.frameworks = [];
    expect((await uninstall(service)).status).toBe(200);
    expect(reservedRoles(service)).toEqual({ A1: ['other-role'], A2: [] });
  });

  it('tears down services that the SDK of DC/OS has labelled', async () => {
    const service = await startTestService();
    await installFramework(service);
    const labels = service.marathon.apps.get('/store')?.labels ?? {};
    delete labels.DCOS_PACKAGE_FRAMEWORK_NAME;
    labels.DCOS_COMMONS_UNINSTALL = 'true';
    expect((await uninstall(service)).status).toBe(200);
    expect(service.master.frameworks.map(({ id }) => id)).toEqual(['F0']);
  });

  it('tears down nothing when several frameworks have the name', async () => {
    const service = await startTestService();
    await installFramework(service);
    service.master.frameworks.push(framework('F2', 'store', 'store-role'));
    expect(await uninstall(service)).toMatchObject({
      status: 400,
      body: { type: 'MultipleFrameworkIds', data: { frameworkName: 'store', ids: ['F1', 'F2'] } },
    });
    expect(service.master.calls).toEqual([]);
    expect(service.marathon.apps.size).toBe(0);
  });

  it('fails when Marathon refuses', async () => {
    const service = await startTestService();
    await installFramework(service);
    service.marathon.refuse = { status: 403, body: { message: 'Not authorized' } };
    expect(await uninstall(service)).toMatchObject({
      status: 400,
      body: { type: 'MarathonAppDeleteError', data: { appId: '/store' } },
    });
    expect(service.master.frameworks).toHaveLength(2);
    service.marathon.refuse = undefined;
    expect((await uninstall(service)).status).toBe(200);
  });

  it('goes on after a restart, though the app is gone and the master was away', async () => {
    const folder = await temporaryFolder();
    const store = openStore(join(folder, 'store'));
    const service = await startTestService({ store: store.within('packages') });
    onTestFinished(() => store.close());
    await installFramework(service);
    await service.master.close();
    const cutShort = uninstall(service).catch(() => undefined);
    await waitFor('the app is removed', () => service.marathon.apps.size === 0);
    await service.restart();
    await cutShort;
    expect(service.master.frameworks).toHaveLength(2);
    await service.master.reopen();
    // Asked again, it waits for the same end.
    const { body } = await uninstall(service);
    expect(body.results).toEqual([
      expect.objectContaining({ appId: '/store', uninstall: expect.objectContaining({ state: 'DONE' }) }),
    ]);
    expect(service.master.frameworks.map(({ id }) => id)).toEqual(['F0']);
    expect(reservedRoles(service)).toEqual({ A1: ['other-role'], A2: [] });
    expect((await uninstall(service)).body.type).toBe('PackageNotInstalled');
  });

  it('says that it is incomplete while the master is away, and completes by itself', async () => {
    const service = await startTestService({ clock: hastyClock });
    await installFramework(service);
    await service.master.close();
    const { status, body } = await uninstall(service);
    expect(status).toBe(503);
    expect(body).toMatchObject({
      type: 'IncompleteUninstall',
      message: expect.stringMatching(/it goes on by itself: Mesos at http/),
      data: { packageName: 'store', status: 503 },
    });
    await service.master.reopen();
    await waitFor('it is done', async () => {
      const { body: listed } = await service.get('/package/uninstalls');
      return listed.uninstalls[0].uninstall.state === 'DONE';
    });
    expect(service.master.frameworks.map(({ id }) => id)).toEqual(['F0']);
  });
});
