import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type HttpStream, openStream, request } from '../../../src/http/client.ts';
import { AGENT_PATH, type AgentCall } from '../../../src/mesos/agent-protocol.ts';
import type { Event } from '../../../src/mesos/generated/master.ts';
import type { Resource } from '../../../src/mesos/generated/mesos.ts';
import { readRecords } from '../../../src/mesos/recordio.ts';
import { seededRandom } from '../../../src/runtime/random.ts';
import { waitFor } from '../../support/wait-for.ts';
import { startTestMaster } from '../support/cluster.ts';

const JSON_HEADERS = { 'Content-Type': 'application/json', Accept: 'application/json' };

let master: Awaited<ReturnType<typeof startTestMaster>>['master'];
const open: HttpStream[] = [];

beforeEach(async () => {
  ({ master } = await startTestMaster({ random: seededRandom(7), version: '1.11.1', clusterName: 'golden' }));
});

afterEach(async () => {
  for (const stream of open.splice(0)) stream.close();
});

const call = async (message: object): Promise<[status: number, body: string]> => {
  const { status, body } = await request({
    method: 'POST',
    url: `${master.url}/api/v1`,
    headers: JSON_HEADERS,
    body: JSON.stringify(message),
  });
  return [status, body.toString()];
};

const read = async <T>(path: string): Promise<T> =>
  JSON.parse((await request({ url: `${master.url}${path}` })).body.toString()) as T;

const openJsonStream = async (path: string, message: object): Promise<HttpStream> => {
  const stream = await openStream({
    method: 'POST',
    url: `${master.url}${path}`,
    headers: JSON_HEADERS,
    body: JSON.stringify(message),
  });
  open.push(stream);
  return stream;
};

/** Watches the cluster; resolves with the events so far once one is there that fits. */
const watch = async () => {
  const stream = await openJsonStream('/api/v1', { type: 'SUBSCRIBE' });
  const seen: Event[] = [];
  const follow = async (): Promise<void> => {
    for await (const record of readRecords(stream.body, 1_000_000)) {
      seen.push(JSON.parse(record.toString()) as Event);
    }
  };
  follow().catch(() => undefined);
  return {
    until: <Type extends Event['type']>(type: Type) =>
      waitFor(`a ${type} event`, () =>
        seen.find((event): event is Extract<Event, { type: Type }> => event.type === type),
      ),
  };
};

/** An agent with 4 cpus, 8 GB of memory and 20 GB of disk that says no more than that it is there. */
const registerAgent = async (): Promise<string> => {
  const scalar = (name: string, value: number): Resource => ({ name, type: 'SCALAR', scalar: { value } });
  const subscribe: Extract<AgentCall, { type: 'SUBSCRIBE' }>['subscribe'] = {
    agent_info: {
      hostname: 'localhost',
      port: 5051,
      resources: [scalar('cpus', 4), scalar('mem', 8192), scalar('disk', 20_000)],
    },
    address: { hostname: 'localhost', ip: '127.0.0.1', port: 5051 },
    version: '1.11.1',
    capabilities: ['MULTI_ROLE', 'HIERARCHICAL_ROLE', 'RESERVATION_REFINEMENT', 'RESIZE_VOLUME'].map(
      (type) => ({
        type: type as 'MULTI_ROLE',
      }),
    ),
    checkpointed_resources: [],
    tasks: [],
    executors: [],
    frameworks: [],
    operations: [],
  };
  await openJsonStream(AGENT_PATH, { type: 'SUBSCRIBE', subscribe });
  const slaves = await waitFor('the agent to be registered', async () => {
    const { slaves: found } = await read<{ slaves: { id: string }[] }>('/slaves');
    return found.length > 0 && found;
  });
  return slaves[0]?.id ?? '';
};

const subscribeFramework = async (): Promise<void> => {
  const framework_info = {
    user: 'root',
    name: 'watched',
    roles: ['dev'],
    capabilities: [{ type: 'MULTI_ROLE' }],
  };
  await openJsonStream('/api/v1/scheduler', { type: 'SUBSCRIBE', subscribe: { framework_info } });
};

