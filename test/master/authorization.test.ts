import { describe, expect, it } from 'vitest';
import { openStream, request } from '../../src/http/client.ts';
import { readAcls } from '../../src/mesos/acls/read-acls.ts';
import { systemClock } from '../../src/runtime/clock.ts';
import { authenticator } from '../../src/security/authenticator.ts';
import { masterRealms } from '../../src/security/realms.ts';
import { startTestMaster } from './support/cluster.ts';
import { subscribe } from './support/scheduler.ts';

const CREDENTIALS = ['alice', 'bob', 'root'].map((principal) => ({ principal, secret: 'pw' }));

const some = (...values: string[]): object => ({ values });
const NONE = { type: 'NONE' };
const ANY = { type: 'ANY' };
/** Root everything, bob nothing that an action is about. */
const notBob = (object: string): object[] => [{ principals: some('bob'), [object]: NONE }];

const ACLS = {
  teardown_frameworks: notBob('framework_principals'),
  reserve_resources: notBob('roles'),
  create_volumes: notBob('roles'),
  destroy_volumes: notBob('creator_principals'),
  unreserve_resources: notBob('reserver_principals'),
  resize_volumes: notBob('roles'),
  update_quotas: [{ principals: some('bob'), roles: some('bobs') }, ...notBob('roles')],
  get_quotas: [{ principals: some('bob'), roles: some('bobs') }, ...notBob('roles')],
  update_weights: notBob('roles'),
  view_roles: [{ principals: some('bob'), roles: some('bobs') }, ...notBob('roles')],
  view_frameworks: [{ principals: some('bob'), users: some('bob') }, ...notBob('users')],
  view_flags: notBob('flags'),
  get_endpoints: notBob('paths'),
  set_log_level: notBob('level'),
  access_mesos_logs: notBob('logs'),
  register_agents: notBob('agents'),
  mark_agents_gone: notBob('agents'),
  drain_agents: notBob('agents'),
  deactivate_agents: notBob('agents'),
  reactivate_agents: notBob('agents'),
  update_maintenance_schedules: notBob('machines'),
  get_maintenance_schedules: [
    { principals: some('bob'), machines: some('bobs-machine') },
    ...notBob('machines'),
  ],
  get_maintenance_statuses: [
    { principals: some('bob'), machines: some('bobs-machine') },
    ...notBob('machines'),
  ],
  start_maintenances: [{ principals: some('bob'), machines: some('bobs-machine') }, ...notBob('machines')],
  stop_maintenances: notBob('machines'),
  run_tasks: [{ principals: ANY, users: ANY }],
};

const start = async () => {
  const authenticate = authenticator({
    realms: masterRealms,
    demanded: new Set(['readonly', 'readwrite', 'agents']),
    credentials: CREDENTIALS,
    clock: systemClock,
  });
  const { url } = await startTestMaster({
    access: { authenticate },
    flags: { acls: readAcls(JSON.stringify(ACLS)) },
    // Any file does as a log.
    logFile: import.meta.filename,
  });
  const send = async (
    who: string,
    path: string,
    body?: string,
  ): Promise<{ status: number; text: string }> => {
    const { status, body: answer } = await request({
      method: body === undefined ? 'GET' : 'POST',
      url: `${url}${path}`,
      headers: {
        Authorization: `Basic ${Buffer.from(`${who}:pw`).toString('base64')}`,
        'Content-Type': body?.startsWith('{') ? 'application/json' : 'application/x-www-form-urlencoded',
        Accept: 'application/json',
      },
      ...(body === undefined ? {} : { body }),
    });
    return { status, text: answer.toString() };
  };
  const call = (who: string, type: string, more: object = {}) =>
    send(who, '/api/v1', JSON.stringify({ type, ...more }));
  return { url, send, call };
};

const BASIC_ROOT = `Basic ${Buffer.from('root:pw').toString('base64')}`;
const AN_AGENT = {
  agent_info: { hostname: 'one', resources: [{ name: 'cpus', type: 'SCALAR', scalar: { value: 1 } }] },
  address: { hostname: 'one', ip: '127.0.0.1', port: 5051 },
  version: '1.11.1',
};
const AGENT = { agent_id: { value: 'S0' } };
const RESOURCES = [{ name: 'cpus', type: 'SCALAR', scalar: { value: 1 }, role: 'eng' }];
const WINDOWS = {
  windows: [{ machine_ids: [{ hostname: 'a' }], unavailability: { start: { nanoseconds: 1 } } }],
};
const VOLUME = { volume: RESOURCES[0], addition: RESOURCES[0] };

