import { gunzipSync } from 'node:zlib';
import { afterEach, describe, expect, it } from 'vitest';
import type { MasterState } from '../../../src/master/core/state.ts';
import type { Response } from '../../../src/mesos/generated/master.ts';
import { emptyState, golden, inMilliseconds, stateOf } from './sample-state.ts';
import { startTestMasterApi, type TestMasterApi } from './test-master-api.ts';

let api: TestMasterApi;
const start = async (state: MasterState = emptyState()): Promise<TestMasterApi> => {
  api = await startTestMasterApi(state);
  return api;
};
afterEach(() => api.close());

const busy = (): MasterState => stateOf(golden('busy-op-GET_STATE') as Response);
const read = async (path: string): Promise<unknown> => JSON.parse((await api.get(path)).body.toString());

describe('a v0 read', () => {
  it.each<[string, unknown]>([
    ['/frameworks', { frameworks: [], completed_frameworks: [], unregistered_frameworks: [] }],
    ['/slaves', { slaves: [], recovered_slaves: [] }],
    ['/tasks', { tasks: [] }],
    ['/roles', { roles: [] }],
    ['/weights', []],
    ['/quota', {}],
    ['/flags', { flags: { cluster: 'golden', port: '5050' } }],
    ['/maintenance/schedule', {}],
    ['/maintenance/status', {}],
    ['/state-summary', { hostname: 'localhost', cluster: 'golden', slaves: [], frameworks: [] }],
  ])('%s of an empty master is the same with and without /master', async (path, body) => {
    await start();
    expect(await read(path)).toEqual(body);
    expect(await read(`/master${path}`)).toEqual(body);
  });

  it.each(['/state.json', '/master/state.json', '/tasks.json', '/roles.json', '/slaves.json'])(
    '%s is served under its old name',
    async (path) => {
      const { get } = await start();
      const [old, now] = [await get(path), await get(path.replace('.json', '/'))];
      expect([old.status, old.body.toString()]).toEqual([200, now.body.toString()]);
    },
  );

  it.each<[string, number, Record<string, string>, string]>([
    ['/health', 200, {}, ''],
    ['/master/health', 200, {}, ''],
    ['/redirect', 307, { location: '//localhost:5050' }, ''],
    ['/version?jsonp=cb', 200, { 'content-type': 'text/javascript' }, 'cb({"version":"1.11.1"});'],
    ['/version?jsonp=alert(1)//', 400, {}, "The value of 'jsonp' is not the name of a function"],
    ['/metrics/snapshot?timeout=zz', 400, {}, "Invalid timeout 'zz': Failed to convert '' to number.\n"],
    ['/metrics/snapshot?timeout=5xy', 400, {}, "Invalid timeout '5xy': Unknown duration unit 'xy'\n"],
    ['/master/nosuch', 404, { 'content-type': 'text/plain; charset=utf-8' }, '404 Not Found.'],
    ['/logging/toggle?level=-1&duration=1mins', 400, {}, "Invalid level '-1'.\n"],
    ['/files/browse', 400, {}, "Expecting 'path=value' in query.\n"],
    ['/files/read?path=/master/log', 404, {}, ''],
    ['/files/debug', 200, {}, '{}'],
    [
      '/teardown',
      405,
      { allow: 'POST' },
      "405 Method Not Allowed. Expecting one of { 'POST' }, but received 'GET'.",
    ],
  ])('%s is answered with %i', async (path, status, headers, body) => {
    const { get } = await start();
    const answer = await get(path);
    expect(answer).toMatchObject({ status, headers });
    expect(answer.body.toString()).toBe(body);
  });

  it('answers whatever the method is, as Mesos does', async () => {
    const { send, get } = await start(busy());
    const whole = (await get('/state')).body;
    expect((await send('POST', '/state', 'x')).body).toEqual(whole);
    const head = await send('HEAD', '/state');
    expect([head.headers['content-length'], head.body.length]).toEqual([String(whole.length), 0]);
  });

  it('is zipped for who asks, when it is long', async () => {
    const { get } = await start(busy());
    const zipped = await get('/state', { 'Accept-Encoding': 'deflate, gzip' });
    expect(zipped.headers['content-encoding']).toBe('gzip');
    expect(gunzipSync(zipped.body)).toEqual((await get('/state', { 'Accept-Encoding': 'gzip;q=0' })).body);
    expect(
      (await get('/version', { 'Accept-Encoding': 'gzip' })).headers['content-encoding'],
    ).toBeUndefined();
  });

  it('tells the load of the machine', async () => {
    await start();
    expect(Object.keys((await read('/system/stats.json')) as object)).toEqual([
      'avg_load_15min',
      'avg_load_1min',
      'avg_load_5min',
      'cpus_total',
      'mem_free_bytes',
      'mem_total_bytes',
    ]);
  });

  it('tells what outlives the master', async () => {
    await start(busy());
    expect(await read('/registrar(1)/registry')).toMatchObject(
      golden('busy-master-registrar_registry') as object,
    );
  });
});

