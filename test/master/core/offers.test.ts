import { describe, expect, it } from 'vitest';
import type {
  Resource,
  ResourceDiskInfo,
  ResourceDiskInfoSource,
} from '../../../src/mesos/generated/mesos.ts';
import { CoreHarness, cpus, disk, INFO, mem, OLD_INFO, task } from './harness.ts';

const setUp = () => {
  const harness = new CoreHarness();
  const agent = harness.agent();
  const framework = harness.scheduler();
  return { harness, agent, framework };
};

const amount = (resources: readonly { name: string; scalar?: { value: number } }[] = [], name: string) =>
  resources.filter((resource) => resource.name === name).map(({ scalar }) => scalar?.value);

describe('offers', () => {
  it('name the agent, its address and the role, in the format that the framework can read', () => {
    const { harness, agent, framework } = setUp();
    expect(framework.lastOffer).toMatchObject({
      id: { value: 'M-O0' },
      framework_id: { value: 'M-0000' },
      agent_id: { value: 'M-S0' },
      hostname: 'host',
      url: { scheme: 'http', address: agent.report.address, path: '/slave(1)' },
      allocation_info: { role: 'eng' },
    });
    expect(framework.lastOffer.resources?.[0]).toEqual({
      name: 'cpus',
      type: 'SCALAR',
      scalar: { value: 4 },
      allocation_info: { role: 'eng' },
    });
    framework.call({ type: 'TEARDOWN' });
    const old = harness.scheduler(OLD_INFO);
    expect(old.lastOffer.allocation_info).toBeUndefined();
    expect(old.lastOffer.resources?.[0]).toEqual({
      name: 'cpus',
      type: 'SCALAR',
      scalar: { value: 4 },
      role: '*',
    });
  });

  it('come back at the next interval without a filter, and after the filter with one', () => {
    const { harness, framework } = setUp();
    framework.call({
      type: 'DECLINE',
      decline: { offer_ids: [framework.lastOffer.id], filters: { refuse_seconds: 0 } },
    });
    expect(framework.offers).toHaveLength(1);
    harness.advance(1_000);
    expect(framework.offers).toHaveLength(2);
    framework.call({ type: 'DECLINE', decline: { offer_ids: [framework.lastOffer.id] } });
    harness.advance(4_500);
    expect(framework.offers).toHaveLength(2);
    harness.advance(1_500);
    expect(framework.offers).toHaveLength(3);
  });

  it('go to others at once when one framework declines them', () => {
    const { harness, framework } = setUp();
    const other = harness.scheduler({ ...INFO, roles: ['ads'] });
    expect(other.offers).toHaveLength(0);
    framework.call({ type: 'DECLINE', decline: { offer_ids: [framework.lastOffer.id] } });
    expect(other.offers).toHaveLength(1);
  });

  it('stop for suppressed roles and come again with REVIVE', () => {
    const { harness, framework } = setUp();
    framework.call({ type: 'SUPPRESS' });
    expect([...framework.record.suppressedRoles]).toEqual(['eng']);
    framework.call({
      type: 'DECLINE',
      decline: { offer_ids: [framework.lastOffer.id], filters: { refuse_seconds: 0 } },
    });
    harness.advance(3_000);
    expect(framework.offers).toHaveLength(1);
    framework.call({ type: 'REVIVE', revive: { roles: ['eng', 'strange'] } });
    expect(framework.offers).toHaveLength(2);
  });

  it('are rescinded after the offer timeout when there is one', () => {
    const harness = new CoreHarness({ settings: { offerTimeoutMs: 5_000 } });
    harness.agent();
    const framework = harness.scheduler();
    harness.advance(5_000);
    expect(framework.rescinded).toEqual(['M-O0']);
    expect(framework.offers).toHaveLength(2);
  });

  it('are rescinded when their agent is away, deactivated, or weights change', () => {
    const { harness, agent, framework } = setUp();
    harness.ask({ type: 'update-weights', weights: [{ role: 'eng', weight: 2 }] });
    expect(framework.rescinded).toEqual(['M-O0']);
    harness.ask({ type: 'deactivate-agent', agentId: agent.id });
    expect(framework.rescinded).toEqual(['M-O0', 'M-O1']);
    harness.advance(5_000);
    expect(framework.offers).toHaveLength(2);
    harness.ask({ type: 'reactivate-agent', agentId: agent.id });
    expect(framework.offers).toHaveLength(3);
    agent.close();
    expect(framework.rescinded).toEqual(['M-O0', 'M-O1', 'M-O2']);
  });
});

