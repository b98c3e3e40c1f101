import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { request } from '../../src/http/client.ts';
import type { ExecutorInfo, TaskInfo } from '../../src/mesos/generated/mesos.ts';
import { waitFor } from '../support/wait-for.ts';
import { type FakeMaster, FRAMEWORK, shellTask } from './fake-master.ts';
import { startTestCluster } from './test-agent.ts';

const base64 = (text: string): string => Buffer.from(text).toString('base64');

const customExecutor = (more: Partial<ExecutorInfo> = {}): ExecutorInfo => ({
  type: 'CUSTOM',
  executor_id: { value: 'custom' },
  command: { value: `exec ${process.execPath} ${join(process.cwd(), 'test/agent/executor-program.cjs')}` },
  ...more,
});

const taskOf = (id: string, what: 'run' | 'finish', executor: ExecutorInfo): TaskInfo => {
  const { command: _none, ...task } = shellTask(id, '');
  return { ...task, executor, data: base64(what) };
};

const launch = (master: FakeMaster, executor: ExecutorInfo, tasks: TaskInfo[], is_group = false): void =>
  master.send({
    type: 'LAUNCH',
    launch: { framework_info: FRAMEWORK, executor_info: executor, tasks, is_group },
  });

const exitsOf = (master: FakeMaster) =>
  master.calls.flatMap((call) => (call.type === 'EXECUTOR_EXITED' ? [call.executor_exited] : []));

describe('a custom executor', () => {
  it('subscribes, gets its tasks and has its updates passed on', async () => {
    const { master } = await startTestCluster();
    const executor = customExecutor();
    launch(master, executor, [taskOf('one', 'finish', executor)]);
    const status = await master.until('one', 'TASK_FINISHED');
    expect(master.states('one')).toEqual(['TASK_RUNNING', 'TASK_FINISHED']);
    expect(status).toMatchObject({
      source: 'SOURCE_EXECUTOR',
      executor_id: { value: 'custom' },
      agent_id: { value: 'agent-0' },
    });
    launch(master, executor, [taskOf('two', 'run', executor), taskOf('three', 'run', executor)], true);
    await master.until('three', 'TASK_RUNNING');
    master.send({ type: 'KILL', kill: { framework_id: { value: 'fw' }, task_id: { value: 'two' } } });
    await master.until('two', 'TASK_KILLED');
    expect(master.states('three')).toEqual(['TASK_RUNNING']);
  });

  it('exchanges messages with its scheduler', async () => {
    const { master } = await startTestCluster();
    const executor = customExecutor();
    launch(master, executor, [taskOf('talks', 'run', executor)]);
    await master.until('talks', 'TASK_RUNNING');
    const ids = { framework_id: { value: 'fw' }, executor_id: { value: 'custom' } };
    master.send({ type: 'MESSAGE', message: { ...ids, data: base64('ping') } });
    const answer = await waitFor('the answer', () =>
      master.calls.find(({ type }) => type === 'EXECUTOR_MESSAGE'),
    );
    expect(answer).toMatchObject({ executor_message: { ...ids, data: base64('ping') } });
  });

  it('that ends takes its tasks along, and its end is told', async () => {
    const { master } = await startTestCluster();
    const executor = customExecutor({
      command: { value: `${customExecutor().command?.value} & sleep 0.5; kill -9 $!; exit 4` },
    });
    launch(master, executor, [taskOf('task', 'run', executor)]);
    await master.until('task', 'TASK_RUNNING');
    expect(await master.until('task', 'TASK_FAILED')).toMatchObject({
      reason: 'REASON_EXECUTOR_TERMINATED',
      message: 'Executor terminated',
    });
    await waitFor('its end is told', () => exitsOf(master).length > 0);
    expect(exitsOf(master)[0]).toMatchObject({ executor_id: { value: 'custom' }, status: 4 * 256 });
  });

  it('that does not subscribe in time is given up', async () => {
    const { master } = await startTestCluster({ executorRegistrationTimeoutMs: 200 });
    const executor = customExecutor({ command: { value: 'sleep 1000' } });
    launch(master, executor, [taskOf('waits', 'run', executor)]);
    expect(await master.until('waits', 'TASK_FAILED')).toMatchObject({
      reason: 'REASON_EXECUTOR_REGISTRATION_TIMEOUT',
    });
  });

  it('is not started for tasks that were killed before', async () => {
    const { master } = await startTestCluster();
    const executor = customExecutor({ command: { value: 'sleep 1000' } });
    launch(master, executor, [taskOf('early', 'run', executor)]);
    master.send({ type: 'KILL', kill: { framework_id: { value: 'fw' }, task_id: { value: 'early' } } });
    expect(await master.until('early', 'TASK_KILLED')).toMatchObject({
      reason: 'REASON_TASK_KILLED_DURING_LAUNCH',
      message: 'Killed before delivery to the executor',
    });
    await waitFor('the executor is over', () => exitsOf(master).length === 1);
  });

  it('is shut down with a request, and killed when it does not listen', async () => {
    const { master } = await startTestCluster({ executorShutdownGraceMs: 200 });
    const executor = customExecutor({ data: base64('stubborn') });
    launch(master, executor, [taskOf('task', 'run', executor)]);
    await master.until('task', 'TASK_RUNNING');
    const ids = { framework_id: { value: 'fw' }, executor_id: { value: 'custom' } };
    master.send({ type: 'SHUTDOWN_EXECUTOR', shutdown_executor: ids });
    await master.until('task', 'TASK_FAILED');
    await waitFor('its end is told', () => exitsOf(master).length > 0);
    expect(exitsOf(master)[0]?.status).toBe(9);
  });

  it('comes back to an agent that was started again at the same port', async () => {
    const { master, agent, restartAt } = await restartable();
    const executor = customExecutor();
    launch(master, executor, [taskOf('stays', 'run', executor)]);
    await master.until('stays', 'TASK_RUNNING');
    await restartAt(agent.port);
    launch(master, executor, [taskOf('later', 'finish', executor)]);
    await master.until('later', 'TASK_FINISHED');
    expect(master.states('stays')).toEqual(['TASK_RUNNING']);
  });
});

