import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type ClientCluster, endsOf, startClientCluster } from '../client-cluster.ts';
import { type InstalledPrograms, installGo } from '../installations.ts';
import { findGo } from '../runtimes.ts';
import { startProgram } from '../start-program.ts';

/** mesos-go: a strict client in Go, which speaks protobuf unless told otherwise. */

const COMMANDS = 'github.com/mesos/mesos-go/api/v1/cmd';
const go = findGo();

describe.skipIf(go === undefined)('mesos-go', () => {
  let built: InstalledPrograms;
  let cluster: ClientCluster;
  const toClose: (() => Promise<void>)[] = [];

  beforeAll(async () => {
    built = await installGo(
      go ?? '',
      import.meta.dirname,
      ['example-scheduler', 'example-executor', 'msh'].map((name) => `${COMMANDS}/${name}`),
    );
    toClose.push(built.remove);
    cluster = await startClientCluster();
    toClose.push(cluster.close);
  });
  afterAll(async () => {
    for (const close of toClose.reverse()) await close();
  });

  for (const codec of ['protobuf', 'json']) {
    it(`runs the tasks of its example scheduler on its example executor, speaking ${codec}`, async () => {
      const name = `example-${codec}`;
      const { stdout, stderr } = await startProgram(built.program('example-scheduler'), [
        ...['-url', `${cluster.addresses.master}/api/v1/scheduler`, '-codec', codec, '-name', name],
        ...['-executor', built.program('example-executor'), '-exec.image', '', '-exec.memory', '32'],
        ...['-server.address', '127.0.0.1', '-metrics.port', '0', '-failoverTimeout', '0s'],
        ...['-tasks', '5', '-cpu', '0.5', '-memory', '64', '-verbose'],
      ]).ended;

      // It exits with 1 even so: leaving its own event loop counts as an error with it.
      expect(stdout + stderr).toContain('mission accomplished');
      const framework = await cluster.until(name, 'is gone', ({ active }) => !active);
      expect(endsOf(framework)).toEqual({
        1: 'TASK_FINISHED',
        2: 'TASK_FINISHED',
        3: 'TASK_FINISHED',
        4: 'TASK_FINISHED',
        5: 'TASK_FINISHED',
      });
      expect(new Set(framework.completed_tasks.map(({ executor_id: id }) => id))).toEqual(
        new Set(['default']),
      );
    });
  }

  const msh = (name: string, ...args: string[]) =>
    startProgram(built.program('msh'), ['-master', cluster.master, '-framework_name', name, ...args]).ended;

  it('runs a command to its end with msh, whose output is in the sandbox', async () => {
    const { code, stdout, stderr } = await msh('shell', '--', 'sh', '-c', 'echo from msh');
    expect(code, stdout + stderr).toBe(0);
    const { completed_tasks: tasks } = await cluster.until('shell', 'is gone', ({ active }) => !active);
    expect(tasks.map(({ state }) => state)).toEqual(['TASK_FINISHED']);
    const log = await cluster.home.must('task', 'log', '--completed', tasks[0]?.id ?? '');
    expect(log).toContain('from msh');
  });

  it('tells msh that a command failed', async () => {
    const { code, stdout, stderr } = await msh('failing', '--', 'sh', '-c', 'exit 4');
    expect(code, stdout + stderr).toBe(3);
    const { completed_tasks: tasks } = await cluster.until('failing', 'is gone', ({ active }) => !active);
    expect(tasks.map(({ state }) => state)).toEqual(['TASK_FAILED']);
  });

  it('runs a command of msh as a pod', async () => {
    const { code, stdout, stderr } = await msh('pod', '-pod', '--', 'true');
    expect(code, stdout + stderr).toBe(0);
    const { completed_tasks: tasks } = await cluster.until('pod', 'is gone', ({ active }) => !active);
    expect(tasks.map(({ state }) => state)).toEqual(['TASK_FINISHED']);
  });
});