describe('an operator before a running master', () => {
  it('hears of agents and frameworks that come and go', async () => {
    const { until } = await watch();
    expect(await until('SUBSCRIBED')).toMatchObject({ subscribed: { heartbeat_interval_seconds: 15 } });
    const agentId = await registerAgent();
    expect((await until('AGENT_ADDED')).agent_added.agent).toMatchObject({
      active: true,
      agent_info: { id: { value: agentId } },
      pid: 'slave(1)@127.0.0.1:5051',
    });
    await subscribeFramework();
    const { framework } = (await until('FRAMEWORK_ADDED')).framework_added;
    const id = framework.framework_info.id ?? { value: '' };
    expect(await call({ type: 'TEARDOWN', teardown: { framework_id: id } })).toEqual([200, '']);
    expect((await until('FRAMEWORK_REMOVED')).framework_removed.framework_info.id).toEqual(id);
    expect(await call({ type: 'TEARDOWN', teardown: { framework_id: id } })).toEqual([
      400,
      'No framework found with specified ID',
    ]);
    expect(await read('/frameworks')).toMatchObject({
      frameworks: [],
      completed_frameworks: [{ id: id.value, name: 'watched', active: false }],
    });
  });

  it('gives a role a quota, is told what is too much, and takes it away again', async () => {
    await registerAgent();
    const update = (role: string, guarantee: number, limit: number, force = false) =>
      call({
        type: 'UPDATE_QUOTA',
        update_quota: {
          force,
          quota_configs: [
            { role, guarantees: { cpus: { value: guarantee } }, limits: { cpus: { value: limit } } },
          ],
        },
      });
    expect(await update('dev', 1, 2)).toEqual([200, '']);
    expect(await read('/quota')).toEqual({
      infos: [{ role: 'dev', guarantee: [{ name: 'cpus', type: 'SCALAR', scalar: { value: 1 } }] }],
      configs: [{ role: 'dev', guarantees: { cpus: { value: 1 } }, limits: { cpus: { value: 2 } } }],
    });
    expect(await update('dev2', 100, 200)).toEqual([
      400,
      "Invalid QuotaConfig: total quota guarantees 'cpus:101' exceed cluster capacity 'cpus:4; disk:20000; mem:8192' (use 'force' flag to bypass this check)",
    ]);
    expect(await update('dev2', 100, 200, true)).toEqual([200, '']);
    const { roles } = await read<{ roles: { name: string; quota: object }[] }>('/roles');
    expect(roles.map(({ name, quota }) => [name, quota])).toEqual([
      ['dev', { role: 'dev', guarantee: { cpus: 1 }, limit: { cpus: 2 }, consumed: {} }],
      ['dev2', { role: 'dev2', guarantee: { cpus: 100 }, limit: { cpus: 200 }, consumed: {} }],
    ]);
    for (const role of ['dev', 'dev2']) {
      expect(await call({ type: 'REMOVE_QUOTA', remove_quota: { role } })).toEqual([200, '']);
    }
    expect(await read('/quota')).toEqual({});
    expect(await read('/roles')).toEqual({ roles: [] });
  });

  it('sets weights that are there at once', async () => {
    const weight_infos = [{ role: 'dev', weight: 2.5 }];
    expect(await call({ type: 'UPDATE_WEIGHTS', update_weights: { weight_infos } })).toEqual([200, '']);
    expect(await read('/weights')).toEqual(weight_infos);
  });

  it('reserves, makes a volume, and gives all of it back', async () => {
    const id = await registerAgent();
    const agent = { agent_id: { value: id } };
    const disk = (value: number, more: object = {}): object => ({
      name: 'disk',
      type: 'SCALAR',
      scalar: { value },
      reservations: [{ type: 'DYNAMIC', role: 'ads' }],
      ...more,
    });
    const volume = disk(64, {
      disk: { persistence: { id: 'opvol-1' }, volume: { container_path: 'p1', mode: 'RW' } },
    });
    const reserve = (value: number) =>
      call({ type: 'RESERVE_RESOURCES', reserve_resources: { ...agent, resources: [disk(value)] } });
    const reserved = async (): Promise<object> => {
      const { slaves } = await read<{ slaves: { reserved_resources: object }[] }>('/slaves');
      return slaves[0]?.reserved_resources ?? {};
    };

    expect(await reserve(500)).toEqual([202, '']);
    expect(await reserve(500_000)).toEqual([
      409,
      expect.stringMatching(/disk\(reservations: \[\(DYNAMIC,ads\)\]\):500.* does not contain disk:500000$/),
    ]);
    const create = { type: 'CREATE_VOLUMES', create_volumes: { ...agent, volumes: [volume] } };
    expect(await call(create)).toEqual([202, '']);
    expect(await call(create)).toEqual([
      400,
      `Invalid CREATE operation on agent ${id} at slave(1)@127.0.0.1:5051 (localhost): Persistence ID 'opvol-1' is not unique`,
    ]);
    expect(await reserved()).toEqual({ ads: { disk: 500, mem: 0, gpus: 0, cpus: 0 } });
    expect(await read('/roles')).toMatchObject({
      roles: [{ name: 'ads', quota: { consumed: { disk: 500 } }, reserved: { disk: 500 } }],
    });

    const destroy = { type: 'DESTROY_VOLUMES', destroy_volumes: { ...agent, volumes: [volume] } };
    expect(await call(destroy)).toEqual([202, '']);
    expect(await call(destroy)).toEqual([400, 'Invalid DESTROY operation: Persistent volumes not found']);
    const unreserve = { ...agent, resources: [disk(500)] };
    expect(await call({ type: 'UNRESERVE_RESOURCES', unreserve_resources: unreserve })).toEqual([202, '']);
    expect(await reserved()).toEqual({});
  });

  it('names an agent that nobody knows in the words of Mesos', async () => {
    const agent_id = { value: 'nosuch' };
    expect(await call({ type: 'RESERVE_RESOURCES', reserve_resources: { agent_id, resources: [] } })).toEqual(
      [400, 'No agent found with specified ID'],
    );
    expect(await call({ type: 'MARK_AGENT_GONE', mark_agent_gone: { agent_id } })).toEqual([
      404,
      "Agent 'nosuch' not found",
    ]);
    expect(await call({ type: 'REACTIVATE_AGENT', reactivate_agent: { agent_id } })).toEqual([
      400,
      'Agent is not deactivated',
    ]);
    expect(await call({ type: 'DRAIN_AGENT', drain_agent: { agent_id } })).toEqual([400, 'Unknown agent']);
  });

  it('takes an agent out of the offers and puts it back', async () => {
    const agent_id = { value: await registerAgent() };
    const shown = async (): Promise<object | undefined> =>
      (await read<{ slaves: object[] }>('/slaves')).slaves[0];
    expect(await call({ type: 'DEACTIVATE_AGENT', deactivate_agent: { agent_id } })).toEqual([200, '']);
    expect(await shown()).toMatchObject({ active: false, deactivated: true });
    expect(await call({ type: 'REACTIVATE_AGENT', reactivate_agent: { agent_id } })).toEqual([200, '']);
    expect(await shown()).toMatchObject({ active: true, deactivated: false });
    expect(await call({ type: 'REACTIVATE_AGENT', reactivate_agent: { agent_id } })).toEqual([
      400,
      'Agent is not deactivated',
    ]);
  });

  it('counts what there is', async () => {
    await registerAgent();
    await subscribeFramework();
    expect(await read('/metrics/snapshot')).toMatchObject({
      'master/elected': 1,
      'master/slaves_active': 1,
      'master/frameworks_connected': 1,
      'master/cpus_total': 4,
      'master/mem_percent': 0,
      'allocator/mesos/resources/cpus/total': 4,
    });
  });
});
