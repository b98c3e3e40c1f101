import { afterEach, describe, expect, it } from 'vitest';
import { withDown, withSchedule } from '../../../src/master/core/maintenance-schedule.ts';
import type { MasterState } from '../../../src/master/core/state.ts';
import type { Call, Response } from '../../../src/mesos/generated/master.ts';
import { emptyState, golden, stateOf } from './sample-state.ts';
import { startTestMasterApi, type TestMasterApi } from './test-master-api.ts';

let api: TestMasterApi;
const start = async (state: MasterState = emptyState()): Promise<TestMasterApi> => {
  api = await startTestMasterApi(state);
  return api;
};
afterEach(() => api.close());

const AGENT = { agent_id: { value: 'S0' } };
const DISK = { name: 'disk', type: 'SCALAR', scalar: { value: 64 } };
const SYNTAX = 'syntax error at line 1 near: ';
const CONTENT_TYPE = "Expecting 'Content-Type' of application/json or application/x-protobuf";
const ACCEPT = "Expecting 'Accept' to allow 'application/x-protobuf' or 'application/json'";
const missing = (field: string): string =>
  `Failed to validate master::Call: Expecting '${field}' to be present`;
const applied = (operation: object): object => ({ type: 'apply-operation', agentId: 'S0', operation });

describe('a call that the master cannot read', () => {
  it.each<[string, string, Record<string, string>, number, string]>([
    ['with an empty type', '{"type":"GET_HEALTH"}', { 'Content-Type': '' }, 415, CONTENT_TYPE],
    ['as text', '{"type":"GET_HEALTH"}', { 'Content-Type': 'text/plain' }, 415, CONTENT_TYPE],
    [
      'with a charset',
      '{"type":"GET_HEALTH"}',
      { 'Content-Type': 'application/json; charset=utf-8' },
      415,
      CONTENT_TYPE,
    ],
    ['whose answer may only be HTML', '{"type":"GET_HEALTH"}', { Accept: 'text/html' }, 406, ACCEPT],
    [
      'whose answer may only be records',
      '{"type":"GET_HEALTH"}',
      { Accept: 'application/recordio' },
      406,
      ACCEPT,
    ],
    ['that is empty', '', {}, 400, `Failed to parse body into JSON: ${SYNTAX}`],
    ['that ends too early', '{"type": "GET_', {}, 400, `Failed to parse body into JSON: ${SYNTAX}`],
    [
      'that is a list',
      '[1,2]',
      {},
      400,
      'Failed to convert JSON into Call protobuf: Expecting a JSON object',
    ],
    ['of a type that nobody knows', '{"type":"NO_SUCH"}', {}, 400, missing('type')],
    ['without its body', '{"type":"READ_FILE"}', {}, 400, missing('read_file')],
    ['for metrics without its body', '{"type":"GET_METRICS"}', {}, 400, missing('get_metrics')],
    ['of the type UNKNOWN', '{"type":"UNKNOWN"}', {}, 501, '501 Not Implemented.'],
  ])('%s is refused in the words of Mesos', async (_what, body, headers, status, text) => {
    const { call } = await start();
    const answer = await call(body, headers);
    expect([answer.status, answer.body.toString()]).toEqual([status, text]);
    expect(answer.headers['content-type']).toBe('text/plain; charset=utf-8');
  });

  it('is refused when it says nothing of its type', async () => {
    const { send } = await start();
    const answer = await send('POST', '/api/v1', '{"type":"GET_HEALTH"}');
    expect([answer.status, answer.body.toString()]).toEqual([400, "Expecting 'Content-Type' to be present"]);
  });

  it('is refused with the methods that would do when it is no POST', async () => {
    const { get } = await start();
    const answer = await get('/api/v1');
    expect([answer.status, answer.headers.allow, answer.body.toString()]).toEqual([
      405,
      'POST',
      "405 Method Not Allowed. Expecting one of { 'POST' }, but received 'GET'.",
    ]);
  });
});

