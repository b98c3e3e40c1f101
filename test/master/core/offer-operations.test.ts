import { describe, expect, it } from 'vitest';
import type {
  Resource,
  ResourceDiskInfo,
  ResourceDiskInfoSource,
} from '../../../src/mesos/generated/mesos.ts';
import { CoreHarness, cpus, disk, INFO, task } from './harness.ts';

const setUp = () => {
  const harness = new CoreHarness();
  const agent = harness.agent();
  const framework = harness.scheduler();
  return { harness, agent, framework };
};

const amount = (resources: readonly { name: string; scalar?: { value: number } }[] = [], name: string) =>
  resources.filter((resource) => resource.name === name).map(({ scalar }) => scalar?.value);

describe('operations on offers', () => {
  it('reserves, creates, and spends the result in the same call; what is left of it is offered again soon', () => {
    const { harness, agent, framework } = setUp();
    const reservations = [{ type: 'DYNAMIC' as const, role: 'eng' }];
    const volume = disk(100, {
      reservations,
      disk: { persistence: { id: 'v' }, volume: { mode: 'RW', container_path: 'data' } },
    });
    framework.accept(
      ['M-O0'],
      [
        { type: 'RESERVE', reserve: { resources: [cpus(2, { reservations }), disk(100, { reservations })] } },
        { type: 'CREATE', create: { volumes: [volume] } },
        {
          type: 'LAUNCH',
          launch: { task_infos: [task('db', agent.id, { resources: [cpus(1, { reservations }), volume] })] },
        },
      ],
    );
    expect(framework.statuses).toEqual([]);
    expect(agent.events.map(({ type }) => type).slice(-3)).toEqual([
      'APPLY_OPERATION',
      'APPLY_OPERATION',
      'LAUNCH',
    ]);
    expect(framework.offers).toHaveLength(2);
    expect(framework.lastOffer.resources).toContainEqual(cpus(1, { reservations }));
    framework.call({ type: 'DECLINE', decline: { offer_ids: [framework.lastOffer.id] } });
    harness.advance(6_000);
    expect(amount(framework.lastOffer.resources, 'disk')).toEqual([900]);
    const total = harness.state.agents.get(agent.id)?.total ?? [];
    expect(total.filter(({ disk }) => disk?.persistence?.id === 'v')).toHaveLength(1);
    framework.accept(
      [framework.lastOffer.id.value],
      [{ type: 'DESTROY', id: { value: 'op' }, destroy: { volumes: [volume] } }],
    );
    expect(framework.events.at(-1)).toMatchObject({
      update_operation_status: {
        status: { state: 'OPERATION_ERROR', message: 'Persistent volumes in use; on agent M-S0' },
      },
    });
  });

  it('says what is wrong with an operation that has an id, and leaves the rest as it was', () => {
    const { harness, framework } = setUp();
    const reservations = [{ type: 'DYNAMIC' as const, role: 'eng' }];
    const answer = (operation: object): string | undefined => {
      framework.accept([framework.lastOffer.id.value], [{ id: { value: 'op' }, ...operation }], 0);
      harness.advance(1_000);
      const last = framework.events.findLast((event) => event.type === 'UPDATE_OPERATION_STATUS');
      return last?.update_operation_status.status.message;
    };
    expect(answer({ type: 'RESERVE', reserve: { resources: [disk(1e9, { reservations })] } })).toBe(
      'cpus(allocated: eng):4; mem(allocated: eng):1024; disk(allocated: eng):1000; ports(allocated: eng):[31000-32000] does not contain disk(allocated: eng):1000000000',
    );
    expect(answer({ type: 'RESERVE', reserve: { resources: [cpus(1)] } })).toBe(
      'Resource cpus(allocated: eng):1 is not dynamically reserved; on agent M-S0',
    );
    expect(
      answer({
        type: 'RESERVE',
        reserve: { resources: [cpus(1, { reservations: [{ type: 'DYNAMIC', role: 'ads' }] })] },
      }),
    ).toMatch(
      /^A reserve operation was attempted for a resource with role 'ads', but the resource was allocated/,
    );
    expect(answer({ type: 'RESERVE', reserve: { resources: [cpus(-1, { reservations })] } })).toMatch(
      /^Operation attempted with invalid resources: .*Invalid scalar resource: value <= 0$/,
    );
    expect(
      answer({ type: 'RESERVE', reserve: { source: [cpus(1)], resources: [cpus(1, { reservations })] } }),
    ).toMatch(/^Reservation updates are not yet implemented for the scheduler API\./);
    expect(answer({ type: 'UNRESERVE', unreserve: { resources: [cpus(1)] } })).toMatch(
      /is not dynamically reserved; on agent M-S0$/,
    );
    expect(answer({ type: 'CREATE', create: { volumes: [disk(1, { reservations })] } })).toMatch(
      /^Not a persistent volume: Resource .* does not have DiskInfo/,
    );
    expect(amount(framework.lastOffer.resources, 'cpus')).toEqual([4]);
    framework.accept([framework.lastOffer.id.value], [{}, { type: 'LAUNCH' }, { type: 'NO_SUCH' }]);
    expect(harness.state.offers.size).toBe(0);
  });

  it('says what is wrong with disks of resource providers, of which no agent has any', () => {
    const { harness, framework } = setUp();
    const provided = (source: ResourceDiskInfoSource, more: ResourceDiskInfo = {}) =>
      disk(1, { provider_id: { value: 'p' }, disk: { source, ...more } });
    const answer = (operation: object): string | undefined => {
      framework.accept([framework.lastOffer.id.value], [{ id: { value: 'op' }, ...operation }], 0);
      harness.advance(1_000);
      const last = framework.events.findLast((event) => event.type === 'UPDATE_OPERATION_STATUS');
      expect(last?.update_operation_status.status.state).toBe('OPERATION_ERROR');
      return last?.update_operation_status.status.message;
    };
    const create = (source: Resource, target_type: string, target_profile?: string) =>
      answer({ type: 'CREATE_DISK', create_disk: { source, target_type, target_profile } });
    const destroy = (source: Resource) => answer({ type: 'DESTROY_DISK', destroy_disk: { source } });
    const ON_AGENT = '; on agent M-S0';
    const unmanaged = `'source' is not managed by a resource provider${ON_AGENT}`;
    expect(create(disk(1), 'MOUNT')).toBe(unmanaged);
    expect(destroy(disk(1))).toBe(unmanaged);
    expect(create(disk(-1), 'MOUNT')).toMatch(/^Operation attempted with invalid resources: /);
    expect(create(provided({ type: 'MOUNT' }), 'MOUNT')).toBe(
      `'source' is not a RAW disk resource${ON_AGENT}`,
    );
    expect(create(provided({ type: 'RAW' }), 'PATH')).toBe(
      `'target_type' is neither MOUNT or BLOCK${ON_AGENT}`,
    );
    expect(create(provided({ type: 'RAW' }), 'BLOCK')).toBe(
      `'target_profile' must be set when 'source' has no profile${ON_AGENT}`,
    );
    expect(create(provided({ type: 'RAW', profile: 'fast' }), 'BLOCK', 'slow')).toBe(
      `'target_profile' must not be set when 'source' has a profile${ON_AGENT}`,
    );
    expect(destroy(provided({ type: 'PATH' }))).toBe(
      `'source' is neither a MOUNT, BLOCK or RAW disk resource${ON_AGENT}`,
    );
    expect(destroy(provided({ type: 'MOUNT' }))).toBe(`'source' is not backed by a CSI volume${ON_AGENT}`);
    const volume: ResourceDiskInfo = {
      persistence: { id: 'v' },
      volume: { mode: 'RW', container_path: 'data' },
    };
    expect(destroy(provided({ type: 'MOUNT', id: 'volume' }, volume))).toMatch(
      /^A disk resource containing a persistent volume .* cannot be destroyed directly\. /,
    );
    for (const refused of [
      create(provided({ type: 'RAW', profile: 'fast' }), 'MOUNT'),
      create(provided({ type: 'RAW' }), 'BLOCK', 'fast'),
      destroy(provided({ type: 'BLOCK', id: 'volume' })),
    ]) {
      expect(refused).toMatch(/^cpus\(allocated: eng\):4; .* does not contain disk\(allocated: eng\)/);
    }
    expect(amount(framework.lastOffer.resources, 'disk')).toEqual([1000]);
  });

  it('asks for the principal of the framework in reservations', () => {
    const harness = new CoreHarness();
    harness.agent();
    const framework = harness.scheduler({ ...INFO, principal: 'p' });
    const answer = (principal: object): string | undefined => {
      const reservations = [{ type: 'DYNAMIC' as const, role: 'eng', ...principal }];
      const resources = [cpus(1, { reservations })];
      framework.accept(
        [framework.lastOffer.id.value],
        [{ type: 'RESERVE', id: { value: 'op' }, reserve: { resources } }],
        0,
      );
      harness.advance(1_000);
      const last = framework.events.findLast((event) => event.type === 'UPDATE_OPERATION_STATUS');
      return last?.update_operation_status.status.message;
    };
    expect(answer({})).toMatch(
      /^A reserve operation was attempted by principal 'p', but there is a reserved resource in the request with no principal set/,
    );
    expect(answer({ principal: 'q' })).toMatch(
      /^A reserve operation was attempted by authenticated principal 'p', which does not match a reserved resource in the request with principal 'q'/,
    );
  });

  it('has the agent report afresh when it did not do an operation', () => {
    const { harness, agent, framework } = setUp();
    const reservations = [{ type: 'DYNAMIC' as const, role: 'eng' }];
    framework.accept(
      ['M-O0'],
      [{ type: 'RESERVE', id: { value: 'op' }, reserve: { resources: [cpus(2, { reservations })] } }],
    );
    const uuid = agent.of('APPLY_OPERATION')[0]?.apply_operation.uuid ?? '';
    const told = (): void =>
      harness.feed({
        type: 'agent-call',
        agentId: agent.id,
        call: {
          type: 'OPERATION_UPDATE',
          agent_id: { value: agent.id },
          operation_update: {
            framework_id: { value: framework.id },
            uuid,
            status: {
              operation_id: { value: 'op' },
              state: 'OPERATION_DROPPED',
              uuid: { value: 'AAAAAAAAAAAAAAAAAAAAAA==' },
              agent_id: { value: agent.id },
            },
          },
        },
      });
    told();
    expect(harness.isClosed(agent.streamId)).toBe(true);
    expect(framework.events).toContainEqual(
      expect.objectContaining({
        update_operation_status: { status: expect.objectContaining({ state: 'OPERATION_DROPPED' }) },
      }),
    );
    agent.close();
    const [operation] = agent.of('APPLY_OPERATION');
    const back = agent.back({ operations: operation ? [operation.apply_operation] : [] });
    expect(harness.state.agents.get(agent.id)?.total).toEqual(back.report.agent_info.resources);
    told();
    expect(harness.isClosed(back.streamId)).toBe(false);
    framework.call({
      type: 'ACKNOWLEDGE_OPERATION_STATUS',
      acknowledge_operation_status: {
        agent_id: { value: agent.id },
        operation_id: { value: 'op' },
        uuid: 'AAAAAAAAAAAAAAAAAAAAAA==',
      },
    });
    expect(back.of('ACKNOWLEDGE_OPERATION')).toHaveLength(1);
    expect(harness.state.agents.get(agent.id)?.operations.size).toBe(0);
  });
});
