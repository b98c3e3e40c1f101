import { chmodSync, readdirSync, readFileSync, readlinkSync, realpathSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { waitFor } from '../support/wait-for.ts';
import { FRAMEWORK, shellTask } from './fake-master.ts';
import { startTestCluster } from './test-agent.ts';

describe('a command task', () => {
  it('is told to start, to run and to finish, and leaves its output in the sandbox', async () => {
    const { master, folder } = await startTestCluster();
    master.launch(shellTask('hello', 'echo to-out; echo to-err >&2; pwd'));
    const last = await master.until('hello', 'TASK_FINISHED');
    expect(master.states('hello')).toEqual(['TASK_STARTING', 'TASK_RUNNING', 'TASK_FINISHED']);
    expect(last).toMatchObject({
      message: 'Command exited with status 0',
      source: 'SOURCE_EXECUTOR',
      agent_id: { value: 'agent-0' },
      executor_id: { value: 'hello' },
    });
    const sandbox = `${folder}/slaves/agent-0/frameworks/fw/executors/hello/runs/latest`;
    expect(readFileSync(`${sandbox}/stdout`, 'utf8')).toMatch(/^to-out\n.*\/runs\/[0-9a-f-]{36}\n$/s);
    expect(readFileSync(`${sandbox}/stderr`, 'utf8')).toBe('to-err\n');
  });

  it.each([
    ['exit 7', 'Command exited with status 7'],
    ['exit 143', 'Command exited with status 143'],
    ['kill -9 $$', 'Command terminated with signal Killed'],
    ['kill -SEGV $$', 'Command terminated with signal Segmentation fault'],
    ['kill -INT $$', 'Command terminated with signal Interrupt'],
    ['/no/such/program', 'Command exited with status 127'],
  ])('that ends by %s has failed: %s', async (command, message) => {
    const { master } = await startTestCluster();
    master.launch(shellTask('fails', command));
    expect(await master.until('fails', 'TASK_FAILED')).toMatchObject({ message });
  });

  it('runs a program without a shell, whose first argument is only a name', async () => {
    const { master, folder } = await startTestCluster();
    const command = {
      shell: false,
      value: '/bin/echo',
      arguments: ['echo', '$HOME', 'a  b'],
      environment: { variables: [{ name: 'with.dot', value: 'x' }] },
    };
    master.launch(shellTask('plain', '', { command }));
    await master.until('plain', 'TASK_FINISHED');
    const sandbox = `${folder}/slaves/agent-0/frameworks/fw/executors/plain/runs/latest`;
    expect(readFileSync(`${sandbox}/stdout`, 'utf8')).toBe('$HOME a  b\n');
  });

  it('is killed with SIGTERM first and the state in between', async () => {
    const { master } = await startTestCluster();
    master.launch(shellTask('sleeps', 'sleep 1000'));
    await master.until('sleeps', 'TASK_RUNNING');
    master.send({ type: 'KILL', kill: { framework_id: { value: 'fw' }, task_id: { value: 'sleeps' } } });
    expect(await master.until('sleeps', 'TASK_KILLED')).toMatchObject({
      message: 'Command terminated with signal Terminated',
    });
    expect(master.states('sleeps')).toEqual(['TASK_STARTING', 'TASK_RUNNING', 'TASK_KILLING', 'TASK_KILLED']);
  });

  it('that does not end by itself gets SIGKILL after its grace, with everything it started', async () => {
    const { master, folder } = await startTestCluster();
    const command = `trap '' TERM; (trap '' TERM; echo $$ > child; exec setsid sleep 1000) & echo ready; while :; do sleep 0.1; done`;
    const kill_policy = { grace_period: { nanoseconds: 200e6 } };
    master.launch(shellTask('stubborn', command, { kill_policy }));
    const sandbox = `${folder}/slaves/agent-0/frameworks/fw/executors/stubborn/runs/latest`;
    await waitFor('it ignores SIGTERM', () => readFileSync(`${sandbox}/stdout`, 'utf8') === 'ready\n');
    master.send({ type: 'KILL', kill: { framework_id: { value: 'fw' }, task_id: { value: 'stubborn' } } });
    expect(await master.until('stubborn', 'TASK_KILLED')).toMatchObject({
      message: 'Command terminated with signal Killed',
    });
    await waitFor('nothing of it is left', () => processesIn(sandbox).length === 0);
  });

  it('that is launched twice runs once', async () => {
    const { master, folder } = await startTestCluster();
    const task = shellTask('once', 'echo ran >> ../../../../../../../../count; sleep 1000');
    master.launch(task, task);
    await master.until('once', 'TASK_RUNNING');
    master.launch(task, shellTask('after', 'true'));
    await master.until('after', 'TASK_FINISHED');
    await waitFor('it has run', () => readFileSync(`${folder}/count`, 'utf8') !== '');
    expect(readFileSync(`${folder}/count`, 'utf8')).toBe('ran\n');
    expect(master.states('once')).toEqual(['TASK_STARTING', 'TASK_RUNNING']);
  });

  it('finds its environment and nothing of the agent', async () => {
    process.env.A_SECRET_OF_THE_AGENT = 'secret';
    const { master, folder, agent } = await startTestCluster({ executable: '/opt/plenum' });
    const environment = { variables: [{ name: 'OWN', value: 'mine' }] };
    master.launch(shellTask('env', 'env', { command: { value: 'env', environment } }));
    await master.until('env', 'TASK_FINISHED');
    const sandbox = `${folder}/slaves/agent-0/frameworks/fw/executors/env/runs/latest`;
    const lines = readFileSync(`${sandbox}/stdout`, 'utf8').split('\n');
    expect(lines).toEqual(
      expect.arrayContaining([
        'OWN=mine',
        'PLENUM_EXECUTABLE=/opt/plenum',
        'MESOS_TASK_ID=env',
        'MESOS_EXECUTOR_ID=env',
        'MESOS_FRAMEWORK_ID=fw',
        'MESOS_SLAVE_ID=agent-0',
        'MESOS_ALLOCATION_ROLE=*',
        'MESOS_CHECKPOINT=1',
        `MESOS_AGENT_ENDPOINT=127.0.0.1:${agent.port}`,
      ]),
    );
    expect(lines.join('\n')).not.toContain('A_SECRET_OF_THE_AGENT');
    delete process.env.A_SECRET_OF_THE_AGENT;
  });

  it('ends when its time is over', async () => {
    const { master } = await startTestCluster();
    master.launch(shellTask('long', 'sleep 1000', { max_completion_time: { nanoseconds: 100e6 } }));
    expect(await master.until('long', 'TASK_FAILED')).toMatchObject({
      reason: 'REASON_MAX_COMPLETION_TIME_REACHED',
    });
  });

  it.runIf(process.getuid?.() === 0)('runs as the user that it asks for, who owns the sandbox', async () => {
    const { master, folder } = await startTestCluster();
    chmodSync(folder, 0o755);
    master.launch(shellTask('other', '', { command: { value: 'id -un; touch mine', user: 'nobody' } }));
    await master.until('other', 'TASK_FINISHED');
    const sandbox = `${folder}/slaves/agent-0/frameworks/fw/executors/other/runs/latest`;
    expect(readFileSync(`${sandbox}/stdout`, 'utf8')).toBe('nobody\n');
    master.launch(shellTask('nobody-knows', '', { command: { value: 'true', user: 'no-such-user' } }));
    const { message } = await master.until('nobody-knows', 'TASK_FAILED');
    expect(message).toContain("no user 'no-such-user'");
  });

  it('is refused when its id leads out of the sandbox', async () => {
    const { master } = await startTestCluster();
    master.launch(shellTask('../../up', 'true'));
    expect(await master.until('../../up', 'TASK_ERROR')).toMatchObject({ reason: 'REASON_TASK_INVALID' });
  });
});

describe('a kill', () => {
  it('of a task that nobody knows is answered', async () => {
    const { master } = await startTestCluster();
    master.send({
      type: 'KILL',
      kill: { framework_id: FRAMEWORK.id ?? { value: '' }, task_id: { value: 'none' } },
    });
    expect(await master.until('none', 'TASK_DROPPED')).toMatchObject({
      message: 'Cannot find executor',
      reason: 'REASON_EXECUTOR_TERMINATED',
    });
  });
});

/** Command lines of the processes whose working folder is the sandbox. */
const processesIn = (sandbox: string): string[] => {
  const real = realpathSync(sandbox);
  return readdirSync('/proc').filter((name) => {
    if (!/^\d+$/.test(name)) return false;
    try {
      return readlinkSync(`/proc/${name}/cwd`) === real;
    } catch {
      return false;
    }
  });
};