describe('a call that asks', () => {
  it.each<[Call['type'], object]>([
    ['GET_HEALTH', { get_health: { healthy: true } }],
    ['GET_VERSION', { get_version: { version_info: { version: '1.11.1' } } }],
    [
      'GET_FLAGS',
      {
        get_flags: {
          flags: [
            { name: 'cluster', value: 'golden' },
            { name: 'port', value: '5050' },
          ],
        },
      },
    ],
    ['GET_LOGGING_LEVEL', { get_logging_level: { level: 0 } }],
    ['GET_OPERATIONS', { get_operations: {} }],
    ['GET_ROLES', { get_roles: {} }],
    ['GET_QUOTA', { get_quota: { status: {} } }],
    ['GET_MAINTENANCE_STATUS', { get_maintenance_status: { status: {} } }],
    ['GET_MAINTENANCE_SCHEDULE', { get_maintenance_schedule: { schedule: {} } }],
  ])('%s is answered by an empty master', async (type, body) => {
    const { call } = await start();
    const answer = await call({ type, unknown_field: 1 });
    expect([answer.status, answer.headers['content-type']]).toEqual([200, 'application/json']);
    expect(JSON.parse(answer.body.toString())).toEqual({ type, ...body });
  });

  it('is answered under /master, too, and without an Accept header', async () => {
    const { send } = await start(stateOf(golden('busy-op-GET_STATE') as Response));
    const answer = await send('POST', '/master/api/v1', '{"type":"GET_TASKS","get_tasks":null}\n', {
      'Content-Type': 'application/json',
    });
    expect(JSON.parse(answer.body.toString())).toEqual(golden('busy-op-GET_TASKS'));
  });

  it('is answered with every metric by name', async () => {
    const { call, get } = await start();
    const { get_metrics } = JSON.parse(
      (await call({ type: 'GET_METRICS', get_metrics: {} })).body.toString(),
    );
    const names = get_metrics.metrics.map(({ name }: { name: string }) => name);
    const snapshot = JSON.parse((await get('/metrics/snapshot')).body.toString());
    expect(names).toEqual(Object.keys(snapshot));
    const unserved = Object.keys(golden('empty-master-metrics_snapshot') as object).filter(
      (name) => !names.includes(name),
    );
    // How long a run of the allocator and an access to the registry take is not measured.
    expect(unserved.every((name) => /allocation_run|^registrar/.test(name))).toBe(true);
    expect(Object.values(snapshot).every((value) => typeof value === 'number')).toBe(true);
  });

  it.each(['LIST_FILES', 'READ_FILE'])('%s finds no file where the log goes to none', async (type) => {
    const { call } = await start();
    const answer = await call({ type, [type.toLowerCase()]: { path: '/master/log', offset: 0 } });
    expect([answer.status, answer.body.length]).toEqual([404, 0]);
  });
});

describe('a call that changes something', () => {
  it.each<[object, number, object]>([
    [
      { type: 'TEARDOWN', teardown: { framework_id: { value: 'F' } } },
      200,
      { type: 'teardown', frameworkId: 'F' },
    ],
    [{ type: 'MARK_AGENT_GONE', mark_agent_gone: AGENT }, 200, { type: 'mark-agent-gone', agentId: 'S0' }],
    [{ type: 'DEACTIVATE_AGENT', deactivate_agent: AGENT }, 200, { type: 'deactivate-agent', agentId: 'S0' }],
    [{ type: 'REACTIVATE_AGENT', reactivate_agent: AGENT }, 200, { type: 'reactivate-agent', agentId: 'S0' }],
    [
      { type: 'RESERVE_RESOURCES', reserve_resources: { ...AGENT, resources: [DISK] } },
      202,
      applied({ type: 'RESERVE', reserve: { resources: [DISK] } }),
    ],
    [
      { type: 'UNRESERVE_RESOURCES', unreserve_resources: { ...AGENT, resources: [DISK] } },
      202,
      applied({ type: 'UNRESERVE', unreserve: { resources: [DISK] } }),
    ],
    [
      { type: 'CREATE_VOLUMES', create_volumes: { ...AGENT, volumes: [DISK] } },
      202,
      applied({ type: 'CREATE', create: { volumes: [DISK] } }),
    ],
    [
      { type: 'DESTROY_VOLUMES', destroy_volumes: { ...AGENT, volumes: [DISK] } },
      202,
      applied({ type: 'DESTROY', destroy: { volumes: [DISK] } }),
    ],
    [
      { type: 'GROW_VOLUME', grow_volume: { ...AGENT, volume: DISK, addition: DISK } },
      202,
      applied({ type: 'GROW_VOLUME', grow_volume: { volume: DISK, addition: DISK } }),
    ],
    [
      { type: 'SHRINK_VOLUME', shrink_volume: { ...AGENT, volume: DISK, subtract: { value: 1 } } },
      202,
      applied({ type: 'SHRINK_VOLUME', shrink_volume: { volume: DISK, subtract: { value: 1 } } }),
    ],
    [
      { type: 'UPDATE_WEIGHTS', update_weights: { weight_infos: [{ role: 'dev', weight: 2.5 }] } },
      200,
      { type: 'update-weights', weights: [{ role: 'dev', weight: 2.5 }] },
    ],
    [
      {
        type: 'UPDATE_QUOTA',
        update_quota: {
          force: true,
          quota_configs: [{ role: 'web', guarantees: null, limits: { cpus: { value: 2 } } }],
        },
      },
      200,
      { type: 'update-quotas', isForced: true, configs: [{ role: 'web', limits: { cpus: { value: 2 } } }] },
    ],
    [
      { type: 'SET_QUOTA', set_quota: { quota_request: { role: 'dev', guarantee: [DISK] } } },
      200,
      {
        type: 'update-quotas',
        isForced: false,
        configs: [{ role: 'dev', guarantees: { disk: { value: 64 } }, limits: { disk: { value: 64 } } }],
      },
    ],
  ])('%j is answered with %i and no body once the core has done it', async (call, status, command) => {
    await start();
    const answer = await api.call(call);
    expect([answer.status, answer.body.length]).toEqual([status, 0]);
    expect(api.commands).toEqual([command]);
  });

  it('tells why the core refused it', async () => {
    const { call, answerWith } = await start();
    answerWith({ type: 'refused', status: 409, message: 'cpus:3 does not contain cpus:4' });
    const answer = await call({ type: 'MARK_AGENT_GONE', mark_agent_gone: AGENT });
    expect([answer.status, answer.body.toString()]).toEqual([409, 'cpus:3 does not contain cpus:4']);
  });

  it('removes the quota of a role that has one', async () => {
    const state = emptyState();
    state.quotas.set('dev', { role: 'dev', limits: { cpus: { value: 1 } } });
    const { call, commands } = await start(state);
    expect((await call({ type: 'REMOVE_QUOTA', remove_quota: { role: 'dev' } })).status).toBe(200);
    expect(commands).toEqual([{ type: 'update-quotas', configs: [{ role: 'dev' }], isForced: true }]);
  });

  it('raises what is logged for a while', async () => {
    const { call, get, clock } = await start();
    const level = async () => (await get('/logging/toggle')).body.toString();
    const raise = { level: 1, duration: { nanoseconds: 2e9 } };
    expect((await call({ type: 'SET_LOGGING_LEVEL', set_logging_level: raise })).status).toBe(200);
    expect(await level()).toBe('1\n');
    clock.advance(2_000);
    expect(await level()).toBe('0\n');
  });
});

