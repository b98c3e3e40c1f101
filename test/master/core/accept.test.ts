import { describe, expect, it } from 'vitest';
import { CoreHarness, cpus, disk, mem, OLD_INFO, task } from './harness.ts';

const setUp = () => {
  const harness = new CoreHarness();
  const agent = harness.agent();
  const framework = harness.scheduler();
  return { harness, agent, framework };
};

const amount = (resources: readonly { name: string; scalar?: { value: number } }[] = [], name: string) =>
  resources.filter((resource) => resource.name === name).map(({ scalar }) => scalar?.value);

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
});
