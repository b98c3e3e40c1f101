import { beforeEach, describe, expect, it } from 'vitest';
import { JobsHarness, jobDocument } from './jobs-harness.ts';

let harness: JobsHarness;

beforeEach(async () => {
  harness = new JobsHarness();
  await harness.start();
});

const add = (id: string, run: object = {}, more: object = {}) => harness.add(jobDocument(id, run, more));
const counts = (jobId: string): [number, number] => {
  const { successCount, failureCount } = harness.engine.history(jobId);
  return [successCount, failureCount];
};

describe('a run', () => {
  it('is launched, ends, and goes into the history of its job', async () => {
    harness.master.addAgent({ id: 'a' });
    await add('nightly', { env: { A: '1' } }, { labels: { team: 'x' } });
    const id = await harness.run('nightly');
    await harness.pass(2_000);
    const [task] = harness.master.runningTasks();
    expect(task?.info).toMatchObject({
      name: 'nightly',
      task_id: { value: `nightly_${id}.1` },
      command: { shell: true, value: 'true' },
      labels: { labels: [{ key: 'team', value: 'x' }] },
    });
    expect(harness.engine.run(id)?.tasks[0]?.state).toBe('TASK_RUNNING');
    harness.end('TASK_FINISHED');
    await harness.pass(100);
    expect(harness.engine.runs('nightly')).toEqual([]);
    expect(harness.engine.history('nightly')).toMatchObject({ successCount: 1, successes: [{ id }] });
  });

  it('fails with its task, and is not tried again, unless its job says so', async () => {
    harness.master.addAgent({ id: 'a' });
    harness.master.behaviour = () => 'fail';
    await add('once');
    await add('again', { restart: { policy: 'ON_FAILURE', activeDeadlineSeconds: 10 } });
    await harness.run('once');
    const again = await harness.run('again');
    await harness.pass(1_500);
    expect(counts('once')).toEqual([0, 1]);
    expect(harness.engine.history('once').failures[0]).not.toHaveProperty('message', '');
    expect(harness.engine.run(again)?.failures).toBeGreaterThan(0);
    await harness.pass(60_000);
    expect(counts('again')).toEqual([0, 1]);
    expect(harness.engine.history('again').failures[0]?.tasks.length).toBeGreaterThan(2);
  });

  it('that succeeds at the second attempt has succeeded', async () => {
    harness.master.addAgent({ id: 'a' });
    let attempts = 0;
    harness.master.behaviour = () => (++attempts === 1 ? 'fail' : 'run');
    await add('again', { restart: { policy: 'ON_FAILURE' } });
    await harness.run('again');
    await harness.pass(10_000);
    harness.end('TASK_FINISHED');
    await harness.pass(100);
    expect(counts('again')).toEqual([1, 0]);
  });

  it('waits for an offer, and fails after maxLaunchDelay', async () => {
    await add('big', { cpus: 100, maxLaunchDelay: 60 });
    harness.master.addAgent({ id: 'a' });
    const id = await harness.run('big');
    await harness.pass(30_000);
    expect(harness.engine.waiting().map((run) => run.id)).toEqual([id]);
    await harness.pass(31_000);
    expect(harness.engine.history('big').failures[0]?.message).toBe('No offer had what it needs for 60 s');
    expect(harness.engine.waiting()).toEqual([]);
    expect(counts('big')).toEqual([0, 1]);
  });

  it('asks for no offers while nothing waits', async () => {
    harness.master.addAgent({ id: 'a' });
    await harness.pass(10_000);
    expect(harness.master.calls.map(({ type }) => type)).not.toContain('DECLINE');
    await add('one');
    await harness.run('one');
    await harness.pass(2_000);
    const seen = harness.master.calls.length;
    await harness.pass(30_000);
    const later = harness.master.calls.slice(seen).map(({ type }) => type);
    expect(later.filter((type) => type === 'DECLINE' || type === 'ACCEPT')).toEqual([]);
  });

  it('is placed where its constraints allow', async () => {
    const rack = (value: string) => [{ name: 'rack', type: 'TEXT' as const, text: { value } }];
    harness.master.addAgent({ id: 'a', attributes: rack('r1') });
    harness.master.addAgent({ id: 'b', attributes: rack('r2') });
    harness.master.addAgent({ id: 'c' });
    const constrained = (attribute: string, operator: string, value: string) => ({
      placement: { constraints: [{ attribute, operator, value }] },
    });
    await add('is', constrained('rack', 'EQ', 'r2'));
    await add('like', constrained('@hostname', 'LIKE', '[ac].example'));
    await add('unlike', constrained('rack', 'UNLIKE', 'r.'));
    for (const id of ['is', 'like', 'unlike']) await harness.run(id);
    await harness.pass(8_000);
    const places = new Map(harness.master.runningTasks().map(({ info, agentId }) => [info.name, agentId]));
    expect(places.get('is')).toBe('b');
    expect(['a', 'c']).toContain(places.get('like'));
    expect(places.get('unlike')).toBe('c');
  });

  it('is stopped with its task', async () => {
    harness.master.addAgent({ id: 'a' });
    await add('long');
    const runId = await harness.run('long');
    await harness.pass(2_000);
    await harness.answer(harness.engine.change({ type: 'stop-run', jobId: 'long', runId }));
    await harness.pass(1_000);
    expect(harness.master.runningTasks()).toEqual([]);
    expect(counts('long')).toEqual([0, 1]);
  });

  it('goes on with a lost agent that comes back, and is given up with one that does not', async () => {
    harness.master.addAgent({ id: 'a' });
    await add('long');
    await harness.run('long');
    await harness.pass(2_000);
    harness.master.loseAgent('a');
    await harness.pass(60_000);
    harness.master.returnAgent('a');
    await harness.pass(1_000);
    expect(harness.engine.runs('long')[0]?.tasks[0]?.state).toBe('TASK_RUNNING');
    harness.master.loseAgent('a');
    await harness.pass(16 * 60_000);
    expect(counts('long')).toEqual([0, 1]);
    harness.master.returnAgent('a');
    await harness.pass(1_000);
    expect(harness.master.runningTasks()).toEqual([]);
  });
});

