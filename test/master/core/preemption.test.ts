import { describe, expect, it } from 'vitest';
import type { Observation } from '../../../src/master/core/effect.ts';
import type { FrameworkInfo, TaskInfo } from '../../../src/mesos/generated/mesos.ts';
import { CoreHarness, cpus, INFO, mem, type TestAgent, type TestFramework, task } from './harness.ts';

const SECOND = 1_000;
const ROLE = { allocation_info: { role: 'batch' } };

const batchTask = (id: string, agentId: string, more: Partial<TaskInfo> = {}): TaskInfo =>
  task(id, agentId, { resources: [cpus(1, ROLE), mem(256, ROLE)], ...more });

const infoOf = (role: string): FrameworkInfo => ({ ...INFO, name: role, roles: [role] });

/** An agent that `batch` has filled with four tasks; half of it is guaranteed to `eng`, which nobody has asked for as yet. */
const full = (settings = {}, tasksOf = (agentId: string) => fourTasks(agentId)) => {
  const harness = new CoreHarness({ settings: { isPreempting: true, ...settings } });
  const agent = harness.agent('cpus:4;mem:1024');
  const batch = harness.scheduler(infoOf('batch'));
  const tasks = tasksOf(agent.id);
  batch.launch(batch.lastOffer, ...tasks);
  for (const { task_id } of tasks) agent.update(batch, task_id.value, 'TASK_RUNNING');
  const amounts = { cpus: { value: 2 }, mem: { value: 512 } };
  harness.ask({
    type: 'update-quotas',
    configs: [{ role: 'eng', guarantees: amounts, limits: {} }],
    isForced: true,
  });
  return { harness, agent, batch };
};

const fourTasks = (agentId: string): TaskInfo[] =>
  ['one', 'two', 'three', 'four'].map((id) => batchTask(id, agentId));

const killed = (agent: TestAgent) => agent.of('KILL').map(({ kill }) => kill.task_id.value);

const observed = ({ effects }: CoreHarness): Observation[] =>
  effects.flatMap((effect) =>
    effect.type === 'observe' && effect.observation.type === 'preempted' ? [effect.observation] : [],
  );

const offeredCpus = ({ offers }: TestFramework): number =>
  offers
    .flatMap(({ resources = [] }) => resources)
    .reduce((sum, { name, scalar }) => sum + (name === 'cpus' ? (scalar?.value ?? 0) : 0), 0);

/** Of an executor that does not hear of kills. */
const deafTask = (id: string, agentId: string): TaskInfo => {
  const { command, ...rest } = batchTask(id, agentId, { resources: [cpus(0.5, ROLE), mem(128, ROLE)] });
  const resources = [cpus(0.1, ROLE), mem(32, ROLE)];
  return {
    ...rest,
    executor: { type: 'CUSTOM', executor_id: { value: 'deaf' }, resources, ...(command ? { command } : {}) },
  };
};

const endKilled = (agent: TestAgent, batch: TestFramework): void => {
  for (const id of killed(agent)) agent.update(batch, id, 'TASK_KILLED');
};