/** A cluster whose agent comes back at the port that it had. */
const restartable = async () => {
  const options: { port?: number; executorReregistrationTimeoutMs: number } = {
    executorReregistrationTimeoutMs: 10_000,
  };
  const cluster = await startTestCluster(options);
  const restartAt = (port: number): Promise<void> => {
    options.port = port;
    return cluster.restart();
  };
  return { ...cluster, restartAt };
};

describe('the executor API', () => {
  const post = (url: string, body: string, headers: Record<string, string> = {}) =>
    request({
      method: 'POST',
      url: `${url}/api/v1/executor`,
      body,
      headers: { 'Content-Type': 'application/json', ...headers },
    });
  const call = (more: object): string =>
    JSON.stringify({ framework_id: { value: 'fw' }, executor_id: { value: 'custom' }, ...more });

  it.each([
    ['what is no JSON', '{"type":', 400, /^Failed to parse body into JSON/],
    ['a call without a type', call({}), 400, /Expecting 'type' to be present/],
    ['what is no object', '[]', 400, /^Failed to convert JSON into Call protobuf: Expecting a JSON object$/],
    [
      'a call without its ids',
      '{"type":"HEARTBEAT"}',
      400,
      /Missing required fields: executor_id, framework_id$/,
    ],
    [
      'an update without a status',
      call({ type: 'UPDATE', update: {} }),
      400,
      /Missing required fields: update.status$/,
    ],
    [
      'a list where none belongs',
      call({ type: 'MESSAGE', message: [] }),
      400,
      /Not expecting a JSON array for field 'message'/,
    ],
    ['bytes that are none', call({ type: 'MESSAGE', message: { data: '*' } }), 400, /base64/],
    [
      'a framework that is not here',
      call({ type: 'SUBSCRIBE', subscribe: {} }),
      400,
      /^Framework cannot be found$/,
    ],
    [
      'an update without UUID',
      call({ type: 'UPDATE', update: { status: { task_id: { value: 't' }, state: 'TASK_RUNNING' } } }),
      400,
      /^Failed to validate Executor::Call: Expecting 'uuid' to be present/,
    ],
  ])('refuses %s', async (_what, body, status, text) => {
    const { agent } = await startTestCluster();
    const answer = await post(agent.url, body);
    expect(answer.status).toBe(status);
    expect(answer.body.toString()).toMatch(text);
  });

  it('refuses an executor that it did not start, and other encodings', async () => {
    const { agent, master } = await startTestCluster();
    master.launch(shellTask('task', 'sleep 1000'));
    await master.until('task', 'TASK_RUNNING');
    const subscribe = call({ type: 'SUBSCRIBE', subscribe: {} });
    const unknown = await post(agent.url, subscribe);
    expect([unknown.status, unknown.body.toString()]).toEqual([400, 'Executor cannot be found']);
    expect((await post(agent.url, subscribe, { Accept: 'text/html' })).status).toBe(406);
    expect((await post(agent.url, subscribe, { 'Content-Type': 'text/plain' })).status).toBe(415);
  });
});
