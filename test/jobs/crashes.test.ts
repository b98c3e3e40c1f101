import { describe, expect, it } from 'vitest';
import { isTerminal } from '../../src/mesos/task-state.ts';
import { JobsHarness, jobDocument } from './jobs-harness.ts';

const SEEDS = Array.from({ length: 40 }, (_, index) => index + 1);

/** The service is killed at any moment, and calls get lost: no run is lost, and none runs twice at a time. */
describe('whatever dies', () => {
  it.each(SEEDS)('every run ends once (seed %i)', async (seed) => {
    const harness = new JobsHarness(seed);
    const { random, master } = harness;
    master.addAgent({ id: 'a' });
    master.addAgent({ id: 'b' });
    harness.isLost = () => random.next() < 0.1;
    await harness.start();
    const document = jobDocument('j', { restart: { policy: 'ON_FAILURE' } });
    await harness.add(document);

    const begun = new Set<string>();
    for (let step = 0; step < 60; step++) {
      const dice = random.next();
      if (dice < 0.3) {
        begun.add(await harness.run('j'));
      } else if (dice < 0.5) {
        harness.crash();
        await harness.pass(Math.floor(random.next() * 2_000));
        await harness.start();
      } else if (dice < 0.7) {
        const tasks = master.runningTasks().filter(({ state }) => state === 'TASK_RUNNING');
        const task = tasks[Math.floor(random.next() * tasks.length)];
        if (task) {
          master.change(task.info.task_id.value, random.next() < 0.3 ? 'TASK_FAILED' : 'TASK_FINISHED');
        }
      }
      await harness.pass(Math.floor(random.next() * 3_000));
      const runs = master.runningTasks().map(({ info }) => info.task_id.value.split('.')[0]);
      expect(new Set(runs).size).toBe(runs.length);
    }

    harness.isLost = () => false;
    for (let round = 0; round < 200 && harness.engine.runs('j').length > 0; round++) {
      harness.end('TASK_FINISHED');
      await harness.pass(5_000);
    }
    expect(harness.engine.runs('j')).toEqual([]);
    expect(master.tasks().every(({ state }) => isTerminal(state))).toBe(true);
    const { successCount, failureCount } = harness.engine.history('j');
    expect(failureCount).toBe(0);
    expect(successCount).toBe(begun.size);
  });
});