describe('a change that no cluster could make', () => {
  const quota = (config: object) => ({ type: 'UPDATE_QUOTA', update_quota: { quota_configs: [config] } });
  const cpus = (value: number | string) => ({ cpus: { value } });
  const setQuota = (request: object) => ({ type: 'SET_QUOTA', set_quota: { quota_request: request } });
  const weights = (role: string, weight: number) => ({
    type: 'UPDATE_WEIGHTS',
    update_weights: { weight_infos: [{ role, weight }] },
  });
  const exabyte = { mem: { value: 1024 ** 4 + 1 } };

  it.each<[object, string]>([
    [quota({ role: 'a/b' }), "Invalid QuotaConfig: Updating quota on nested role 'a/b' is not supported yet"],
    [
      quota({ role: 'dev', limits: cpus(1), guarantees: cpus(2) }),
      "Invalid QuotaConfig: 'QuotaConfig.guarantees' { cpus: 2 } is not contained within the 'QuotaConfig.limits' { cpus: 1 }",
    ],
    [
      quota({ role: 'dev', limits: cpus(-1) }),
      "Invalid QuotaConfig: Invalid limit configuration {'cpus': -1}: The value must not be negative",
    ],
    [
      quota({ role: 'dev', guarantees: cpus('Infinity') }),
      "Invalid QuotaConfig: Invalid guarantee configuration {'cpus': Infinity}: The value must be finite",
    ],
    [
      quota({ role: 'dev', limits: exabyte }),
      `Invalid QuotaConfig: Invalid limit configuration {'mem': ${exabyte.mem.value}}: The value must not exceed 1 exabyte`,
    ],
    [
      quota({ role: '-dev' }),
      "Invalid QuotaConfig: Invalid 'QuotaConfig.role': Role component '-dev' is invalid because it starts with a dash",
    ],
    [
      setQuota({ role: 'taken', guarantee: [DISK] }),
      "Failed to validate set quota request: Cannot set quota for role 'taken' which already has quota",
    ],
    [setQuota({ guarantee: [DISK] }), 'Failed to validate set quota request: QuotaInfo must specify a role'],
    [setQuota({ role: 'dev' }), "Failed to validate set quota request: QuotaInfo with empty 'guarantee'"],
    [
      setQuota({ role: 'dev', guarantee: [DISK, DISK] }),
      "Failed to validate set quota request: QuotaInfo contains duplicate resource name 'disk'",
    ],
    [
      setQuota({ role: 'dev', guarantee: [{ ...DISK, role: 'dev' }] }),
      'Failed to validate set quota request: QuotaInfo must not contain any ReservationInfo',
    ],
    [
      { type: 'REMOVE_QUOTA', remove_quota: { role: 'dev' } },
      "Failed to remove quota: Role 'dev' has no quota set",
    ],
    [
      weights('dev', -1),
      "Failed to validate update weights request JSON for role 'dev': Invalid weight '-1': Weights must be positive",
    ],
    [
      weights('a b', 1),
      "Failed to validate update weights request JSON for role 'a b': Invalid role: Role component 'a b' is invalid because it contains backspace or whitespace",
    ],
    [
      { type: 'GROW_VOLUME', grow_volume: { volume: DISK, addition: DISK } },
      "Expecting 'agent_id' to be present",
    ],
  ])('%j is refused before the core is asked', async (call, text) => {
    const state = emptyState();
    state.quotas.set('taken', { role: 'taken', limits: { cpus: { value: 1 } } });
    await start(state);
    const answer = await api.call(call);
    expect([answer.status, answer.body.toString()]).toEqual([400, text]);
    expect(api.commands).toEqual([]);
  });

  it('is a conflict when it is the quota of before and too much', async () => {
    const { call, answerWith } = await start();
    answerWith({ type: 'refused', status: 400, message: 'too much' });
    expect((await call(setQuota({ role: 'dev', guarantee: [DISK] }))).status).toBe(409);
  });
});