describe('ACCEPT', () => {
  it('launches tasks and gives the rest back as declined', () => {
    const { harness, agent, framework } = setUp();
    framework.launch(framework.lastOffer, task('one', agent.id), task('two', agent.id));
    expect(agent.of('LAUNCH').map(({ launch }) => launch.tasks.map(({ name }) => name))).toEqual([
      ['one'],
      ['two'],
    ]);
    expect([...framework.record.tasks.values()].map(({ state }) => state)).toEqual([
      'TASK_STAGING',
      'TASK_STAGING',
    ]);
    harness.advance(6_000);
    expect(amount(framework.lastOffer.resources, 'cpus')).toEqual([3]);
    expect(amount(framework.lastOffer.resources, 'mem')).toEqual([896]);
  });

  it('gives tasks with lacking allocation the role of the offer', () => {
    const { agent, framework } = setUp();
    const resources = [{ name: 'cpus', type: 'SCALAR' as const, scalar: { value: 1 } }];
    framework.launch(framework.lastOffer, task('one', agent.id, { resources }));
    expect(agent.of('LAUNCH')[0]?.launch.tasks[0]?.resources).toEqual([cpus(1)]);
  });

  it.each([
    [
      'too big',
      { resources: [cpus(400), mem(64)] },
      'Total resources cpus(allocated: eng):400; mem(allocated: eng):64 required by task and its executor is more than available cpus(allocated: eng):4; mem(allocated: eng):1024; disk(allocated: eng):1000; ports(allocated: eng):[31000-32000]',
    ],
    ['without resources', { resources: [] }, 'Task uses no resources'],
    [
      'for another agent',
      { agent_id: { value: 'x' } },
      'Task uses invalid agent x while agent M-S0 is expected',
    ],
    [
      'with neither command nor executor',
      { command: undefined },
      'Task should have at least one (but not both) of CommandInfo or ExecutorInfo present',
    ],
    [
      'with a wrong check',
      { health_check: { type: 'HTTP', http: { port: 80, path: 'x' } } },
      "Task uses invalid health check: The path 'x' of HTTP health check must start with '/'",
    ],
    [
      'with a negative grace period',
      { kill_policy: { grace_period: { nanoseconds: -1 } } },
      "Task's 'kill_policy.grace_period' must be non-negative",
    ],
    [
      'with limits that the agent does not know',
      { limits: { cpus: { value: 2 } } },
      'Agent M-S0 does not support task resource limits',
    ],
    [
      'with a Docker container without Docker',
      { container: { type: 'DOCKER' } },
      "Task's `ContainerInfo` is invalid: DockerInfo 'docker' is not set for DOCKER typed ContainerInfo",
    ],
    [
      'whose id leads elsewhere',
      { task_id: { value: '../x' } },
      "Task ID '../x' is invalid: '../x' contains invalid characters",
    ],
  ])('refuses a task %s, and goes on with the next one', (_name, more, message) => {
    const { agent, framework } = setUp();
    const { command, ...rest } = task('bad', agent.id);
    const bad = { ...rest, ...('command' in more ? {} : { command }), ...more };
    framework.launch(framework.lastOffer, bad as never, task('good', agent.id));
    expect(framework.lastStatus).toMatchObject({
      state: 'TASK_ERROR',
      source: 'SOURCE_MASTER',
      reason: 'REASON_TASK_INVALID',
      message,
    });
    expect(framework.lastStatus?.uuid).toBeUndefined();
    expect([...framework.record.tasks.keys()]).toEqual(['good']);
  });

  it('refuses the id of a task that is there already', () => {
    const { harness, agent, framework } = setUp();
    framework.launch(framework.lastOffer, task('one', agent.id));
    harness.advance(6_000);
    framework.launch(framework.lastOffer, task('one', agent.id));
    expect(framework.lastStatus?.message).toBe('Task has duplicate ID: one');
    expect(agent.of('LAUNCH')).toHaveLength(1);
  });

  it('drops what is done with offers that are no longer valid', () => {
    const { harness, agent, framework } = setUp();
    framework.accept(
      ['M-O9'],
      [
        { type: 'LAUNCH', launch: { task_infos: [task('late', agent.id)] } },
        { type: 'RESERVE', id: { value: 'op' }, reserve: { resources: [cpus(1)] } },
      ],
    );
    expect(framework.lastStatus).toMatchObject({
      state: 'TASK_DROPPED',
      reason: 'REASON_INVALID_OFFERS',
      message: 'Task launched with invalid offers: Offer M-O9 is no longer valid',
    });
    expect(framework.events.at(-1)).toMatchObject({
      type: 'UPDATE_OPERATION_STATUS',
      update_operation_status: {
        status: {
          operation_id: { value: 'op' },
          state: 'OPERATION_ERROR',
          message: 'Operation attempted with invalid offers: Offer M-O9 is no longer valid',
        },
      },
    });
    const old = harness.scheduler(OLD_INFO);
    old.launch({ ...framework.lastOffer }, task('theirs', agent.id));
    expect(old.lastStatus).toMatchObject({
      state: 'TASK_LOST',
      message:
        'Task launched with invalid offers: Offer M-O0 has invalid framework M-0000 while framework M-0001 is expected',
    });
    expect(harness.state.offers.has('M-O0')).toBe(true);
  });

  it('combines offers of one agent and role only, and takes the others back', () => {
    const { harness, framework } = setUp();
    const second = harness.agent();
    const [one, two] = framework.offers;
    framework.accept(
      [one?.id.value ?? '', two?.id.value ?? ''],
      [{ type: 'LAUNCH', launch: { task_infos: [task('x', second.id)] } }],
    );
    expect(framework.lastStatus?.message).toContain('Aggregated offers must belong to one single agent.');
    framework.accept(['M-O0', 'M-O0'], []);
    harness.advance(1_000);
    expect(framework.offers).toHaveLength(4);
  });

  it('launches a group with its executor whole or not at all', () => {
    const { harness, agent, framework } = setUp();
    const executor = {
      type: 'DEFAULT',
      executor_id: { value: 'pod' },
      resources: [cpus(0.1), mem(32), disk(10)],
    };
    const group = (...tasks: object[]): object => ({
      type: 'LAUNCH_GROUP',
      launch_group: { executor, task_group: { tasks } },
    });
    framework.accept(
      ['M-O0'],
      [
        group(task('a', agent.id), task('b', agent.id, { resources: [] })),
        group(task('c', agent.id), task('d', agent.id)),
      ],
    );
    expect(framework.statuses).toMatchObject([
      { task_id: { value: 'a' }, state: 'TASK_ERROR', reason: 'REASON_TASK_GROUP_INVALID' },
      {
        task_id: { value: 'b' },
        state: 'TASK_ERROR',
        message: "Task 'b' is invalid: Task uses no resources",
      },
    ]);
    const [launched] = agent.of('LAUNCH');
    expect(launched?.launch).toMatchObject({
      is_group: true,
      executor_info: { executor_id: { value: 'pod' }, framework_id: { value: framework.id } },
    });
    expect(launched?.launch.tasks.map(({ name }) => name)).toEqual(['c', 'd']);
    harness.advance(6_000);
    expect(amount(framework.lastOffer.resources, 'cpus')).toEqual([2.9]);
    expect(framework.lastOffer.executor_ids).toEqual([{ value: 'pod' }]);
    for (const id of ['c', 'd']) agent.update(framework, id, 'TASK_FINISHED');
    harness.feed({
      type: 'agent-call',
      agentId: agent.id,
      call: {
        type: 'EXECUTOR_EXITED',
        agent_id: { value: agent.id },
        executor_exited: {
          framework_id: { value: framework.id },
          executor_id: { value: 'pod' },
          status: 0,
        },
      },
    });
    expect(framework.events).toContainEqual({
      type: 'FAILURE',
      failure: { agent_id: { value: agent.id }, executor_id: { value: 'pod' }, status: 0 },
    });
    framework.declineAll();
    harness.advance(6_000);
    expect(amount(framework.lastOffer.resources, 'cpus')).toEqual([4]);
  });

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