const FORBIDDEN_CALLS: [type: string, body: object][] = [
  ['GET_FLAGS', {}],
  ['GET_METRICS', { get_metrics: {} }],
  ['SET_LOGGING_LEVEL', { set_logging_level: { level: 1, duration: { nanoseconds: 1e9 } } }],
  ['LIST_FILES', { list_files: { path: '/master/log' } }],
  ['READ_FILE', { read_file: { path: '/master/log', offset: 0 } }],
  ['UPDATE_MAINTENANCE_SCHEDULE', { update_maintenance_schedule: { schedule: WINDOWS } }],
  ['START_MAINTENANCE', { start_maintenance: { machines: [{ hostname: 'a' }] } }],
  ['STOP_MAINTENANCE', { stop_maintenance: { machines: [{ hostname: 'a' }] } }],
  ['UPDATE_QUOTA', { update_quota: { quota_configs: [{ role: 'eng' }] } }],
  ['UPDATE_WEIGHTS', { update_weights: { weight_infos: [{ role: 'eng', weight: 2 }] } }],
  ['MARK_AGENT_GONE', { mark_agent_gone: AGENT }],
  ['DRAIN_AGENT', { drain_agent: AGENT }],
  ['DEACTIVATE_AGENT', { deactivate_agent: AGENT }],
  ['REACTIVATE_AGENT', { reactivate_agent: AGENT }],
  ['RESERVE_RESOURCES', { reserve_resources: { ...AGENT, resources: RESOURCES } }],
  ['UNRESERVE_RESOURCES', { unreserve_resources: { ...AGENT, resources: RESOURCES } }],
  ['CREATE_VOLUMES', { create_volumes: { ...AGENT, volumes: RESOURCES } }],
  ['DESTROY_VOLUMES', { destroy_volumes: { ...AGENT, volumes: RESOURCES } }],
  ['GROW_VOLUME', { grow_volume: { ...AGENT, ...VOLUME } }],
  ['SUBSCRIBE', {}],
];