describe('a call for draining or maintenance', () => {
  const machines = [{ hostname: 'localhost', ip: '127.0.0.1' }];
  const unavailability = { start: { nanoseconds: 1e18 }, duration: { nanoseconds: 3600e9 } };
  const schedule = { windows: [{ machine_ids: machines, unavailability }] };

  it.each<[object, object]>([
    [
      { type: 'DRAIN_AGENT', drain_agent: AGENT },
      { type: 'drain-agent', agentId: 'S0', isMarkedGone: false },
    ],
    [
      {
        type: 'DRAIN_AGENT',
        drain_agent: { ...AGENT, max_grace_period: { seconds: 10, nanos: 5 }, mark_gone: true },
      },
      {
        type: 'drain-agent',
        agentId: 'S0',
        maxGracePeriod: { nanoseconds: 10_000_000_005 },
        isMarkedGone: true,
      },
    ],
    [
      { type: 'UPDATE_MAINTENANCE_SCHEDULE', update_maintenance_schedule: { schedule } },
      { type: 'update-schedule', schedule },
    ],
    [
      { type: 'START_MAINTENANCE', start_maintenance: { machines } },
      { type: 'start-maintenance', machines },
    ],
    [
      { type: 'STOP_MAINTENANCE', stop_maintenance: {} },
      { type: 'stop-maintenance', machines: [] },
    ],
  ])('%j asks the core for %j', async (call, command) => {
    const answer = await (await start()).call(call);
    expect([answer.status, answer.body.toString()]).toEqual([200, '']);
    expect(api.commands).toEqual([command]);
  });

  it.each([{ seconds: -1 }, { nanos: -1 }, { seconds: 9e18 }])(
    'is refused with a grace of %j',
    async (grace) => {
      const { call } = await start();
      const answer = await call({ type: 'DRAIN_AGENT', drain_agent: { ...AGENT, max_grace_period: grace } });
      expect(answer.status).toBe(400);
      expect(answer.body.toString()).toMatch(/^Invalid 'max_grace_period': /);
      expect(api.commands).toEqual([]);
    },
  );

  it('tells the schedule, and who answered what, machine by machine', async () => {
    const state = stateOf(golden('busy-op-GET_AGENTS') as Response);
    const [agent] = state.agents.values();
    const answer = {
      status: 'ACCEPT' as const,
      framework_id: { value: 'F' },
      timestamp: { nanoseconds: 1e18 },
    };
    agent?.inverseAnswers.set('F', answer);
    const down = { hostname: 'other', ip: '10.0.0.1' };
    state.maintenance = withDown(
      withSchedule(state.maintenance, { windows: [{ machine_ids: [...machines, down], unavailability }] }),
      [down],
    );
    const { call, get } = await start(state);
    const status = { draining_machines: [{ id: machines[0], statuses: [answer] }], down_machines: [down] };
    const told = async (type: string) => JSON.parse((await call({ type })).body.toString());
    expect(await told('GET_MAINTENANCE_STATUS')).toEqual({
      type: 'GET_MAINTENANCE_STATUS',
      get_maintenance_status: { status },
    });
    expect(await told('GET_MAINTENANCE_SCHEDULE')).toEqual({
      type: 'GET_MAINTENANCE_SCHEDULE',
      get_maintenance_schedule: { schedule: state.maintenance.schedule },
    });
    const read = async (path: string) => JSON.parse((await get(path)).body.toString());
    expect(await read('/maintenance/status')).toEqual(status);
    expect(await read('/master/maintenance/schedule')).toEqual(state.maintenance.schedule);
    const { machines: known, schedules } = await read('/registrar(1)/registry');
    expect(known.machines[1]).toEqual({ info: { id: down, mode: 'DOWN', unavailability } });
    expect(schedules).toEqual([state.maintenance.schedule]);
  });
});
