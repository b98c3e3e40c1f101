import { describe, expect, it } from 'vitest';
import { protobufCodec } from '../../src/mesos/codec/protobuf-codec.ts';
import type { TaskStatus } from '../../src/mesos/generated/mesos.ts';
import type { Event } from '../../src/mesos/generated/scheduler.ts';
import { systemClock } from '../../src/runtime/clock.ts';
import { silentLog } from '../../src/runtime/log.ts';
import { seededRandom } from '../../src/runtime/random.ts';
import { connectScheduler } from '../../src/sdk/connect-scheduler.ts';
import { rawBody } from '../mesos/raw-exchange.ts';
import { encode, openProtobufStream, PROTOBUF, postProtobuf } from '../support/protobuf-client.ts';
import { waitFor } from '../support/wait-for.ts';
import { onTestEnd, startTestAgent, startTestMaster } from './support/cluster.ts';
import { FRAMEWORK, shellTask } from './support/scheduler.ts';

/** A scheduler on the SDK that speaks protobuf, acknowledges, and remembers. */
const connect = (masterUrl: string) => {
  const events: Event[] = [];
  const connection = connectScheduler({
    masterUrls: [masterUrl],
    frameworkInfo: FRAMEWORK,
    codec: protobufCodec,
    onEvent: async (event) => {
      events.push(event);
      const status = event.type === 'UPDATE' ? event.update.status : undefined;
      const { agent_id, task_id, uuid } = status ?? {};
      if (!agent_id || !task_id || uuid === undefined) return;
      await connection.call({ type: 'ACKNOWLEDGE', acknowledge: { agent_id, task_id, uuid } });
    },
    onRefused: (message) => expect.unreachable(message),
    clock: systemClock,
    random: seededRandom(3),
    log: silentLog,
  });
  onTestEnd(() => connection.close());
  const until = <Type extends Event['type']>(type: Type) =>
    waitFor(`a ${type} event`, () =>
      events.find((event): event is Extract<Event, { type: Type }> => event.type === type),
    );
  const statuses = (): TaskStatus[] =>
    events.flatMap((event) => (event.type === 'UPDATE' ? [event.update.status] : []));
  return { connection, events, until, statuses };
};

describe('the scheduler API in protobuf', () => {
  it('gives a real subscription its stream, with an offer in the order of Mesos', async () => {
    const { url } = await startTestMaster();
    const { agent } = await startTestAgent(url);
    const { stream, events, until, close } = await openProtobufStream<Event>(
      `${url}/api/v1/scheduler`,
      rawBody('pb-sched-SUBSCRIBE-stream.req'),
      'scheduler.Event',
    );
    onTestEnd(async () => close());
    expect(stream.headers).toMatchObject({
      'content-type': PROTOBUF,
      'transfer-encoding': 'chunked',
      'mesos-stream-id': expect.stringMatching(/^[0-9a-f-]{36}$/),
    });
    expect(stream.headers['content-length']).toBeUndefined();
    const told = await until('an offer', ({ type }) => type === 'OFFERS');
    expect(events.slice(0, 2)).toMatchObject([
      {
        type: 'SUBSCRIBED',
        subscribed: { heartbeat_interval_seconds: 15, master_info: { ip: 16777343, version: '1.11.0' } },
      },
      { type: 'HEARTBEAT' },
    ]);
    const [offer] = told.type === 'OFFERS' ? (told.offers.offers ?? []) : [];
    expect(offer).toMatchObject({
      agent_id: { value: agent.agentId },
      allocation_info: { role: 'golden' },
      url: { scheme: 'http', path: '/slave(1)' },
    });
    expect(offer?.resources?.find(({ name }) => name === 'cpus')?.scalar?.value).toBe(8);
  });

  it('carries a framework of the SDK from its first offer to the end of its task', async () => {
    const { url } = await startTestMaster();
    await startTestAgent(url);
    const { connection, until, statuses } = connect(url);
    const { offers } = (await until('OFFERS')).offers;
    const [offer] = offers ?? [];
    if (!offer) throw new Error('There was no offer');
    const task = {
      ...shellTask('one', 'exit 0'),
      agent_id: offer.agent_id,
      labels: { labels: [{ key: 'ä' }] },
    };
    await connection.call({
      type: 'ACCEPT',
      accept: {
        offer_ids: [offer.id],
        operations: [{ type: 'LAUNCH', launch: { task_infos: [task] } }],
        filters: { refuse_seconds: 0 },
      },
    });
    await waitFor('it has ended', () => statuses().some(({ state }) => state === 'TASK_FINISHED'));
    expect(statuses().map(({ state }) => state)).toEqual(['TASK_STARTING', 'TASK_RUNNING', 'TASK_FINISHED']);
    expect(statuses()[0]).toMatchObject({
      task_id: { value: 'one' },
      agent_id: offer.agent_id,
      source: 'SOURCE_EXECUTOR',
      uuid: expect.stringMatching(/^[A-Za-z0-9+/]{22}==$/),
    });
    // All of them were acknowledged, so that nothing is left to be told of it.
    await connection.call({ type: 'RECONCILE', reconcile: { tasks: [{ task_id: { value: 'one' } }] } });
    await waitFor('the task is forgotten', () =>
      statuses().some(({ reason, state }) => reason === 'REASON_RECONCILIATION' && state !== 'TASK_FINISHED'),
    );
  });

  it.each([
    ['what is no protobuf', Buffer.from('not a call'), 400, 'Failed to parse body into Call protobuf'],
    [
      'a call without its framework',
      encode('scheduler.Call', { type: 'REVIVE' }),
      400,
      "Failed to validate scheduler::Call: Expecting 'framework_id' to be present",
    ],
    [
      'a call of a framework that nobody knows',
      encode('scheduler.Call', { type: 'REVIVE', framework_id: { value: 'f' } }),
      400,
      'Framework cannot be found',
    ],
    [
      'an acknowledgement of something that is no UUID',
      encode('scheduler.Call', {
        type: 'ACKNOWLEDGE',
        framework_id: { value: 'f' },
        acknowledge: { agent_id: { value: 'a' }, task_id: { value: 't' }, uuid: 'AAAA' },
      }),
      400,
      'Failed to validate scheduler::Call: Not a valid UUID',
    ],
  ])('refuses %s in the words of Mesos', async (_what, body, status, text) => {
    const { url } = await startTestMaster();
    const answer = await postProtobuf(`${url}/api/v1/scheduler`, body);
    expect([answer.status, answer.body.toString()]).toEqual([status, text]);
  });

  it('answers a subscription that it refuses with an ERROR event in protobuf', async () => {
    const { url } = await startTestMaster();
    const framework_info = { user: 'u', name: 'n', roles: ['a b'], capabilities: [{ type: 'MULTI_ROLE' }] };
    const { until, close } = await openProtobufStream<Event>(
      `${url}/api/v1/scheduler`,
      encode('scheduler.Call', { type: 'SUBSCRIBE', subscribe: { framework_info } }),
      'scheduler.Event',
    );
    onTestEnd(async () => close());
    const error = await until('the error', ({ type }) => type === 'ERROR');
    expect(error).toMatchObject({
      error: { message: expect.stringContaining("'FrameworkInfo.roles' contains invalid role") },
    });
  });
});
