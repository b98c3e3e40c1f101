import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createAgentFilesClient } from '../../src/clients/agent-files-client.ts';
import { createMesosClient, type MesosClient } from '../../src/clients/mesos-client.ts';
import { encodeRecord } from '../../src/mesos/recordio.ts';
import { type RecordingServer, startRecordingServer } from './recording-server.ts';

let server: RecordingServer;
let mesos: MesosClient;

beforeEach(async () => {
  server = await startRecordingServer();
  mesos = createMesosClient({ url: server.url });
});

afterEach(() => server.close());

const lastCall = (): unknown => JSON.parse(server.requests.at(-1)?.body ?? 'null');

describe('reads', () => {
  it('ask for all tasks, the oldest first', async () => {
    const task = { id: 't', framework_id: 'f' };
    server.answers['GET /tasks'] = { body: { tasks: [task] } };
    expect(await mesos.getTasks({ frameworkId: 'f' })).toEqual([task]);
    expect(server.requests[0]?.target).toBe('/tasks?limit=-1&order=asc&framework_id=f');
  });

  it('fall back to the whole state where nothing smaller is let through', async () => {
    const [one, two] = [
      { id: 't1', framework_id: 'f' },
      { id: 't2', framework_id: 'g' },
    ];
    const frameworks = [{ id: 'f', tasks: [one], completed_tasks: [two] }];
    server.answers['GET /master/state'] = { body: { slaves: [{ id: 'S0' }], frameworks } };
    expect(await mesos.getTasks()).toEqual([one, two]);
    expect(await mesos.getTasks({ frameworkId: 'f' })).toEqual([one]);
    expect(await mesos.getSlaves()).toEqual([{ id: 'S0' }]);
    expect((await mesos.getFrameworks()).frameworks).toEqual(frameworks);
  });

  it('tell which master leads', async () => {
    const info = {
      id: 'M',
      ip: 1,
      hostname: 'one',
      pid: 'master@10.0.0.1:5050',
      address: { ip: '10.0.0.1' },
    };
    server.answers['POST /api/v1'] = { body: { type: 'GET_MASTER', get_master: { master_info: info } } };
    expect(await mesos.getMaster()).toMatchObject({ id: 'M', hostname: 'one', ip: '10.0.0.1', zone: '' });
  });

  it('give what the master answered, whole', async () => {
    server.answers['GET /slaves'] = { body: { slaves: [{ id: 'S0', extra: 1 }], recovered_slaves: [] } };
    server.answers['GET /frameworks'] = { body: { frameworks: [], completed_frameworks: [{ id: 'F' }] } };
    expect(await mesos.getSlaves()).toEqual([{ id: 'S0', extra: 1 }]);
    expect(await mesos.getFrameworks()).toEqual({ frameworks: [], completed_frameworks: [{ id: 'F' }] });
  });

  it('are led from a standby to the leader', async () => {
    const leader = await startRecordingServer({ 'GET /roles': { body: { roles: [{ name: '*' }] } } });
    server.answers['GET /roles'] = { status: 307, headers: { Location: `${leader.url}/roles` } };
    expect(await mesos.getRoles()).toEqual([{ name: '*' }]);
    await leader.close();
  });
});

describe('operator calls', () => {
  const volumes = [{ name: 'disk', type: 'SCALAR' as const, scalar: { value: 1 } }];

  it.each<[string, (client: MesosClient) => Promise<void>, object]>([
    [
      'teardown',
      (client) => client.teardown('F'),
      { type: 'TEARDOWN', teardown: { framework_id: { value: 'F' } } },
    ],
    [
      'drainAgent',
      (client) => client.drainAgent('S', { maxGraceNanoseconds: 90_500_000_000, markGone: true }),
      {
        type: 'DRAIN_AGENT',
        drain_agent: {
          agent_id: { value: 'S' },
          max_grace_period: { seconds: 90, nanos: 500_000_000 },
          mark_gone: true,
        },
      },
    ],
    [
      'unreserveResources',
      (client) => client.unreserveResources('S', volumes),
      { type: 'UNRESERVE_RESOURCES', unreserve_resources: { agent_id: { value: 'S' }, resources: volumes } },
    ],
    [
      'destroyVolumes',
      (client) => client.destroyVolumes('S', volumes),
      { type: 'DESTROY_VOLUMES', destroy_volumes: { agent_id: { value: 'S' }, volumes } },
    ],
    [
      'updateQuota',
      (client) => client.updateQuota({ role: 'r', limits: { cpus: { value: 1 } } }, { force: true }),
      {
        type: 'UPDATE_QUOTA',
        update_quota: { force: true, quota_configs: [{ role: 'r', limits: { cpus: { value: 1 } } }] },
      },
    ],
    [
      'removeQuota',
      (client) => client.removeQuota('r'),
      { type: 'REMOVE_QUOTA', remove_quota: { role: 'r' } },
    ],
  ])('%s is what the master understands', async (_name, call, expected) => {
    server.answers['POST /api/v1'] = { status: 202 };
    await call(mesos);
    expect(lastCall()).toEqual(expected);
  });

  it("keep the master's words when it refuses", async () => {
    server.answers['POST /api/v1'] = { status: 400, body: 'No framework found with specified ID' };
    await expect(mesos.teardown('F')).rejects.toMatchObject({
      status: 400,
      message: 'No framework found with specified ID',
    });
  });

  it('events are the records of the stream', async () => {
    const records = ['{"type":"SUBSCRIBED","subscribed":{}}', '{"type":"HEARTBEAT"}'];
    server.answers['POST /api/v1'] = { body: records.map(encodeRecord).join('') };
    const types = [];
    for await (const event of mesos.events()) types.push(event.type);
    expect(types).toEqual(['SUBSCRIBED', 'HEARTBEAT']);
  });
});

describe("an agent's files", () => {
  it('are read byte by byte, also those that are no text', async () => {
    const bytes = Buffer.from([0xff, 0x00, 0xc3]);
    server.answers['POST /agent/S0/api/v1'] = {
      body: { type: 'READ_FILE', read_file: { size: 3, data: bytes.toString('base64') } },
    };
    const files = createAgentFilesClient({ url: `${server.url}/agent/S0` });
    expect(await files.read('/x/stdout', 5, 10)).toEqual({ data: bytes, size: 3 });
    expect(lastCall()).toEqual({
      type: 'READ_FILE',
      read_file: { path: '/x/stdout', offset: 5, length: 10 },
    });
  });

  it('may have any name', async () => {
    server.answers['GET /agent/S0/files/browse'] = { body: [] };
    const files = createAgentFilesClient({ url: `${server.url}/agent/S0` });
    await files.browse('/a b&c#d');
    expect(server.requests[0]?.target).toBe('/agent/S0/files/browse?path=%2Fa+b%26c%23d');
  });
});
