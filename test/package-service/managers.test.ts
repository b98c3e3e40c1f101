import { describe, expect, it, onTestFinished } from 'vitest';
import { readJson } from '../../src/http/body.ts';
import { send } from '../../src/http/respond.ts';
import { Router } from '../../src/http/router.ts';
import { startServer } from '../../src/http/server.ts';
import { silentLog } from '../../src/runtime/log.ts';
import { revisionFiles } from '../universe/repository-files.ts';
import { startTestService, type TestService } from './test-service.ts';

interface Manager {
  service: TestService;
  /** What it was asked, in turn. */
  asked: { path: string; headers: Record<string, unknown>; body: unknown }[];
  answer: { status: number; body: string };
}

/** A service with the package `managed`, whose manager `kube` runs as an app of that id. */
const startWithManager = async (): Promise<Manager> => {
  const service = await startTestService();
  const manager: Manager = {
    service,
    asked: [],
    answer: { status: 200, body: '{"packageName":"managed","n":1}' },
  };
  const router = new Router().on('POST', '/*path', async ({ request, response }) => {
    const { url = '', headers } = request;
    manager.asked.push({ path: url, headers, body: await readJson(request) });
    send(response, manager.answer.status, manager.answer.body);
  });
  const server = await startServer({ router, log: silentLog });
  onTestFinished(() => server.close());
  const { port } = new URL(server.url);
  service.marathon.apps.set('/kube', {
    id: '/kube',
    labels: { DCOS_SERVICE_PORT_INDEX: '1' },
    tasks: [
      { id: 'dying', state: 'TASK_KILLING', host: '127.0.0.1', ports: [1, 1] },
      { id: 'running', state: 'TASK_RUNNING', host: '127.0.0.1', ports: [1, Number(port)] },
    ],
  });
  const managed = { packagingVersion: '5.0', version: '2', manager: { packageName: 'kube' } };
  await service.addFiles({
    ...revisionFiles('managed', 0, { packagingVersion: '5.0', version: '1' }),
    ...revisionFiles('managed', 1, managed),
  });
  return manager;
};

describe('a package with a manager of its own', () => {
  it('is installed by that, with the request as it was and who asked', async () => {
    const { service, asked } = await startWithManager();
    const request = { packageName: 'managed', packageVersion: '2', options: { a: 1 }, appId: 'x' };
    const headers = { Authorization: 'token=abc', 'X-Forwarded-Proto': 'https' };
    const { status, body } = await service.post('/package/install', request, { version: 2, headers });
    expect({ status, body }).toEqual({ status: 200, body: { packageName: 'managed', n: 1 } });
    expect(asked).toEqual([
      {
        path: '/package/install',
        headers: expect.objectContaining({
          'content-type': 'application/vnd.dcos.package.install-request+json;charset=utf-8;version=v1',
          accept: 'application/vnd.dcos.package.install-response+json;charset=utf-8;version=v2',
          authorization: 'token=abc',
          'x-forwarded-proto': 'https',
        }),
        body: request,
      },
    ]);
    expect(service.marathon.changes).toEqual([]);
  });

  it('is described, updated and uninstalled by it, with name and version filled in', async () => {
    const { service, asked } = await startWithManager();
    const { post } = service;
    const running = { packageName: 'managed', packageVersion: '2' };
    await post('/service/describe', { appId: 'x', ...running });
    await post('/service/update', {
      appId: 'x',
      packageName: 'managed',
      currentPackageVersion: '2',
      packageVersion: '3',
      replace: true,
    });
    await post('/package/uninstall', { packageName: 'managed', appId: 'x' });
    expect(asked.map(({ path, body }) => [path, body])).toEqual([
      ['/service/describe', { appId: 'x', ...running }],
      [
        '/service/update',
        {
          appId: 'x',
          packageName: 'managed',
          currentPackageVersion: '2',
          packageVersion: '3',
          replace: true,
        },
      ],
      ['/package/uninstall', { packageName: 'managed', appId: 'x', packageVersion: '2' }],
    ]);
  });

  it('goes to the manager that a request names, whose name is not passed on', async () => {
    const { service, asked } = await startWithManager();
    await service.post('/package/install', { packageName: 'hello', managerId: 'kube' });
    expect(asked.map(({ body }) => body)).toEqual([{ packageName: 'hello' }]);
  });

  it('of a version without a manager runs in Marathon, and is uninstalled there', async () => {
    const { service, asked } = await startWithManager();
    await service.post('/package/install', { packageName: 'managed', packageVersion: '1' });
    expect([...service.marathon.apps.keys()]).toEqual(['/kube', '/managed']);
    await service.post('/package/uninstall', { packageName: 'managed' });
    expect([...service.marathon.apps.keys()]).toEqual(['/kube']);
    expect(asked).toEqual([]);
  });
});

describe('a manager that fails', () => {
  const install = ({ service }: Manager) => service.post('/package/install', { packageName: 'managed' });

  it.each([
    [404, 400, 'CustomPackageManagerNotFound', { managerId: 'kube' }],
    [409, 409, 'ServiceAlreadyStarted', undefined],
    [422, 400, 'CustomPackageManagerError', { managerId: 'kube', statusCode: 422, responseContent: 'no' }],
    [500, 400, 'CustomPackageManagerError', { managerId: 'kube', statusCode: 500, responseContent: 'no' }],
    [200, 400, 'CustomPackageManagerError', { managerId: 'kube', statusCode: 200, responseContent: 'no' }],
  ])('by answering %d is told of with %d %s', async (answered, status, type, data) => {
    const manager = await startWithManager();
    manager.answer = { status: answered, body: 'no' };
    const { status: given, body } = await install(manager);
    expect({ status: given, type: body.type, data: body.data }).toEqual({ status, type, data });
  });

  it('by not being there, not running or not answering is told of too', async () => {
    const manager = await startWithManager();
    const { apps } = manager.service.marathon;
    const data = { serviceName: 'kube', status: 503 };
    const unavailable = { status: 503, body: { type: 'ServiceUnavailable', data } };
    apps.set('/kube', {
      id: '/kube',
      tasks: [{ id: 'deaf', state: 'TASK_RUNNING', host: '127.0.0.1', ports: [1] }],
    });
    expect(await install(manager)).toMatchObject(unavailable);
    apps.set('/kube', { id: '/kube', tasks: [] });
    expect(await install(manager)).toMatchObject(unavailable);
    apps.delete('/kube');
    expect((await install(manager)).body).toMatchObject({
      type: 'CustomPackageManagerNotFound',
      data: { managerId: 'kube' },
    });
  });
});
