import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ApiError, isNotFound, orUndefinedIfMissing } from '../../src/clients/api-error.ts';
import { createMarathonClient, type MarathonClient } from '../../src/clients/marathon-client.ts';
import { type RecordingServer, startRecordingServer } from './recording-server.ts';

let server: RecordingServer;
let marathon: MarathonClient;

beforeEach(async () => {
  server = await startRecordingServer();
  marathon = createMarathonClient({ url: `${server.url}/` });
});

afterEach(() => server.close());

const errorOf = async (call: Promise<unknown>): Promise<ApiError> => {
  const error = await call.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  expect(error).toBeInstanceOf(ApiError);
  return error as ApiError;
};

const lastRequest = () => {
  const { method, target, body } = server.requests.at(-1) ?? { method: '', target: '', body: '' };
  return { method, target, body: body === '' ? undefined : JSON.parse(body) };
};

describe('requests', () => {
  const result = { version: '2026-01-02T03:04:05.678Z', deploymentId: 'dep-1' };

  it.each<[string, (client: MarathonClient) => Promise<unknown>, object]>([
    [
      'getApps',
      (client) => client.getApps({ label: 'a==b' }),
      { method: 'GET', target: '/v2/apps?label=a%3D%3Db' },
    ],
    ['getApp', (client) => client.getApp('/a/b c/'), { method: 'GET', target: '/v2/apps/a/b%20c' }],
    [
      'createApp',
      (client) => client.createApp({ id: '/a', unknown: [1] }),
      { method: 'POST', target: '/v2/apps', body: { id: '/a', unknown: [1] } },
    ],
    [
      'updateApp',
      (client) => client.updateApp('a', { mem: 2 }, { force: true }),
      { method: 'PUT', target: '/v2/apps/a?force=true', body: { mem: 2 } },
    ],
    ['deleteApp', (client) => client.deleteApp('a'), { method: 'DELETE', target: '/v2/apps/a?force=false' }],
    [
      'restartApp',
      (client) => client.restartApp('a'),
      { method: 'POST', target: '/v2/apps/a/restart', body: {} },
    ],
    [
      'killTasks',
      (client) => client.killTasks('a', { host: 'h', wipe: true }),
      { method: 'DELETE', target: '/v2/apps/a/tasks?host=h&wipe=true' },
    ],
    [
      'killTasksAndScale',
      (client) => client.killTasksAndScale('a', { force: true }),
      { method: 'DELETE', target: '/v2/apps/a/tasks?force=true&scale=true' },
    ],
    [
      'rollbackDeployment',
      (client) => client.rollbackDeployment('d'),
      { method: 'DELETE', target: '/v2/deployments/d' },
    ],
    [
      'stopDeployment',
      (client) => client.stopDeployment('d'),
      { method: 'DELETE', target: '/v2/deployments/d?force=true' },
    ],
    [
      'getQueue',
      (client) => client.getQueue({ withUnusedOffers: true }),
      { method: 'GET', target: '/v2/queue?embed=lastUnusedOffers' },
    ],
    ['resetDelay', (client) => client.resetDelay('/a'), { method: 'DELETE', target: '/v2/queue/a/delay' }],
  ])('%s sends what Marathon expects', async (_name, call, expected) => {
    const body = { ...result, apps: [], app: {}, tasks: [], queue: [] };
    server.answers[`${(expected as { method: string }).method} ${pathOf(expected)}`] = { body };
    await call(marathon);
    expect(lastRequest()).toEqual({ body: undefined, ...expected });
  });

  const pathOf = (expected: object): string =>
    decodeURIComponent((expected as { target: string }).target.split('?')[0] ?? '');

  it('versions come newest first, in whatever order Marathon gives them', async () => {
    server.answers['GET /v2/apps/a/versions'] = {
      body: { versions: ['2026-01-01', '2026-03-01', '2026-02-01'] },
    };
    expect(await marathon.getVersions('a')).toEqual(['2026-03-01', '2026-02-01', '2026-01-01']);
  });

  it('carry the token to the cluster and follow no redirect with it', async () => {
    server.answers['GET /v2/deployments'] = { status: 307, headers: { Location: 'http://127.0.0.1:9/' } };
    const client = createMarathonClient({ url: server.url, token: 'secret' });
    const error = await errorOf(client.getDeployments());
    expect(server.requests[0]?.headers.authorization).toBe('token=secret');
    expect(error.status).toBe(307);
    expect(error.message).not.toContain('secret');
  });
});