describe('a part of a v0 read', () => {
  const ids = async (path: string): Promise<string[]> => {
    const { tasks } = (await read(path)) as { tasks: { id: string }[] };
    return tasks.map(({ id }) => id);
  };

  it.each<[string, string[]]>([
    ['/tasks', ['sleeper', 'fails', 'ends']],
    ['/tasks?order=asc', ['ends', 'fails', 'sleeper']],
    ['/tasks?order=zz', ['sleeper', 'fails', 'ends']],
    ['/tasks?limit=1', ['sleeper']],
    ['/tasks?limit=2&offset=1', ['fails', 'ends']],
    ['/tasks?limit=-1&order=asc', ['ends', 'fails', 'sleeper']],
    ['/tasks?limit=zz', ['sleeper', 'fails', 'ends']],
    ['/tasks?task_id=fails', ['fails']],
    ['/tasks?framework_id=94cbf573-2f4c-4d18-a211-1026aa66cd1f-0000', ['ends']],
    ['/tasks?framework_id=nosuch', []],
  ])('%s are %j', async (path, expected) => {
    await start(busy());
    expect(await ids(path)).toEqual(expected);
  });

  it('is one agent or one framework', async () => {
    await start(busy());
    expect(await read('/slaves?slave_id=nosuch')).toEqual({ slaves: [], recovered_slaves: [] });
    const agent = await read('/slaves?slave_id=94cbf573-2f4c-4d18-a211-1026aa66cd1f-S0');
    expect(inMilliseconds(agent)).toEqual(inMilliseconds(golden('busy-master-slaves')));
    const one = await read('/frameworks?framework_id=94cbf573-2f4c-4d18-a211-1026aa66cd1f-0001');
    expect(one).toMatchObject({ frameworks: [], completed_frameworks: [{ name: 'mesos-execute instance' }] });
    const none = await read('/frameworks?framework_id=nosuch');
    expect(none).toEqual({ frameworks: [], completed_frameworks: [], unregistered_frameworks: [] });
  });
});

