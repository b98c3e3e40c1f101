import { mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { request } from '../../../src/http/client.ts';
import { Router } from '../../../src/http/router.ts';
import { startServer } from '../../../src/http/server.ts';
import { renderMarathonError } from '../../../src/marathon/api/render-error.ts';
import { addSecretRoutes } from '../../../src/marathon/api/secret-routes.ts';
import { buildTask } from '../../../src/marathon/core/task/build-task.ts';
import { withSecrets } from '../../../src/marathon/secrets/resolve-secrets.ts';
import { fileSecretStore, isSecretPath } from '../../../src/marathon/secrets/secret-store.ts';
import { silentLog } from '../../../src/runtime/log.ts';
import { seededRandom } from '../../../src/runtime/random.ts';
import type { SchedulerCall } from '../../../src/sdk/scheduler-connection.ts';
import { appOf } from '../core/app-of.ts';

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'plenum-secrets-'));
});

afterEach(() => rmSync(folder, { recursive: true, force: true }));

describe('the store of secrets', () => {
  it('keeps each in a file that only its owner can read', () => {
    const store = fileSecretStore(join(folder, 'secrets'));
    store.put('db/password', 'hush');
    const [file = ''] = readdirSync(join(folder, 'secrets'));
    expect(statSync(join(folder, 'secrets', file)).mode & 0o777).toBe(0o600);
    expect(statSync(join(folder, 'secrets')).mode & 0o777).toBe(0o700);
    expect(fileSecretStore(join(folder, 'secrets')).get('db/password')).toBe('hush');
    expect(store.paths()).toEqual(['db/password']);
    expect(store.remove('db/password')).toBe(true);
    expect(store.remove('db/password')).toBe(false);
    expect(store.get('db/password')).toBeUndefined();
  });

  it.each(['', '/', '..', 'a/../b', 'a//b', '.hidden', 'a b', 'x'.repeat(81), 'a/%2e%2e'])(
    'takes no path %j',
    (path) => {
      expect(isSecretPath(path)).toBe(false);
      expect(fileSecretStore(folder).get(path)).toBeUndefined();
    },
  );
});

describe('launches', () => {
  const app = appOf({
    id: '/a',
    env: { PASSWORD: { secret: 'password' }, OTHER: { secret: 'other' } },
    secrets: { password: { source: 'db/password' }, other: { source: 'unknown' } },
    container: {
      type: 'MESOS',
      docker: {
        image: 'a',
        forcePullImage: false,
        privileged: false,
        parameters: [],
        pullConfig: { secret: 'password' },
      },
      volumes: [{ containerPath: 'file', secret: 'password' }],
    },
  });
  const launch = (): SchedulerCall => ({
    type: 'ACCEPT',
    accept: {
      offer_ids: [{ value: 'O1' }],
      operations: [
        {
          type: 'LAUNCH',
          launch: {
            task_infos: [
              buildTask({
                app,
                taskId: 'a.1',
                agentId: 'S0',
                hostname: 'host',
                resources: [],
                hostPorts: [],
                isRoleEnforced: false,
                envVarsPrefix: '',
                bridgeName: 'bridge',
                random: seededRandom(1),
              }),
            ],
          },
        },
      ],
    },
  });

  it('carry the values of secrets to the master, and nothing else does', async () => {
    const store = fileSecretStore(folder);
    store.put('db/password', 'hush');
    const sent: SchedulerCall[] = [];
    const connection = withSecrets(
      {
        isConnected: true,
        frameworkId: 'F',
        call: async (call) => void sent.push(call),
        close: async () => undefined,
      },
      store,
    );
    const call = launch();
    const before = structuredClone(call);
    await connection.call(call);
    expect(call).toEqual(before);
    const [accept] = sent;
    const [operation] = accept?.type === 'ACCEPT' ? (accept.accept.operations ?? []) : [];
    const [task] = operation?.type === 'LAUNCH' ? (operation.launch.task_infos ?? []) : [];
    const value = { type: 'VALUE', value: { data: Buffer.from('hush').toString('base64') } };
    const variables = task?.command?.environment?.variables ?? [];
    expect(variables.find(({ name }) => name === 'PASSWORD')?.secret).toEqual(value);
    expect(variables.find(({ name }) => name === 'OTHER')?.secret).toEqual({
      type: 'REFERENCE',
      reference: { name: 'unknown' },
    });
    expect(task?.container?.volumes?.[0]?.source?.secret).toEqual(value);
    expect(task?.container?.mesos?.image?.docker?.config).toEqual(value);
  });
});

describe('/secrets/v1/secret/default', () => {
  it('creates, changes, lists, shows and deletes secrets as DC/OS does', async () => {
    const router = new Router();
    addSecretRoutes(
      (method, pattern, handler) => void router.on(method, pattern, handler),
      fileSecretStore(folder),
    );
    const server = await startServer({
      router,
      log: silentLog,
      host: '127.0.0.1',
      port: 0,
      renderError: renderMarathonError,
    });
    const call = async (method: string, path: string, body?: unknown): Promise<[number, unknown]> => {
      const { status, body: answer } = await request({
        method,
        url: `${server.url}/secrets/v1/secret/default${path}`,
        headers: { 'Content-Type': 'application/json' },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      });
      const text = answer.toString();
      return [status, text === '' ? '' : JSON.parse(text)];
    };
    try {
      expect(await call('PUT', '/db/password', { value: 'hush' })).toEqual([201, '']);
      expect((await call('PUT', '/db/password', { value: 'other' }))[0]).toBe(409);
      expect((await call('PUT', '/db/%20x', { value: 'x' }))[0]).toBe(422);
      expect((await call('PUT', '/key', { value: 7 }))[0]).toBe(422);
      expect((await call('PUT', '/key', { value: 'k' }))[0]).toBe(201);
      expect(await call('GET', '/?list=true')).toEqual([200, { array: ['db/password', 'key'] }]);
      expect(await call('GET', '/db?list=true')).toEqual([200, { array: ['db/password'] }]);
      expect(await call('PATCH', '/db/password', { value: 'new' })).toEqual([204, '']);
      expect(await call('GET', '/db/password')).toEqual([200, { value: 'new' }]);
      expect((await call('PATCH', '/none', { value: 'new' }))[0]).toBe(404);
      expect(await call('DELETE', '/db/password')).toEqual([204, '']);
      expect((await call('GET', '/db/password'))[0]).toBe(404);
    } finally {
      await server.close();
    }
  });
});
