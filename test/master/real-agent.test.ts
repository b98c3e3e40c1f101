import { describe, expect, it } from 'vitest';
import { request } from '../../src/http/client.ts';
import { startTestAgent, startTestMaster } from './support/cluster.ts';
import { FRAMEWORK, shellTask, subscribe } from './support/scheduler.ts';

describe('a real agent and a real master', () => {
  it('runs a task of a scheduler and tells it how it went', async () => {
    const { url } = await startTestMaster();
    await startTestAgent(url);
    const scheduler = await subscribe(url);
    const offer = await scheduler.untilOffer();
    expect(offer.allocation_info).toEqual({ role: 'eng' });
    await scheduler.launch(offer, shellTask('one', 'exit 0'));
    await scheduler.untilStatus('one', 'TASK_FINISHED');
    expect(scheduler.states('one')).toEqual(['TASK_STARTING', 'TASK_RUNNING', 'TASK_FINISHED']);
  });

  it('come together only when they are of one cluster', async () => {
    const foreign = await startTestMaster({ clusterId: 'theirs' });
    const own = await startTestMaster({ clusterId: 'ours' });
    await startTestAgent('', { masterUrls: [foreign.url, own.url], clusterId: 'ours' });
    const agentsOf = async ({ url }: { url: string }): Promise<unknown> =>
      JSON.parse((await request({ url: `${url}/slaves` })).body.toString()).slaves.length;
    expect([await agentsOf(foreign), await agentsOf(own)]).toEqual([0, 1]);
  });

  it('offers at once what a task gave back and what a revived framework may have', async () => {
    const { url } = await startTestMaster({ flags: { allocationIntervalMs: 3_600_000 } });
    await startTestAgent(url);
    const scheduler = await subscribe(url);
    const offer = await scheduler.untilOffer();
    await scheduler.call('DECLINE', { offer_ids: [offer.id], filters: { refuse_seconds: 3600 } });
    const from = scheduler.events.length;
    await scheduler.call('REVIVE');
    const again = await scheduler.untilOffer(undefined, from);
    expect(again.id).not.toEqual(offer.id);
  });

  it('knows the tasks again after its own restart, when agent and scheduler are back', async () => {
    const master = await startTestMaster();
    const { agent } = await startTestAgent(master.url);
    const first = await subscribe(master.url);
    await first.launch(await first.untilOffer(), shellTask('long', 'sleep 1000'));
    await first.untilStatus('long', 'TASK_RUNNING');
    const { frameworkId } = first;

    await master.restart();
    const second = await subscribe(master.url, { ...FRAMEWORK, id: { value: frameworkId } });
    expect(second.frameworkId).toBe(frameworkId);
    await second.untilOffer(({ agent_id }) => agent_id.value === agent.agentId);
    await second.call('RECONCILE', { tasks: [] });
    // The update that was not acknowledged before the restart may come once more, and before the answer.
    const {
      update: { status },
    } = await second.until('UPDATE', ({ update }) => update.status.reason === 'REASON_RECONCILIATION');
    expect(status).toMatchObject({
      task_id: { value: 'long' },
      state: 'TASK_RUNNING',
      agent_id: { value: agent.agentId },
    });
    expect(status.container_status?.container_id?.value).toMatch(/^[0-9a-f-]{36}$/);
    const { resources } = await second.untilOffer();
    expect(resources?.find(({ name }) => name === 'cpus')?.scalar?.value).toBe(7.9);

    await second.call('KILL', { task_id: { value: 'long' } });
    await second.untilStatus('long', 'TASK_KILLED');
  });

  it('keeps a task over the restart of its agent', async () => {
    const { url } = await startTestMaster();
    const test = await startTestAgent(url);
    const scheduler = await subscribe(url);
    await scheduler.launch(await scheduler.untilOffer(), shellTask('long', 'sleep 1000'));
    await scheduler.untilStatus('long', 'TASK_RUNNING');
    const id = test.agent.agentId;
    const from = scheduler.events.length;
    await test.restart();
    expect(test.agent.agentId).toBe(id);
    await scheduler.untilOffer(undefined, from);
    await scheduler.call('RECONCILE', { tasks: [{ task_id: { value: 'long' } }] });
    await scheduler.untilStatus('long', 'TASK_RUNNING', from);
    expect(scheduler.states('long')).not.toContain('TASK_LOST');
  });

  it('ends the tasks of a framework that was torn down while its agent was away', async () => {
    const { url } = await startTestMaster();
    const test = await startTestAgent(url);
    const scheduler = await subscribe(url);
    await scheduler.launch(await scheduler.untilOffer(), shellTask('long', 'sleep 1000'));
    await scheduler.untilStatus('long', 'TASK_RUNNING');
    await test.agent.close();
    expect((await scheduler.call('TEARDOWN')).status).toBe(202);
    await test.restart();
    const other = await subscribe(url);
    const whole = await other.untilOffer(({ resources = [] }) =>
      resources.some(({ name, scalar }) => name === 'cpus' && scalar?.value === 8),
    );
    expect(whole.agent_id.value).toBe(test.agent.agentId);
    const refused = await subscribe(url, { ...FRAMEWORK, id: { value: scheduler.frameworkId } });
    expect(refused.events[0]).toEqual({ type: 'ERROR', error: { message: 'Framework has been removed' } });
  });

  it('reserves, makes a volume and runs a task in it with one ACCEPT; the volume is still there afterwards', async () => {
    const { url } = await startTestMaster();
    const test = await startTestAgent(url);
    const scheduler = await subscribe(url, { ...FRAMEWORK, principal: 'demo' });
    const offer = await scheduler.untilOffer();
    const reservations = [{ type: 'DYNAMIC', role: 'eng', principal: 'demo' }];
    const scalar = (name: string, value: number, more: object = {}) => ({
      name,
      type: 'SCALAR',
      scalar: { value },
      allocation_info: { role: 'eng' },
      reservations,
      ...more,
    });
    const volume = scalar('disk', 100, {
      disk: {
        persistence: { id: 'db-0', principal: 'demo' },
        volume: { mode: 'RW', container_path: 'data' },
      },
    });
    await scheduler.accept(
      [offer],
      [
        {
          type: 'RESERVE',
          id: { value: 'op-1' },
          reserve: { resources: [scalar('cpus', 1), scalar('mem', 64), scalar('disk', 100)] },
        },
        { type: 'CREATE', id: { value: 'op-2' }, create: { volumes: [volume] } },
        {
          type: 'LAUNCH',
          launch: {
            task_infos: [
              {
                name: 'db',
                task_id: { value: 'db' },
                agent_id: offer.agent_id,
                resources: [scalar('cpus', 1), scalar('mem', 64), volume],
                command: { value: 'echo kept > data/file' },
              },
            ],
          },
        },
      ],
    );
    for (const id of ['op-1', 'op-2']) {
      const { update_operation_status } = await scheduler.until(
        'UPDATE_OPERATION_STATUS',
        (event) => event.update_operation_status.status.operation_id?.value === id,
      );
      const { status } = update_operation_status;
      expect(status.state).toBe('OPERATION_FINISHED');
      await scheduler.call('ACKNOWLEDGE_OPERATION_STATUS', {
        agent_id: status.agent_id,
        operation_id: status.operation_id,
        uuid: status.uuid?.value,
      });
    }
    await scheduler.untilStatus('db', 'TASK_FINISHED');
    const holdsVolume = ({ resources = [] }: typeof offer): boolean =>
      resources.some(({ disk }) => disk?.persistence?.id === 'db-0');
    await scheduler.call('REVIVE');
    await scheduler.untilOffer(holdsVolume);
    // That offer is rescinded when its agent goes away.
    const from = scheduler.events.length;
    await test.restart();
    const again = await scheduler.untilOffer(holdsVolume, from);
    await scheduler.launch(again, {
      ...shellTask('reader', 'grep kept data/file'),
      resources: [scalar('cpus', 0.5), scalar('mem', 32), volume] as never,
    });
    await scheduler.untilStatus('reader', 'TASK_FINISHED');
  });

  it('runs a task group, and tells the end of its executor', async () => {
    const { url } = await startTestMaster();
    await startTestAgent(url);
    const scheduler = await subscribe(url);
    const offer = await scheduler.untilOffer();
    const scalar = (name: string, value: number) => ({
      name,
      type: 'SCALAR',
      scalar: { value },
      allocation_info: { role: 'eng' },
    });
    const tasks = ['a', 'b'].map((id) => ({ ...shellTask(id, 'exit 0'), agent_id: offer.agent_id }));
    const executor = {
      type: 'DEFAULT',
      executor_id: { value: 'pod' },
      resources: [scalar('cpus', 0.1), scalar('mem', 32), scalar('disk', 10)],
    };
    await scheduler.accept(
      [offer],
      [{ type: 'LAUNCH_GROUP', launch_group: { executor, task_group: { tasks } } }],
    );
    await scheduler.untilStatus('a', 'TASK_FINISHED');
    await scheduler.untilStatus('b', 'TASK_FINISHED');
    const { failure } = await scheduler.until('FAILURE');
    expect(failure).toEqual({ agent_id: offer.agent_id, executor_id: { value: 'pod' }, status: 0 });
    const from = scheduler.events.length;
    const holdsAll = ({ resources = [] }: typeof offer): boolean =>
      resources.some(({ name, scalar: value }) => name === 'cpus' && value?.value === 8);
    for (const event of scheduler.events) {
      if (event.type !== 'OFFERS') continue;
      const offer_ids = (event.offers.offers ?? []).map(({ id }) => id);
      await scheduler.call('DECLINE', { offer_ids, filters: { refuse_seconds: 0 } });
    }
    await scheduler.untilOffer(holdsAll, from);
  });
});
