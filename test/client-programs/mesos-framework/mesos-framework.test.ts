import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { waitFor } from '../../support/wait-for.ts';
import { type ClientCluster, type FrameworkState, startClientCluster } from '../client-cluster.ts';
import { type Installation, installNpm } from '../installations.ts';
import { type Program, startProgram } from '../start-program.ts';

/** npm's mesos-framework: JSON, records read as they happen to come, everything else but a 202 an error. */

/** What scheduler.cjs says. */
interface Said {
  readonly event: string;
  readonly id?: string;
  readonly task?: string;
  readonly agent?: string;
  readonly state?: string;
  readonly reason?: string;
}

describe('mesos-framework', () => {
  let installed: Installation;
  let cluster: ClientCluster;
  const toClose: (() => Promise<void>)[] = [];

  beforeAll(async () => {
    installed = await installNpm('mesos-framework', ['mesos-framework@0.5.3']);
    toClose.push(installed.remove);
    // It writes its log there, and fails without the folder.
    await mkdir(join(installed.folder, 'logs'));
    cluster = await startClientCluster();
    toClose.push(cluster.close);
  });
  afterAll(async () => {
    for (const close of toClose.reverse()) await close();
  });

  const start = (name: string, instances: number, id?: string): Program => {
    const { hostname, port } = new URL(cluster.addresses.master);
    const program = startProgram(
      process.execPath,
      [
        join(import.meta.dirname, 'scheduler.cjs'),
        join(installed.folder, 'node_modules', 'mesos-framework'),
        ...[hostname, port, name, String(instances), ...(id === undefined ? [] : [id])],
      ],
      { cwd: installed.folder, isInputOpen: true, timeoutMs: 120_000 },
    );
    toClose.push(async () => program.kill());
    return program;
  };
  const said = (program: Program): Said[] =>
    program.output.stdout
      .split('\n')
      .slice(0, -1)
      .filter((line) => line.startsWith('{'))
      .map((line) => JSON.parse(line) as Said);
  const until = (program: Program, what: string, fits: (one: Said) => boolean): Promise<Said> =>
    waitFor(what, () => said(program).find(fits), { timeoutMs: 60_000 });
  const running = ({ tasks }: FrameworkState, count: number): boolean =>
    tasks.length === count && tasks.every(({ state }) => state === 'TASK_RUNNING');

  it('launches, kills and scales tasks, comes back to them, and is torn down', async () => {
    const first = start('sleepers', 3);
    const { id } = await until(first, 'it is subscribed', ({ event }) => event === 'subscribed');
    const launched = await cluster.until('sleepers', 'runs 3 tasks', (one) => running(one, 3));
    expect(launched.id).toBe(id);
    expect(launched.tasks.map(({ name }) => name).sort()).toEqual(['sleeper-1', 'sleeper-2', 'sleeper-3']);

    const [victim] = launched.tasks;
    first.write(`kill ${victim?.id} ${victim?.slave_id}\n`);
    await until(first, 'it is killed', ({ task, state }) => task === victim?.id && state === 'TASK_KILLED');
    await cluster.until('sleepers', 'runs 2 tasks', (one) => running(one, 2));

    first.write('scale\n');
    const scaled = await cluster.until('sleepers', 'runs 3 tasks again', (one) => running(one, 3));
    const names = scaled.tasks.map(({ name }) => name);
    expect(names).toContain('sleeper-more');

    first.write('leave\n');
    expect((await first.ended).code).toBe(0);
    await cluster.until('sleepers', 'is away', ({ active }) => !active);

    const second = start('sleepers', 0, id);
    await until(second, 'it is subscribed', (one) => one.event === 'subscribed' && one.id === id);
    second.write('reconcile\n');
    for (const { id: task } of scaled.tasks) {
      await until(
        second,
        `it hears of ${task}`,
        (one) => one.task === task && one.state === 'TASK_RUNNING' && one.reason === 'REASON_RECONCILIATION',
      );
    }
    second.write('reconcile never.was nowhere\n');
    await until(
      second,
      'it hears of what never was',
      ({ task, state }) => task === 'never.was' && state !== 'TASK_RUNNING',
    );
    for (const program of [first, second]) {
      expect(said(program).filter(({ event }) => event === 'error')).toEqual([]);
    }

    second.write('teardown\n');
    await until(second, 'it is torn down', ({ event }) => event === 'sent teardown');
    const gone = await cluster.until('sleepers', 'is gone', ({ tasks }) => tasks.length === 0);
    expect(gone.completed_tasks.map(({ state }) => state)).toEqual(Array(4).fill('TASK_KILLED'));
  });
});
