import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { startAgent } from '../../src/agent/server.ts';
import type { ExecutorInfo, OfferOperation, Resource, TaskInfo } from '../../src/mesos/generated/mesos.ts';
import { systemClock } from '../../src/runtime/clock.ts';
import { silentLog } from '../../src/runtime/log.ts';
import { systemRandom } from '../../src/runtime/random.ts';
import { waitFor } from '../support/wait-for.ts';
import { type FakeMaster, FRAMEWORK, shellTask } from './fake-master.ts';
import { startTestCluster } from './test-agent.ts';

const RESERVATIONS: Resource['reservations'] = [{ type: 'DYNAMIC', role: 'eng/data', principal: 'me' }];
const reserved = (name: string, value: number): Resource => ({
  name,
  type: 'SCALAR',
  scalar: { value },
  reservations: [...(RESERVATIONS ?? [])],
  allocation_info: { role: 'eng/data' },
});
const volume = (id: string, value: number): Resource => ({
  ...reserved('disk', value),
  disk: { persistence: { id, principal: 'me' }, volume: { mode: 'RW', container_path: 'data' } },
});

let operations = 0;

const apply = (master: FakeMaster, operation: OfferOperation, uuid = `op-${operations++}`) => {
  master.send({
    type: 'APPLY_OPERATION',
    apply_operation: { uuid, framework_id: { value: 'fw' }, operation },
  });
  return waitFor(
    `${operation.type} has an outcome`,
    () =>
      master.calls.flatMap((call) =>
        call.type === 'OPERATION_UPDATE' && call.operation_update.uuid === uuid
          ? [call.operation_update.status]
          : [],
      )[0],
  );
};

const reserveAndCreate = async (master: FakeMaster, id: string): Promise<void> => {
  const resources = [reserved('cpus', 1), reserved('disk', 100)];
  expect((await apply(master, { type: 'RESERVE', reserve: { resources } })).state).toBe('OPERATION_FINISHED');
  const created = await apply(master, { type: 'CREATE', create: { volumes: [volume(id, 60)] } });
  expect(created.state).toBe('OPERATION_FINISHED');
};

describe('a persistent volume', () => {
  it('of an executor is shared by the tasks of a group, and outlives them', async () => {
    const { master, folder } = await startTestCluster();
    await reserveAndCreate(master, 'vol-1');
    const executor: ExecutorInfo = {
      type: 'DEFAULT',
      executor_id: { value: 'pod' },
      resources: [volume('vol-1', 60)],
    };
    const inVolume = (id: string, command: string): TaskInfo =>
      shellTask(id, command, {
        executor,
        container: {
          type: 'MESOS',
          volumes: [
            {
              container_path: 'mine',
              mode: 'RW',
              source: { type: 'SANDBOX_PATH', sandbox_path: { type: 'PARENT', path: 'data/inner' } },
            },
          ],
        },
      });
    master.send({
      type: 'LAUNCH',
      launch: {
        framework_info: FRAMEWORK,
        executor_info: executor,
        tasks: [
          inVolume('writes', 'echo kept > mine/file'),
          inVolume('reads', 'until test -s mine/file; do sleep 0.05; done; cat mine/file'),
        ],
        is_group: true,
      },
    });
    await master.until('writes', 'TASK_FINISHED');
    await master.until('reads', 'TASK_FINISHED');
    expect(readFileSync(join(folder, 'volumes/roles/eng data/vol-1/inner/file'), 'utf8')).toBe('kept\n');
  });

  it('of an executor has to be there', async () => {
    const { master } = await startTestCluster();
    const executor: ExecutorInfo = {
      type: 'DEFAULT',
      executor_id: { value: 'pod' },
      resources: [volume('none', 60)],
    };
    master.send({
      type: 'LAUNCH',
      launch: {
        framework_info: FRAMEWORK,
        executor_info: executor,
        tasks: [shellTask('late', 'true', { executor })],
        is_group: true,
      },
    });
    expect(await master.until('late', 'TASK_DROPPED')).toMatchObject({ reason: 'REASON_RESOURCES_UNKNOWN' });
  });

  it('outlives its task and the agent, until it is destroyed', async () => {
    const cluster = await startTestCluster();
    const { master, folder } = cluster;
    await reserveAndCreate(master, 'vol-1');
    master.launch(shellTask('writes', 'echo kept > data/file', { resources: [volume('vol-1', 60)] }));
    await master.until('writes', 'TASK_FINISHED');
    const kept = join(folder, 'volumes/roles/eng data/vol-1');
    expect(readFileSync(join(kept, 'file'), 'utf8')).toBe('kept\n');

    await cluster.restart();
    const { checkpointed_resources } = master.subscriptions().at(-1) ?? {};
    expect(
      checkpointed_resources?.map(({ name, scalar, disk }) => [name, scalar?.value, disk?.persistence?.id]),
    ).toEqual(
      expect.arrayContaining([
        ['cpus', 1, undefined],
        ['disk', 40, undefined],
        ['disk', 60, 'vol-1'],
      ]),
    );
    master.launch(shellTask('reads', 'test "$(cat data/file)" = kept', { resources: [volume('vol-1', 60)] }));
    await master.until('reads', 'TASK_FINISHED');

    await apply(master, { type: 'DESTROY', destroy: { volumes: [volume('vol-1', 60)] } });
    await waitFor('its folder is gone', () => !existsSync(kept));
    master.launch(shellTask('late', 'true', { resources: [volume('vol-1', 60)] }));
    expect(await master.until('late', 'TASK_DROPPED')).toMatchObject({ reason: 'REASON_RESOURCES_UNKNOWN' });
  });

  it('fails its task when its path leads out of the sandbox', async () => {
    const { master } = await startTestCluster();
    await reserveAndCreate(master, 'vol-1');
    const outside = volume('vol-1', 60);
    if (outside.disk?.volume) outside.disk.volume.container_path = '../../escape';
    master.launch(shellTask('task', 'true', { resources: [outside] }));
    const status = await master.until('task', 'TASK_FAILED');
    expect(status).toMatchObject({ reason: 'REASON_CONTAINER_LAUNCH_FAILED' });
    expect(status.message).toContain('leads out of the sandbox');
  });

  it('cannot be created under an id that is a path', async () => {
    const { master } = await startTestCluster();
    await apply(master, { type: 'RESERVE', reserve: { resources: [reserved('disk', 100)] } });
    const status = await apply(master, { type: 'CREATE', create: { volumes: [volume('../../etc', 60)] } });
    expect(status).toMatchObject({ state: 'OPERATION_DROPPED' });
  });
});

