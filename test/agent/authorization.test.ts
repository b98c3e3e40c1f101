import { symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { request } from '../../src/http/client.ts';
import { readAcls } from '../../src/mesos/acls/read-acls.ts';
import type { Call } from '../../src/mesos/generated/agent.ts';
import type { ContainerID } from '../../src/mesos/generated/mesos.ts';
import { systemClock } from '../../src/runtime/clock.ts';
import { authenticator } from '../../src/security/authenticator.ts';
import { agentRealms } from '../../src/security/realms.ts';
import { waitFor } from '../support/wait-for.ts';
import { shellTask } from './fake-master.ts';
import { startTestCluster, temporaryFolder } from './test-agent.ts';

/** As whom tasks run; bob is allowed the first. */
const [OWN, OTHER] = ['root', 'nobody'] as const;

const some = (...values: string[]): object => ({ values });
const NONE = { type: 'NONE' };
const BY_USER = [{ principals: some('bob'), users: some(OWN) }];
/** Root everything, bob nothing but what belongs to his user. */
const onlyOwn = (rules: readonly object[] = BY_USER): object[] => [
  ...rules,
  { principals: some('bob'), users: NONE },
];
const notBob = (object: string): object[] => [{ principals: some('bob'), [object]: NONE }];

const BY_USERS = [
  'view_tasks',
  'view_executors',
  'view_containers',
  'access_sandboxes',
  'launch_nested_containers_as_user',
  'launch_nested_containers_under_parent_with_user',
  'launch_nested_container_sessions_as_user',
  'launch_nested_container_sessions_under_parent_with_user',
  'wait_nested_containers',
  'kill_nested_containers',
  'remove_nested_containers',
  'attach_containers_input',
  'attach_containers_output',
];

const ACLS = {
  ...Object.fromEntries(BY_USERS.map((action) => [action, onlyOwn()])),
  // The framework has none.
  view_frameworks: onlyOwn([{ principals: some('bob'), users: some('') }]),
  launch_standalone_containers: notBob('users'),
  kill_standalone_containers: notBob('users'),
  wait_standalone_containers: notBob('users'),
  remove_standalone_containers: notBob('users'),
  view_standalone_containers: notBob('users'),
  view_flags: notBob('flags'),
  get_endpoints: notBob('paths'),
  set_log_level: notBob('level'),
  prune_images: notBob('images'),
  modify_resource_provider_configs: notBob('resource_providers'),
  mark_resource_providers_gone: notBob('resource_providers'),
  access_mesos_logs: notBob('logs'),
};

interface Reply {
  readonly status: number;
  readonly text: string;
}

const start = async () => {
  const authenticate = authenticator({
    realms: agentRealms,
    demanded: new Set(['readonly', 'readwrite']),
    credentials: ['bob', 'root'].map((principal) => ({ principal, secret: 'pw' })),
    clock: systemClock,
  });
  const logFile = join(await temporaryFolder(), 'agent.log');
  const cluster = await startTestCluster({
    access: { authenticate },
    acls: readAcls(JSON.stringify(ACLS)),
    logFile,
  });
  const send = async (who: string, path: string, body?: object): Promise<Reply> => {
    const { status, body: answer } = await request({
      method: body === undefined ? 'GET' : 'POST',
      url: `${cluster.agent.url}${path}`,
      headers: {
        Authorization: `Basic ${Buffer.from(`${who}:pw`).toString('base64')}`,
        'Content-Type': 'application/json',
        Accept: 'application/json',
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    return { status, text: answer.toString() };
  };
  const call = (who: string, body: Call | object): Promise<Reply> => send(who, '/api/v1', body);
  const run = async (id: string, user: string): Promise<{ container: ContainerID; sandbox: string }> => {
    const command = { value: 'echo said; exec sleep 1000', user };
    cluster.master.launch({ ...shellTask(id, ''), command });
    const status = await cluster.master.until(id, 'TASK_RUNNING');
    const container = status.container_status?.container_id;
    if (!container) throw new Error('the status names no container');
    const names = JSON.parse((await send('root', '/files/debug')).text) as Record<string, string>;
    const sandbox = Object.values(names).find((name) => name.includes(container.value)) ?? '';
    return { container, sandbox };
  };
  return { cluster, send, call, run, logFile };
};

const FORBIDDEN = { status: 403, text: '403 Forbidden.' };

describe('an agent with ACLs', { timeout: 60_000 }, () => {
  it('shows frameworks, tasks, executors and containers to those who may see their users', async () => {
    const { send, call, run } = await start();
    await run('own', OWN);
    await run('foreign', OTHER);
    const seen = async (who: string, ask: Promise<Reply>): Promise<string[]> => {
      const { status, text } = await ask;
      expect([who, status]).toEqual([who, 200]);
      return [...new Set(text.match(/own|foreign/g) ?? [])].filter((id) => text.includes(`"${id}"`)).sort();
    };
    for (const path of ['/state', '/slave(1)/state.json']) {
      expect([path, await seen('bob', send('bob', path))]).toEqual([path, ['own']]);
      expect([path, await seen('root', send('root', path))]).toEqual([path, ['foreign', 'own']]);
    }
    for (const type of ['GET_STATE', 'GET_TASKS', 'GET_EXECUTORS', 'GET_CONTAINERS']) {
      expect([type, await seen('bob', call('bob', { type }))]).toEqual([type, ['own']]);
      expect([type, await seen('root', call('root', { type }))]).toEqual([type, ['foreign', 'own']]);
    }
    expect(JSON.parse((await send('bob', '/state')).text).flags).toEqual({});
  });

  it('refuses what somebody may not look at or change, by every path', async () => {
    const { send, call } = await start();
    for (const path of [
      '/flags',
      '/slave(1)/flags',
      '/metrics/snapshot',
      '/metrics/prometheus',
      '/monitor/statistics',
      '/containers',
      '/containerizer/debug',
      '/files/debug',
    ]) {
      expect([path, await send('bob', path)]).toEqual([path, FORBIDDEN]);
      expect([path, (await send('root', path)).status]).toEqual([path, 200]);
    }
    for (const body of [
      { type: 'GET_FLAGS' },
      { type: 'GET_METRICS', get_metrics: {} },
      { type: 'SET_LOGGING_LEVEL', set_logging_level: { level: 0, duration: { nanoseconds: 1 } } },
      { type: 'PRUNE_IMAGES' },
      {
        type: 'REMOVE_RESOURCE_PROVIDER_CONFIG',
        remove_resource_provider_config: { type: 'no.such', name: 'n' },
      },
      {
        type: 'MARK_RESOURCE_PROVIDER_GONE',
        mark_resource_provider_gone: { resource_provider_id: { value: 'p' } },
      },
    ]) {
      expect([body.type, await call('bob', body)]).toEqual([body.type, FORBIDDEN]);
      expect([body.type, (await call('root', body)).status]).toEqual([body.type, 200]);
    }
  });

  it('gives files of a sandbox to those who may see its user, whatever path leads there', async () => {
    const { send, call, run, logFile } = await start();
    const own = await run('own', OWN);
    const foreign = await run('foreign', OTHER);
    await waitFor('the output', async () =>
      (await send('root', `/files/read?path=${foreign.sandbox}/stdout&offset=0`)).text.includes('said'),
    );
    symlinkSync(foreign.sandbox, join(own.sandbox, 'window'));
    for (const path of [`${foreign.sandbox}/stdout`, `${own.sandbox}/window/stdout`, '/slave/log']) {
      for (const verb of ['browse', 'read', 'download']) {
        const target = `/files/${verb}?path=${path}&offset=0`;
        expect([target, await send('bob', target)]).toEqual([target, { status: 403, text: '' }]);
      }
      for (const [type, body] of [
        ['LIST_FILES', { list_files: { path } }],
        ['READ_FILE', { read_file: { path, offset: 0 } }],
      ] as const) {
        expect([path, (await call('bob', { type, ...body })).status]).toEqual([path, 403]);
      }
    }
    const nothing = `${foreign.sandbox}/no-such-file`;
    expect((await send('bob', `/files/read?path=${nothing}&offset=0`)).status).toBe(403);
    expect((await send('bob', `/files/read?path=${own.sandbox}/stdout&offset=0`)).text).toContain('said');
    expect((await send('root', `/files/browse?path=${own.sandbox}/window`)).text).toContain('stdout');
    expect(JSON.parse((await send('root', '/files/debug')).text)['/slave/log']).toBe(logFile);
  });

  it('runs commands in containers, and touches them, only for those who may', async () => {
    const { call, run } = await start();
    const own = await run('own', OWN);
    const foreign = await run('foreign', OTHER);
    const session = (parent: ContainerID, value: string, user?: string) => ({
      type: 'LAUNCH_NESTED_CONTAINER_SESSION',
      launch_nested_container_session: {
        container_id: { value, parent },
        command: { value: 'echo hello', ...(user === undefined ? {} : { user }) },
      },
    });
    expect(await call('bob', session(foreign.container, 's1'))).toEqual(FORBIDDEN);
    expect(await call('bob', session(own.container, 's2', OTHER))).toEqual(FORBIDDEN);
    expect((await call('bob', session(own.container, 's3'))).text).toContain('aGVsbG8K');
    expect((await call('root', session(foreign.container, 's4'))).text).toContain('aGVsbG8K');
    const { container: parent } = foreign;
    const container_id = { value: 'other', parent };
    for (const body of [
      {
        type: 'LAUNCH_NESTED_CONTAINER',
        launch_nested_container: { container_id, command: { value: 'true' } },
      },
      { type: 'KILL_NESTED_CONTAINER', kill_nested_container: { container_id } },
      { type: 'KILL_CONTAINER', kill_container: { container_id } },
      { type: 'WAIT_NESTED_CONTAINER', wait_nested_container: { container_id } },
      { type: 'REMOVE_CONTAINER', remove_container: { container_id } },
      { type: 'ATTACH_CONTAINER_OUTPUT', attach_container_output: { container_id: parent } },
      {
        type: 'LAUNCH_CONTAINER',
        launch_container: { container_id: { value: 'alone' }, command: { value: 'true' } },
      },
      { type: 'KILL_CONTAINER', kill_container: { container_id: { value: 'alone' } } },
    ]) {
      expect([body.type, await call('bob', body)]).toEqual([body.type, FORBIDDEN]);
    }
  });

  it('still says what is wrong with a call before it says that it is forbidden', async () => {
    const { call } = await start();
    const bad = await call('bob', {
      type: 'KILL_CONTAINER',
      kill_container: { container_id: { value: 'a/b' } },
    });
    expect([bad.status, bad.text]).toEqual([400, expect.stringContaining('contains invalid characters')]);
    expect((await call('bob', { type: 'KILL_CONTAINER' })).status).toBe(400);
  });
});
