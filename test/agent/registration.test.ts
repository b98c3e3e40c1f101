import { describe, expect, it } from 'vitest';
import { waitFor } from '../support/wait-for.ts';
import { shellTask, startFakeMaster } from './fake-master.ts';
import { onTestEnd, startTestCluster } from './test-agent.ts';

describe('an agent', () => {
  it('introduces itself, answers pings and keeps its id', async () => {
    const cluster = await startTestCluster({ attributes: 'rack:r1', hostname: 'localhost' });
    const { master, agent } = cluster;
    const [first] = master.subscriptions();
    expect(first).toMatchObject({
      agent_info: {
        hostname: 'localhost',
        attributes: [{ name: 'rack', type: 'TEXT', text: { value: 'r1' } }],
      },
      address: { ip: '127.0.0.1', port: agent.port },
      version: '1.11.0',
      tasks: [],
      executors: [],
      frameworks: [],
      operations: [],
      checkpointed_resources: [],
    });
    expect(first?.agent_info.resources?.map(({ name }) => name)).toEqual(['cpus', 'mem', 'disk', 'ports']);
    master.send({ type: 'PING', ping: { connected: true } });
    await waitFor('the answer', () => master.calls.some(({ type }) => type === 'PONG'));
    await cluster.restart();
    expect(cluster.agent.agentId).toBe('agent-0');
    expect(master.subscriptions().at(-1)?.agent_info.id).toEqual({ value: 'agent-0' });
  });

  it('registers again when the connection breaks, and its tasks do not notice', async () => {
    const { master } = await startTestCluster();
    master.launch(shellTask('task', 'sleep 1000'));
    await master.until('task', 'TASK_RUNNING');
    master.disconnect();
    await waitFor('it is back', () => master.subscriptions().length === 2);
    expect(master.subscriptions()[1]?.tasks).toMatchObject([
      { task: { task_id: { value: 'task' }, state: 'TASK_RUNNING' } },
    ]);
  });

  it('registers again when the master thinks that it is not connected', async () => {
    const { master } = await startTestCluster();
    master.send({ type: 'PING', ping: { connected: false } });
    await waitFor('it is back', () => master.subscriptions().length === 2);
  });

  it('finds a master that comes back at its address', async () => {
    const { master } = await startTestCluster();
    const port = Number(new URL(master.url).port);
    await master.close();
    const next = await startFakeMaster(port);
    onTestEnd(() => next.close());
    await waitFor('it has found it', () => next.subscriptions().length === 1);
    expect(next.subscriptions()[0]?.agent_info.id).toEqual({ value: 'agent-0' });
  });

  it('holds back the next update until the first is acknowledged, and sends it again to a master that comes back', async () => {
    const { master } = await startTestCluster();
    master.acknowledges = false;
    master.launch(shellTask('task', 'true'));
    const { uuid } = await master.until('task', 'TASK_STARTING');
    const acknowledge = (id: string) =>
      master.send({
        type: 'ACKNOWLEDGE',
        acknowledge: { framework_id: { value: 'fw' }, task_id: { value: 'task' }, uuid: id },
      });
    acknowledge('AAAAAAAAAAAAAAAAAAAAAA==');
    master.disconnect();
    const sent = () => master.calls.filter(({ type }) => type === 'STATUS_UPDATE').length;
    await waitFor('it is sent again', () => sent() === 2);
    expect(master.states('task')).toEqual(['TASK_STARTING']);
    const pending = master.subscriptions().at(-1)?.tasks[0]?.task;
    expect(pending?.state).toBe('TASK_FINISHED');
    expect(pending?.statuses?.map(({ state }) => state)).toEqual([
      'TASK_STARTING',
      'TASK_RUNNING',
      'TASK_FINISHED',
    ]);
    acknowledge(uuid ?? '');
    await master.until('task', 'TASK_RUNNING');
  });

  it('reports tasks that only the master knows', async () => {
    const { master } = await startTestCluster();
    master.unknownTasks = [{ framework_id: { value: 'fw' }, task_id: { value: 'ghost' } }];
    master.disconnect();
    expect(await master.until('ghost', 'TASK_DROPPED')).toMatchObject({ reason: 'REASON_RECONCILIATION' });
  });

  it('ends what belongs to a framework that is shut down, without a word', async () => {
    const { master, agent } = await startTestCluster();
    master.launch(shellTask('task', 'sleep 1000'));
    await master.until('task', 'TASK_RUNNING');
    master.send({ type: 'SHUTDOWN_FRAMEWORK', shutdown_framework: { framework_id: { value: 'fw' } } });
    await waitFor('it is history', async () => {
      const state = await (await fetch(`${agent.url}/state`)).json();
      return state.completed_frameworks.length === 1 && state.frameworks.length === 0;
    });
    expect(master.states('task')).toEqual(['TASK_STARTING', 'TASK_RUNNING']);
  });

  it('forgets its id and ends when the master shuts it down', async () => {
    const cluster = await startTestCluster();
    const { master } = cluster;
    master.launch(shellTask('task', 'sleep 1000'));
    await master.until('task', 'TASK_RUNNING');
    master.send({ type: 'SHUTDOWN', shutdown: { message: 'Agent has been marked gone' } });
    expect(await cluster.agent.ended).toBe('Agent has been marked gone');
    await cluster.restart();
    expect(master.subscriptions().at(-1)?.agent_info.id).toBeUndefined();
    expect(master.subscriptions().at(-1)?.tasks).toEqual([]);
    expect(master.states('task')).toEqual(['TASK_STARTING', 'TASK_RUNNING']);
  });

  it('keeps its id when the master shuts it down for maintenance', async () => {
    const cluster = await startTestCluster();
    const { master } = cluster;
    const message = "Operator initiated 'Machine DOWN'";
    master.send({ type: 'SHUTDOWN', shutdown: { message, keeps_id: true } });
    expect(await cluster.agent.ended).toBe(message);
    await cluster.restart();
    expect(master.subscriptions().at(-1)?.agent_info.id).toEqual({ value: 'agent-0' });
  });

  it('takes leave with its tasks when it unregisters', async () => {
    const cluster = await startTestCluster();
    const { master } = cluster;
    master.launch(shellTask('task', 'sleep 1000'));
    await master.until('task', 'TASK_RUNNING');
    const gone = cluster.agent.unregister();
    await master.until('task', 'TASK_KILLED');
    await gone;
    expect(master.calls.at(-1)).toEqual({ type: 'UNREGISTER', agent_id: { value: 'agent-0' } });
    await cluster.restart();
  });

  it('refuses resources and attributes that it does not understand', async () => {
    await expect(startTestCluster({ resources: 'cpus=4' })).rejects.toThrow(
      "'cpus=4' is not of the form name:value",
    );
    await expect(startTestCluster({ resources: 'ports:[9-1]' })).rejects.toThrow('is not a range');
    await expect(startTestCluster({ attributes: 'rack' })).rejects.toThrow("'rack' is not of the form");
  });
});
