import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { ExecutorInfo, TaskInfo } from '../../src/mesos/generated/mesos.ts';
import { waitFor } from '../support/wait-for.ts';
import { type FakeMaster, FRAMEWORK, shellTask } from './fake-master.ts';
import { startTestCluster } from './test-agent.ts';

const EXECUTOR: ExecutorInfo = { type: 'DEFAULT', executor_id: { value: 'pod' } };

const launchGroup = (master: FakeMaster, ...tasks: TaskInfo[]): void =>
  master.send({
    type: 'LAUNCH',
    launch: {
      framework_info: FRAMEWORK,
      executor_info: EXECUTOR,
      tasks: tasks.map((task) => ({ ...task, executor: EXECUTOR })),
      is_group: true,
    },
  });

const kill = (master: FakeMaster, taskId: string): void =>
  master.send({ type: 'KILL', kill: { framework_id: { value: 'fw' }, task_id: { value: taskId } } });

const exitsOf = (master: FakeMaster): unknown[] =>
  master.calls.flatMap((call) => (call.type === 'EXECUTOR_EXITED' ? [call.executor_exited] : []));

describe('a task group', () => {
  it('runs its tasks in sandboxes inside that of their executor', async () => {
    const { master, folder } = await startTestCluster();
    launchGroup(master, shellTask('a', 'echo from-a; sleep 1000'), shellTask('b', 'echo from-b; sleep 1000'));
    const status = await master.until('a', 'TASK_RUNNING');
    await master.until('b', 'TASK_RUNNING');
    const run = join(folder, 'slaves/agent-0/frameworks/fw/executors/pod/runs/latest');
    await waitFor('both have spoken', () => existsSync(join(run, 'tasks/b/stdout')));
    await waitFor('a has spoken', () => readFileSync(join(run, 'tasks/a/stdout'), 'utf8') === 'from-a\n');
    expect(status.container_status?.container_id?.parent?.value).toMatch(/^[0-9a-f-]{36}$/);
    expect(status.executor_id).toEqual({ value: 'pod' });
  });

  it.runIf(process.getuid?.() === 0)('prints into its sandboxes as another user, too', async () => {
    const { master, folder } = await startTestCluster();
    const command = { value: 'id -un; echo problem >&2; exec sleep 1000', user: 'nobody' };
    launchGroup(master, shellTask('a', '', { command }), shellTask('b', '', { command }));
    await master.until('b', 'TASK_RUNNING');
    const run = join(folder, 'slaves/agent-0/frameworks/fw/executors/pod/runs/latest');
    for (const [name, text] of [
      ['a/stdout', 'nobody\n'],
      ['a/stderr', 'problem\n'],
      ['b/stdout', 'nobody\n'],
    ] as const) {
      const file = join(run, 'tasks', name);
      await waitFor(name, () => existsSync(file) && readFileSync(file, 'utf8') === text);
    }
  });

  it('ends as a whole when one task fails', async () => {
    const { master } = await startTestCluster();
    launchGroup(master, shellTask('bad', 'exit 3'), shellTask('good', 'sleep 1000'));
    expect(await master.until('bad', 'TASK_FAILED')).toMatchObject({
      message: 'Command exited with status 3',
    });
    await master.until('good', 'TASK_KILLED');
    await waitFor('the executor is over', () => exitsOf(master).length === 1);
    expect(exitsOf(master)).toEqual([
      { framework_id: { value: 'fw' }, executor_id: { value: 'pod' }, status: 0 },
    ]);
  });

  it('ends as a whole when one task is killed', async () => {
    const { master } = await startTestCluster();
    launchGroup(master, shellTask('one', 'sleep 1000'), shellTask('two', 'sleep 1000'));
    await master.until('two', 'TASK_RUNNING');
    await master.until('one', 'TASK_RUNNING');
    kill(master, 'one');
    await master.until('one', 'TASK_KILLED');
    await master.until('two', 'TASK_KILLED');
  });

  it('goes on when one task finishes', async () => {
    const { master } = await startTestCluster();
    launchGroup(master, shellTask('done', 'true'), shellTask('on', 'sleep 1000'));
    await master.until('done', 'TASK_FINISHED');
    await master.until('on', 'TASK_RUNNING');
    kill(master, 'nothing');
    await master.until('nothing', 'TASK_DROPPED');
    expect(master.states('on')).toEqual(['TASK_STARTING', 'TASK_RUNNING']);
  });

  it('shares its executor with later groups, whose failure does not touch the first', async () => {
    const { master } = await startTestCluster();
    launchGroup(master, shellTask('first', 'sleep 1000'));
    await master.until('first', 'TASK_RUNNING');
    launchGroup(master, shellTask('second', 'exit 1'));
    await master.until('second', 'TASK_FAILED');
    const [one, two] = [master.updates('first').at(-1), master.updates('second').at(-1)];
    expect(one?.container_status?.container_id?.parent).toEqual(two?.container_status?.container_id?.parent);
    expect(master.states('first')).toEqual(['TASK_STARTING', 'TASK_RUNNING']);
  });

  it('does not start at all when one of its tasks cannot', async () => {
    const { master } = await startTestCluster();
    const volume = {
      name: 'disk',
      type: 'SCALAR',
      scalar: { value: 10 },
      reservations: [{ type: 'DYNAMIC', role: 'eng' }],
      disk: { persistence: { id: 'none' }, volume: { mode: 'RW', container_path: 'data' } },
    } as const;
    launchGroup(
      master,
      shellTask('fine', 'sleep 1000'),
      shellTask('not', 'true', { resources: [{ ...volume, reservations: [...volume.reservations] }] }),
    );
    expect(await master.until('fine', 'TASK_DROPPED')).toMatchObject({ reason: 'REASON_RESOURCES_UNKNOWN' });
    expect(await master.until('not', 'TASK_DROPPED')).toMatchObject({ source: 'SOURCE_AGENT' });
    expect(master.states('fine')).toEqual(['TASK_DROPPED']);
  });

  it('goes on after a restart of the agent', async () => {
    const cluster = await startTestCluster();
    const { master } = cluster;
    launchGroup(master, shellTask('a', 'sleep 1000'), shellTask('b', 'sleep 1000'));
    await master.until('a', 'TASK_RUNNING');
    await master.until('b', 'TASK_RUNNING');
    await waitFor('all is acknowledged', () => master.updates('b').length === 2);
    await cluster.restart();
    const last = master.subscriptions().at(-1);
    expect(last?.tasks.map(({ task }) => task.task_id.value).sort()).toEqual(['a', 'b']);
    expect(last?.executors.map(({ executor_info }) => executor_info.executor_id.value)).toEqual(['pod']);
    master.send({
      type: 'SHUTDOWN_EXECUTOR',
      shutdown_executor: { framework_id: { value: 'fw' }, executor_id: { value: 'pod' } },
    });
    await master.until('a', 'TASK_KILLED');
    await master.until('b', 'TASK_KILLED');
  });
});