describe('a job', () => {
  it('cannot be removed while it runs, unless its runs are stopped', async () => {
    harness.master.addAgent({ id: 'a' });
    await add('long');
    await harness.run('long');
    await harness.pass(2_000);
    const remove = (stopsRuns: boolean) =>
      harness.answer(harness.engine.change({ type: 'remove-job', jobId: 'long', stopsRuns }));
    await expect(remove(false)).rejects.toMatchObject({ status: 409 });
    await remove(true);
    await harness.pass(1_000);
    expect(harness.engine.jobs()).toEqual([]);
    expect(harness.master.runningTasks()).toEqual([]);
    expect(harness.engine.history('long').failureCount).toBe(0);
  });

  it('runs when all that it depends on has succeeded, once for each time', async () => {
    harness.master.addAgent({ id: 'a' });
    await add('one');
    await add('two');
    await add('after', {}, { dependencies: [{ id: 'one' }, { id: 'two' }] });
    const succeed = async (id: string): Promise<void> => {
      await harness.run(id);
      await harness.pass(2_000);
      harness.end('TASK_FINISHED');
      await harness.pass(1_500);
    };
    await succeed('one');
    expect(harness.engine.runs('after')).toHaveLength(0);
    await succeed('two');
    expect(harness.engine.runs('after')).toHaveLength(1);
    harness.end('TASK_FINISHED');
    await harness.pass(100);
    await succeed('two');
    expect(harness.engine.runs('after')).toHaveLength(0);
    expect(counts('after')).toEqual([1, 0]);
  });

  it('cannot depend on itself, on others in a circle, or on nothing', async () => {
    await add('a');
    await add('b', {}, { dependencies: [{ id: 'a' }] });
    await expect(add('c', {}, { dependencies: [{ id: 'nobody' }] })).rejects.toMatchObject({ status: 422 });
    await expect(add('c', {}, { dependencies: [{ id: 'c' }] })).rejects.toThrow('/dependencies/0/id');
    const { readJob } = await import('../../src/jobs/definitions/read-job.ts');
    const { job } = await readJob(jobDocument('a', {}, { dependencies: [{ id: 'b' }] }), 0);
    await expect(harness.answer(harness.engine.change({ type: 'update-job', job }))).rejects.toThrow(
      'a -> b -> a',
    );
  });
});
