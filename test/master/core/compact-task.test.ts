import { describe, expect, it } from 'vitest';
import { compactTask } from '../../../src/master/core/compact-task.ts';
import type { Task } from '../../../src/mesos/generated/mesos.ts';
import { CoreHarness, cpus, mem, reportedTask } from './harness.ts';

const setUp = () => {
  const harness = new CoreHarness();
  const { record } = harness.scheduler();
  const agent = harness.state.agents.get(harness.agent().id);
  if (agent === undefined) throw new Error('There is no agent');
  const told = (id: string, more: Partial<Task> = {}): Task => ({
    ...structuredClone(reportedTask(id, record.id, agent.id).task),
    name: 'web',
    labels: { labels: [{ key: 'team', value: 'one' }] },
    ...more,
  });
  const compact = (task: Task): Task => compactTask(task, record, agent);
  return { told, compact };
};

describe('a task on record', () => {
  it('says what it did', () => {
    const { told, compact } = setUp();
    compact(told('first'));
    const task = told('second', {
      resources: [cpus(0.5), mem(32)],
      kill_policy: { grace_period: { nanoseconds: 1 } },
    });
    const before = structuredClone(task);
    expect(compact(task)).toEqual(before);
    expect(task).toEqual(before);
  });

  it('has what the last one of its name has, and nothing that is different', () => {
    const { told, compact } = setUp();
    const first = compact(told('first'));
    const second = compact(told('second'));
    expect(second.resources).toBe(first.resources);
    expect(second.labels).toBe(first.labels);
    expect(second.framework_id).toBe(first.framework_id);
    const third = compact(told('third', { resources: [cpus(0.5), mem(32)], labels: { labels: [] } }));
    expect(third.resources?.[0]).toBe(first.resources?.[0]);
    expect(third.resources?.[1]).toEqual(mem(32));
    expect(third.labels).toEqual({ labels: [] });
    expect(first.resources?.[1]).toEqual(mem(64));
  });

  it('has what the last one of its framework has, when there was none of its name', () => {
    const { told, compact } = setUp();
    const first = compact(told('first', { name: 'job-1' }));
    expect(compact(told('second', { name: 'job-2' })).labels).toBe(first.labels);
  });

  it('has its ids in its statuses, and one description of a container that stays the same', () => {
    const { told, compact } = setUp();
    const status = {
      task_id: { value: 'first' },
      agent_id: { value: 'S' },
      container_status: { executor_pid: 7 },
    };
    const statuses = (['TASK_STARTING', 'TASK_RUNNING'] as const).map((state) => ({
      ...structuredClone(status),
      state,
    }));
    const task = compact(told('first', { statuses }));
    const [starting, running] = task.statuses ?? [];
    expect(running?.task_id).toBe(task.task_id);
    expect(running?.agent_id).toBe(task.agent_id);
    expect(running?.container_status).toBe(starting?.container_status);
    expect(running?.container_status).toEqual({ executor_pid: 7 });
  });
});