describe('an operation', () => {
  it('on resources that are not there is dropped and changes nothing', async () => {
    const { master, agent } = await startTestCluster();
    const resources = [reserved('cpus', 1000)];
    const status = await apply(master, { type: 'RESERVE', reserve: { resources } });
    expect(status.state).toBe('OPERATION_DROPPED');
    expect(status.message).toMatch(/does not have/);
    const state = await (await fetch(`${agent.url}/state`)).json();
    expect(state.reserved_resources).toEqual({});
  });

  it('heard twice is applied once, and told until it is acknowledged', async () => {
    const cluster = await startTestCluster();
    const { master } = cluster;
    const operation: OfferOperation = { type: 'RESERVE', reserve: { resources: [reserved('cpus', 6)] } };
    await apply(master, operation, 'same');
    master.calls.length = 0;
    expect((await apply(master, operation, 'same')).state).toBe('OPERATION_FINISHED');
    await cluster.restart();
    expect(
      master
        .subscriptions()
        .at(-1)
        ?.operations.map(({ uuid }) => uuid),
    ).toEqual(['same']);
    master.send({ type: 'ACKNOWLEDGE_OPERATION', acknowledge_operation: { uuid: 'same' } });
    master.launch(shellTask('later', 'true'));
    await master.until('later', 'TASK_FINISHED');
    await cluster.restart();
    expect(master.subscriptions().at(-1)?.operations).toEqual([]);
  });

  it('with an id of the framework carries that and a UUID of its own', async () => {
    const { master } = await startTestCluster();
    const reserve = { resources: [reserved('mem', 64)] };
    const status = await apply(master, { type: 'RESERVE', reserve, id: { value: 'mine' } });
    expect(status.operation_id).toEqual({ value: 'mine' });
    expect(Buffer.from(status.uuid?.value ?? '', 'base64')).toHaveLength(16);
  });

  it('is undone by its opposite', async () => {
    const { master, agent } = await startTestCluster();
    const resources = [
      reserved('cpus', 2),
      {
        ...reserved('ports', 0),
        type: 'RANGES' as const,
        ranges: { range: [{ begin: 31_000, end: 31_009 }] },
      },
    ];
    for (const resource of resources) if (resource.type === 'RANGES') delete resource.scalar;
    await apply(master, { type: 'RESERVE', reserve: { resources } });
    const between = await (await fetch(`${agent.url}/state`)).json();
    expect(between.reserved_resources['eng/data']).toMatchObject({ cpus: 2, ports: '[31000-31009]' });
    expect(between.unreserved_resources).toMatchObject({ cpus: 6, ports: '[31010-31999]' });
    await apply(master, { type: 'UNRESERVE', unreserve: { resources } });
    const after = await (await fetch(`${agent.url}/state`)).json();
    expect(after.reserved_resources).toEqual({});
    expect(after.unreserved_resources).toMatchObject({ cpus: 8, ports: '[31000-31999]' });
  });
});

describe('an agent that is started with less than was reserved on it', () => {
  it('refuses to start', async () => {
    const cluster = await startTestCluster();
    await reserveAndCreate(cluster.master, 'vol-1');
    await cluster.agent.close();
    const start = (resources: string) =>
      startAgent({
        masterUrls: [cluster.master.url],
        workDir: cluster.folder,
        resources,
        version: '1.11.0',
        log: silentLog,
        clock: systemClock,
        random: systemRandom,
      });
    await expect(start('cpus:0.5;mem:10;disk:10')).rejects.toThrow(/do not contain what was reserved/);
    cluster.agent = await start('cpus:1;mem:10;disk:100');
  });
});