describe('the operator API under ACLs', () => {
  it('refuses every call that changes or shows what somebody may not, and lets others do it', async () => {
    const { call } = await start();
    for (const [type, body] of FORBIDDEN_CALLS) {
      expect([type, await call('bob', type, body)]).toEqual([type, { status: 403, text: '403 Forbidden.' }]);
      if (type !== 'SUBSCRIBE')
        expect([type, (await call('root', type, body)).status]).not.toEqual([type, 403]);
    }
  });

  it('refuses the same by the older paths', async () => {
    const { send } = await start();
    for (const path of [
      '/flags',
      '/master/flags',
      '/metrics/snapshot',
      '/metrics/prometheus',
      '/logging/toggle',
      '/files/debug',
      '/files/browse?path=/master/log',
      '/files/read?path=/master/log',
      '/files/download?path=/master/log',
    ]) {
      expect([path, await send('bob', path)]).toEqual([path, { status: 403, text: '403 Forbidden.' }]);
      expect([path, (await send('root', path)).status]).toEqual([path, 200]);
    }
    expect((await send('bob', '/machine/down', '[{"hostname":"a"}]')).status).toBe(403);
    const form = `slaveId=S0&resources=${encodeURIComponent(JSON.stringify(RESOURCES))}`;
    expect((await send('bob', '/reserve', form)).status).toBe(403);
    expect((await send('root', '/reserve', form)).status).toBe(400);
  });

  it('tells what may be changed by its name', async () => {
    const { call } = await start();
    const update = (role: string) => ({
      update_quota: { quota_configs: [{ role, limits: { cpus: { value: 1 } } }] },
    });
    expect((await call('bob', 'UPDATE_QUOTA', update('bobs'))).status).toBe(200);
    expect((await call('bob', 'UPDATE_QUOTA', update('eng'))).status).toBe(403);
    expect((await call('root', 'UPDATE_QUOTA', update('eng'))).status).toBe(200);
    const rolesFor = async (who: string) => (await call(who, 'GET_QUOTA')).text.match(/bobs|eng/g);
    expect(new Set(await rolesFor('bob'))).toEqual(new Set(['bobs']));
    expect(new Set(await rolesFor('root'))).toEqual(new Set(['bobs', 'eng']));
    const machines = (hostname: string) => ({ start_maintenance: { machines: [{ hostname }] } });
    expect((await call('bob', 'START_MAINTENANCE', machines('bobs-machine'))).status).toBe(400);
    expect((await call('bob', 'START_MAINTENANCE', machines('other'))).status).toBe(403);
  });

  it('shows frameworks, roles and flags to those who may see them', async () => {
    const { url, send, call } = await start();
    const framework = {
      user: 'web',
      name: 'hidden',
      roles: ['eng'],
      capabilities: [{ type: 'MULTI_ROLE' as const }],
    };
    await subscribe(url, framework);
    await subscribe(url, { ...framework, user: 'bob', name: 'shown', roles: ['bobs'] });
    for (const path of ['/state', '/frameworks', '/state-summary', '/roles', '/master/state.json']) {
      const [seenByBob, seenByRoot] = [await send('bob', path), await send('root', path)];
      expect([path, seenByBob.status, /hidden|"eng"/.test(seenByBob.text)]).toEqual([path, 200, false]);
      expect([path, /hidden|"eng"/.test(seenByRoot.text)]).toEqual([path, true]);
      expect([path, /shown|"bobs"/.test(seenByBob.text)]).toEqual([path, true]);
    }
    expect(JSON.parse((await send('bob', '/state')).text).flags).toEqual({});
    for (const type of ['GET_STATE', 'GET_FRAMEWORKS', 'GET_ROLES']) {
      expect([type, /hidden|"eng"/.test((await call('bob', type)).text)]).toEqual([type, false]);
      expect([type, /hidden|"eng"/.test((await call('root', type)).text)]).toEqual([type, true]);
    }
  });

  it('shows the maintenance of machines to those who may see it', async () => {
    const { send, call } = await start();
    const unavailability = { start: { nanoseconds: 1 } };
    const window = (...hostnames: string[]) => ({
      machine_ids: hostnames.map((hostname) => ({ hostname })),
      unavailability,
    });
    const schedule = { windows: [window('a', 'bobs-machine'), window('b'), window('down')] };
    await call('root', 'UPDATE_MAINTENANCE_SCHEDULE', { update_maintenance_schedule: { schedule } });
    await call('root', 'START_MAINTENANCE', { start_maintenance: { machines: [{ hostname: 'down' }] } });
    const shown = { windows: [window('bobs-machine')] };
    const drains = { draining_machines: [{ id: { hostname: 'bobs-machine' } }] };
    expect(JSON.parse((await send('root', '/maintenance/schedule')).text)).toEqual(schedule);
    expect(JSON.parse((await send('bob', '/maintenance/schedule')).text)).toEqual(shown);
    expect(JSON.parse((await send('bob', '/maintenance/status')).text)).toEqual(drains);
    expect(JSON.parse((await call('bob', 'GET_MAINTENANCE_SCHEDULE')).text)).toMatchObject({
      get_maintenance_schedule: { schedule: shown },
    });
    const { get_maintenance_status } = JSON.parse((await call('bob', 'GET_MAINTENANCE_STATUS')).text);
    expect(get_maintenance_status.status.draining_machines).toHaveLength(1);
    expect(get_maintenance_status.status).not.toHaveProperty('down_machines.0');
  });

  it('takes agents of those who may have some', async () => {
    const { url, send } = await start();
    const subscribe = JSON.stringify({ type: 'SUBSCRIBE', subscribe: AN_AGENT });
    expect(await send('bob', '/api/v1/agent-link', subscribe)).toEqual({
      status: 403,
      text: '403 Forbidden.',
    });
    const { status, close } = await openStream({
      method: 'POST',
      url: `${url}/api/v1/agent-link`,
      headers: { Authorization: BASIC_ROOT, 'Content-Type': 'application/json' },
      body: subscribe,
    });
    close();
    expect(status).toBe(200);
  });

  it('lets nobody tear down the frameworks of others', async () => {
    const { url, send, call } = await start();
    const framework = {
      user: 'web',
      name: 'a',
      principal: 'alice',
      roles: ['eng'],
      capabilities: [{ type: 'MULTI_ROLE' as const }],
    };
    const { frameworkId } = await subscribe(url, framework);
    const teardown = { teardown: { framework_id: { value: frameworkId } } };
    expect((await call('bob', 'TEARDOWN', teardown)).status).toBe(403);
    expect((await send('bob', '/teardown', `frameworkId=${frameworkId}`)).status).toBe(403);
    expect((await call('bob', 'TEARDOWN', { teardown: { framework_id: { value: 'none' } } })).status).toBe(
      400,
    );
    expect((await call('alice', 'TEARDOWN', teardown)).status).toBe(200);
  });
});

describe('a master that asks those who change something who they are', () => {
  it.each([
    '/api/v1',
    '/api/v1/',
    '/api/v1//',
    '/api/v1/operator',
    '/master/api/v1/x',
    '/teardown//',
    '/teardown/x',
  ])('asks for it at %s, too', async (path) => {
    const authenticate = authenticator({
      realms: masterRealms,
      demanded: new Set(['readwrite']),
      credentials: CREDENTIALS,
      clock: systemClock,
    });
    const { url } = await startTestMaster({ access: { authenticate } });
    const { status } = await request({
      method: 'POST',
      url: `${url}${path}`,
      headers: { 'Content-Type': 'application/json' },
      body: '{"type":"GET_VERSION"}',
    });
    expect(status).toBe(401);
    expect((await request({ url: `${url}/state` })).status).toBe(200);
  });
});