describe('a guarantee that cannot be served', () => {
  it('has as many tasks of others killed as it needs, says why, and gets what is freed', () => {
    const { harness, agent, batch } = full();
    const eng = harness.scheduler(infoOf('eng'));
    harness.advance(8 * SECOND);
    expect(killed(agent)).toHaveLength(2);
    const reason = "Role 'eng' lacks cpus:2; mem:512 of its guarantee";
    expect(agent.of('KILL')[0]?.kill).toMatchObject({
      framework_id: { value: batch.id },
      preemption: { message: `Preempted: ${reason}, and no more is free` },
    });
    expect(observed(harness)).toEqual(
      killed(agent).map((id) => ({
        type: 'preempted',
        role: 'eng',
        message: reason,
        agentId: agent.id,
        frameworkId: batch.id,
        taskIds: [id],
      })),
    );
    const logged = harness.effects.filter(
      (effect) => effect.type === 'log' && effect.message === 'killing tasks for a guarantee',
    );
    expect(logged).toHaveLength(2);
    endKilled(agent, batch);
    harness.advance(2 * SECOND);
    expect(offeredCpus(eng)).toBe(2);
    harness.advance(60 * SECOND);
    expect(killed(agent)).toHaveLength(2);
  });

  it('waits a while first, and while kills are under way', () => {
    const { harness, agent } = full();
    harness.scheduler(infoOf('eng'));
    harness.advance(4 * SECOND);
    expect(killed(agent)).toEqual([]);
    harness.advance(20 * SECOND);
    expect(killed(agent)).toHaveLength(2);
  });

  it('is for frameworks of the roles below as well', () => {
    const { harness, agent, batch } = full();
    const web = harness.scheduler(infoOf('eng/web'));
    harness.advance(8 * SECOND);
    endKilled(agent, batch);
    harness.advance(2 * SECOND);
    expect(offeredCpus(web)).toBe(2);
  });

  it('costs nobody anything when nobody wants it or it is not switched on', () => {
    const unwanted = full();
    unwanted.harness.scheduler(infoOf('eng'), { suppressed_roles: ['eng'] });
    unwanted.harness.advance(60 * SECOND);
    expect(killed(unwanted.agent)).toEqual([]);
    const off = full({ isPreempting: false });
    off.harness.scheduler(infoOf('eng'));
    off.harness.advance(60 * SECOND);
    expect(killed(off.agent)).toEqual([]);
  });

  it('takes offers back that others sit on before it kills anything', () => {
    const { harness, agent, batch } = full({}, (agentId) => fourTasks(agentId).slice(0, 2));
    // The quota took the offer back already; without one that is wanted, the rest is offered again.
    harness.ask({ type: 'update-quotas', configs: [{ role: 'eng' }], isForced: true });
    harness.advance(10 * SECOND);
    const { id } = batch.lastOffer;
    harness.core.allocator.setQuota('eng', { guarantees: { cpus: 2, mem: 512 }, limits: {} });
    const eng = harness.scheduler(infoOf('eng'));
    harness.advance(8 * SECOND);
    expect(batch.rescinded).toContain(id.value);
    expect(observed(harness)).toMatchObject([{ role: 'eng', taskIds: [], offerId: id.value }]);
    expect(eng.offers).toHaveLength(1);
    expect(killed(agent)).toEqual([]);
  });

  it('leaves alone what is on agents that will be away', () => {
    const { harness, agent } = full();
    const machine_ids = [{ hostname: 'host', ip: '127.0.0.1' }];
    const unavailability = { start: { nanoseconds: 1 } };
    harness.ask({ type: 'update-schedule', schedule: { windows: [{ machine_ids, unavailability }] } });
    harness.scheduler(infoOf('eng'));
    harness.advance(60 * SECOND);
    expect(killed(agent)).toEqual([]);
  });

  it('is not helped by tasks on what others have reserved', () => {
    const reserved = { ...ROLE, reservations: [{ type: 'STATIC' as const, role: 'batch' }] };
    const harness = new CoreHarness({ settings: { isPreempting: true } });
    const agent = harness.agent('cpus(batch):4;mem(batch):1024');
    const batch = harness.scheduler(infoOf('batch'));
    batch.launch(
      batch.lastOffer,
      task('one', agent.id, { resources: [cpus(4, reserved), mem(1024, reserved)] }),
    );
    agent.update(batch, 'one', 'TASK_RUNNING');
    const guarantees = { cpus: { value: 2 } };
    harness.ask({
      type: 'update-quotas',
      configs: [{ role: 'eng', guarantees, limits: {} }],
      isForced: true,
    });
    harness.scheduler(infoOf('eng'));
    harness.advance(60 * SECOND);
    expect(killed(agent)).toEqual([]);
    const warnings = harness.effects.filter(
      (effect) => effect.type === 'log' && effect.message === 'nothing more can be taken for a guarantee',
    );
    expect(warnings).toMatchObject([{ fields: { role: 'eng', missing: 'cpus:2' } }]);
  });

  it('ends an executor that does not end its tasks, and looks for others then', () => {
    const { harness, agent, batch } = full({}, (agentId) => [
      ...fourTasks(agentId).slice(0, 3),
      deafTask('four', agentId),
    ]);
    for (const id of ['one', 'two', 'three']) agent.update(batch, id, 'TASK_FINISHED');
    // Only the deaf executor's task is left.
    const guarantees = { cpus: { value: 4 }, mem: { value: 1024 } };
    harness.ask({
      type: 'update-quotas',
      configs: [{ role: 'eng', guarantees, limits: {} }],
      isForced: true,
    });
    harness.scheduler(infoOf('eng'));
    harness.advance(20 * SECOND);
    expect(killed(agent)).toEqual(['four']);
    expect(agent.of('SHUTDOWN_EXECUTOR')).toEqual([]);
    harness.advance(60 * SECOND);
    expect(agent.of('SHUTDOWN_EXECUTOR')).toMatchObject([
      { shutdown_executor: { executor_id: { value: 'deaf' } } },
    ]);
    expect(killed(agent)).toEqual(['four']);
  });
});