describe('a v0 write', () => {
  const DISK = { name: 'disk', type: 'SCALAR', scalar: { value: 7 } };
  const form = (fields: Record<string, unknown>): string =>
    new URLSearchParams(
      Object.entries(fields).map(([name, value]) => [
        name,
        typeof value === 'string' ? value : JSON.stringify(value),
      ]),
    ).toString();
  const applied = (operation: object) => ({ type: 'apply-operation', agentId: 'S0', operation });

  it.each<[string, string, string, number, object]>([
    ['POST', '/teardown', form({ frameworkId: 'F' }), 200, { type: 'teardown', frameworkId: 'F' }],
    [
      'POST',
      '/machine/down',
      '[{"hostname":"h"}]',
      200,
      { type: 'start-maintenance', machines: [{ hostname: 'h' }] },
    ],
    [
      'POST',
      '/machine/up',
      '[{"ip":"10.0.0.1"}]',
      200,
      { type: 'stop-maintenance', machines: [{ ip: '10.0.0.1' }] },
    ],
    ['POST', '/maintenance/schedule', '{}', 200, { type: 'update-schedule', schedule: {} }],
    [
      'POST',
      '/reserve',
      form({ slaveId: 'S0', resources: [DISK], source: [DISK] }),
      202,
      applied({ type: 'RESERVE', reserve: { resources: [DISK], source: [DISK] } }),
    ],
    [
      'POST',
      '/master/unreserve',
      form({ slaveId: 'S0', resources: [DISK] }),
      202,
      applied({ type: 'UNRESERVE', unreserve: { resources: [DISK] } }),
    ],
    [
      'POST',
      '/create-volumes',
      form({ slaveId: 'S0', volumes: [DISK] }),
      202,
      applied({ type: 'CREATE', create: { volumes: [DISK] } }),
    ],
    [
      'POST',
      '/destroy-volumes',
      form({ slaveId: 'S0', volumes: [DISK] }),
      202,
      applied({ type: 'DESTROY', destroy: { volumes: [DISK] } }),
    ],
    [
      'PUT',
      '/weights',
      '[{"role":"dev","weight":2}]',
      200,
      { type: 'update-weights', weights: [{ role: 'dev', weight: 2 }] },
    ],
    [
      'POST',
      '/quota',
      JSON.stringify({ role: 'dev', guarantee: [DISK], force: true }),
      200,
      {
        type: 'update-quotas',
        isForced: true,
        configs: [{ role: 'dev', guarantees: { disk: { value: 7 } }, limits: { disk: { value: 7 } } }],
      },
    ],
    [
      'DELETE',
      '/quota/taken',
      '',
      200,
      { type: 'update-quotas', isForced: true, configs: [{ role: 'taken' }] },
    ],
  ])('%s %s %s is answered with %i', async (method, path, body, status, command) => {
    const state = emptyState();
    state.quotas.set('taken', { role: 'taken', limits: { cpus: { value: 1 } } });
    await start(state);
    const answer = await api.send(method, path, body);
    expect([answer.status, answer.body.length]).toEqual([status, 0]);
    expect(api.commands).toEqual([command]);
  });

  it.each<[string, string, string, string]>([
    ['POST', '/teardown', '', "Missing 'frameworkId' query parameter in the request body"],
    ['POST', '/reserve', form({ resources: [] }), "Missing 'slaveId' query parameter in the request body"],
    ['POST', '/reserve', form({ slaveId: 'S0' }), "Missing 'resources' query parameter in the request body"],
    [
      'POST',
      '/create-volumes',
      form({ slaveId: 'S0', volumes: '{' }),
      "Error in parsing 'volumes' query parameter in the request body: syntax error at line 1 near: ",
    ],
    [
      'POST',
      '/create-volumes',
      form({ slaveId: 'S0', volumes: [{}] }),
      "Error in parsing 'volumes' query parameter in the request body: Missing required fields: name, type",
    ],
    [
      'PUT',
      '/weights',
      '{',
      "Failed to parse update weights request JSON '{': syntax error at line 1 near: ",
    ],
    ['PUT', '/weights', '{}', 'Failed to convert weights JSON array to protobuf: Expecting a JSON array'],
    ['POST', '/quota', '{', "Failed to parse set quota request JSON '{': syntax error at line 1 near: "],
    ['POST', '/machine/down', '{}', 'Failed to convert JSON: Expecting a JSON array'],
    [
      'POST',
      '/maintenance/schedule',
      '{"windows":[{}]}',
      'Failed to convert JSON: Missing required fields: windows[0].unavailability',
    ],
  ])('%s %s %s is refused: %s', async (method, path, body, text) => {
    await start();
    const answer = await api.send(method, path, body);
    expect([answer.status, answer.body.toString()]).toEqual([400, text]);
    expect(api.commands).toEqual([]);
  });
});