describe('answers', () => {
  it('are passed on whole', async () => {
    const app = { id: '/a', somethingNew: { deep: [1, null, 'x'] } };
    server.answers['GET /v2/apps/a'] = { body: { app } };
    expect(await marathon.getApp('a')).toEqual(app);
  });

  it('of invalid definitions become details by path', async () => {
    server.answers['POST /v2/apps'] = {
      status: 422,
      body: {
        message: 'Object is not valid',
        details: [{ path: '/instances', errors: ['error.min', 'too few'] }],
      },
    };
    const error = await errorOf(marathon.createApp({}));
    expect(error).toMatchObject({
      kind: 'refused',
      api: 'Marathon',
      status: 422,
      message: 'Object is not valid',
      details: [
        { path: '/instances', message: 'error.min' },
        { path: '/instances', message: 'too few' },
      ],
    });
  });

  it('of a locked app name the deployments', async () => {
    server.answers['PUT /v2/apps/a'] = {
      status: 409,
      body: { message: 'App is locked', deployments: [{ id: 'dep-7' }] },
    };
    expect(await errorOf(marathon.updateApp('a', {}))).toMatchObject({
      status: 409,
      deploymentIds: ['dep-7'],
    });
  });

  it('that keep the details of bad JSON as a text are told whole', async () => {
    server.answers['POST /v2/apps'] = {
      status: 400,
      body: { message: 'Invalid JSON', details: 'at line 2' },
    };
    expect((await errorOf(marathon.createApp({}))).message).toBe('Invalid JSON: at line 2');
  });

  it('that are missing are told apart from other failures', async () => {
    server.answers['GET /v2/apps/a'] = { status: 404, body: { message: "App '/a' does not exist" } };
    expect(isNotFound(await errorOf(marathon.getApp('a')))).toBe(true);
    expect(await orUndefinedIfMissing(marathon.getApp('a'))).toBeUndefined();
    server.answers['GET /v2/apps/a'] = { status: 500, body: { message: 'broken' } };
    await expect(orUndefinedIfMissing(marathon.getApp('a'))).rejects.toThrow('broken');
  });

  it('that are pages of HTML are not shown', async () => {
    server.answers['GET /v2/deployments'] = { status: 502, body: '<html>Bad Gateway</html>' };
    const error = await errorOf(marathon.getDeployments());
    expect(error.message).toBe('Marathon answered 502 to GET /v2/deployments');
  });

  it('of another server are recognised', async () => {
    server.answers['GET /v2/deployments'] = { body: 'hello' };
    expect(await errorOf(marathon.getDeployments())).toMatchObject({ kind: 'foreign-answer', status: 200 });
  });
});

describe('without an answer', () => {
  it('says that nothing listens there', async () => {
    await server.close();
    const error = await errorOf(marathon.getDeployments());
    expect(error).toMatchObject({ kind: 'unreachable', status: undefined });
    expect(error.message).toBe(`Marathon at ${server.url} cannot be reached: nothing listens there`);
  });

  it('says that it took too long', async () => {
    server.answers['GET /v2/deployments'] = () => new Promise(() => undefined);
    const client = createMarathonClient({ url: server.url, timeoutMs: 50 });
    expect(await errorOf(client.getDeployments())).toMatchObject({ kind: 'timed-out' });
  });

  it('rejects with the reason of whoever aborted it', async () => {
    const controller = new AbortController();
    server.answers['GET /v2/deployments'] = () => {
      controller.abort(new Error('enough'));
      return new Promise(() => undefined);
    };
    const client = createMarathonClient({ url: server.url, signal: controller.signal });
    await expect(client.getDeployments()).rejects.toThrow('enough');
  });
});

describe('events', () => {
  it('come by their types, with what they carry', async () => {
    server.answers['GET /v2/events'] = {
      headers: { 'Content-Type': 'text/event-stream' },
      body: 'event: status_update_event\r\ndata: {"taskId":"t"}\r\n\r\n\r\nevent: deployment_success\ndata: {"id":"d"}\n\n',
    };
    const events = [];
    for await (const event of marathon.events(['a', 'b'])) events.push(event);
    expect(events).toEqual([
      { eventType: 'status_update_event', taskId: 't' },
      { eventType: 'deployment_success', id: 'd' },
    ]);
    expect(server.requests[0]?.target).toBe('/v2/events?event_type=a&event_type=b&plan-format=light');
  });

  it('that are refused are an error like any other', async () => {
    server.answers['GET /v2/events'] = { status: 503, body: { message: 'no leader' } };
    await expect(marathon.events().next()).rejects.toThrow('no leader');
  });
});
