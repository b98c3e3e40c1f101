import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type HttpStream, openStream } from '../../../src/http/client.ts';
import { waitFor } from '../../support/wait-for.ts';
import { type ServedMarathon, serveMarathon } from './served-marathon.ts';

let marathon: ServedMarathon;
const streams: HttpStream[] = [];

beforeEach(async () => {
  marathon = await serveMarathon();
});

afterEach(async () => {
  for (const stream of streams.splice(0)) stream.close();
  await marathon.close();
});

const call: ServedMarathon['call'] = (...request) => marathon.call(...request);
const app = (id: string, more: object = {}) => ({ id, cmd: 'sleep 600', cpus: 0.1, mem: 16, ...more });

/** Follows the events; what has come so far is read off the answer. */
const follow = async (query = '', lastEventId?: string) => {
  const stream = await openStream({
    url: `${marathon.url}/v2/events${query}`,
    headers: {
      accept: 'text/event-stream',
      ...(lastEventId !== undefined && { 'last-event-id': lastEventId }),
    },
  });
  streams.push(stream);
  const followed = {
    stream,
    text: '',
    types: (): string[] => [],
    events: (): Record<string, unknown>[] => [],
  };
  followed.events = () =>
    followed.text
      .split('\r\n')
      .flatMap((line) => (line.startsWith('data: ') ? [JSON.parse(line.slice(6))] : []));
  followed.types = () => followed.events().map(({ eventType }) => String(eventType));
  void (async () => {
    for await (const chunk of stream.body) followed.text += chunk.toString();
  })().catch(() => undefined);
  return followed;
};

describe('/v2/events', () => {
  it('begins with its own arrival, framed as Jetty does', async () => {
    const followed = await follow();
    expect(followed.stream.headers['content-type']).toBe('text/event-stream;charset=utf-8');
    expect(followed.stream.headers).not.toHaveProperty('content-encoding');
    await waitFor('the first event', () => followed.text.endsWith('\r\n\r\n'));
    expect(followed.text).toMatch(
      /^event: event_stream_attached\r\nid: [0-9a-z]+-\d+\r\ndata: \{"remoteAddress":"[^"]+","eventType":"event_stream_attached","timestamp":"[^"]+Z"\}\r\n\r\n$/,
    );
  });

  it('tells who creates, changes and deletes pods, before what comes of it', async () => {
    const followed = await follow();
    const pod = { id: '/p', containers: [{ name: 'c', image: { kind: 'DOCKER', id: 'web:1' } }] };
    const idle = { ...pod, scaling: { instances: 0 } };
    await call('POST', '/v2/pods', idle);
    await call('PUT', '/v2/pods/p', { ...idle, labels: { a: 'b' } });
    await call('POST', '/v2/pods', idle);
    await call('DELETE', '/v2/pods/p?force=true');
    await waitFor('the last of them', () => followed.types().includes('pod_deleted_event'));
    const told = followed.events().filter(({ eventType }) => /^(pod_|group_)/.test(String(eventType)));
    const by = { clientIp: expect.any(String), timestamp: expect.any(String) };
    expect(told.filter(({ eventType }) => eventType !== 'group_change_success')).toEqual([
      { eventType: 'pod_created_event', uri: '/v2/pods', ...by },
      { eventType: 'pod_updated_event', uri: '/v2/pods/p', ...by },
      { eventType: 'pod_deleted_event', uri: '/v2/pods/p?force=true', ...by },
    ]);
    expect(told[0]?.eventType).toBe('pod_created_event');
  });

  it('tells of a new app in the order in which it comes about', async () => {
    const followed = await follow();
    await call('POST', '/v2/apps', app('/a'));
    await marathon.harness.deployed();
    await waitFor('the deployment is told', () => followed.types().includes('deployment_success'));
    const types = followed.types();
    const order = [
      'event_stream_attached',
      'api_post_event',
      'group_change_success',
      'deployment_info',
      'status_update_event',
      'deployment_success',
    ];
    expect(order.map((type) => types.indexOf(type))).toEqual(
      order.map((type) => types.indexOf(type)).sort((one, other) => one - other),
    );
    expect(order.filter((type) => !types.includes(type))).toEqual([]);
    const post = followed.events().find(({ eventType }) => eventType === 'api_post_event');
    expect(post).toMatchObject({
      uri: '/v2/apps',
      clientIp: expect.any(String),
      appDefinition: { id: '/a' },
    });
    const success = followed.events().find(({ eventType }) => eventType === 'deployment_success');
    expect(success).toMatchObject({ plan: { id: success?.id, steps: expect.any(Array) } });
  });

  it('tells nothing of a request that was refused', async () => {
    const followed = await follow('?event_type=api_post_event');
    await call('POST', '/v2/apps', app('/big', { cpus: 1000 }));
    expect((await call('PUT', '/v2/apps/big', { cpus: 2000 })).status).toBe(409);
    await call('POST', '/v2/apps', app('/last'));
    await waitFor('the last one is told', () => followed.text.includes('/last'));
    expect(followed.events().map(({ uri }) => uri)).toEqual(['/v2/apps', '/v2/apps']);
  });

  it('holds only the types that are asked for', async () => {
    const followed = await follow(
      '?event_type=deployment_success&event_type=group_change_success&plan-format=light',
    );
    await call('POST', '/v2/apps', app('/a'));
    await marathon.harness.deployed();
    await waitFor('the deployment is told', () => followed.types().includes('deployment_success'));
    expect(followed.types()).toEqual(['group_change_success', 'deployment_success']);
  });

  it('writes something now and then, so that clients know that it is alive', async () => {
    // Streams that come and go must not add signs of their own.
    for (let index = 0; index < 3; index++) {
      const gone = await follow();
      gone.stream.close();
    }
    const followed = await follow('?event_type=nothing');
    await marathon.harness.pass(25_000);
    await waitFor('two signs of life', () => followed.text === '\r\n\r\n');
  });

  it('goes on after the last event that a client had', async () => {
    const first = await follow('?event_type=group_change_success');
    await call('POST', '/v2/apps', app('/a'));
    await waitFor('the change is told', () => first.text.endsWith('\r\n\r\n'));
    const lastEventId = /id: (\S+)/.exec(first.text)?.[1];
    first.stream.close();
    await call('POST', '/v2/apps', app('/b'));
    await call('POST', '/v2/apps', app('/c'));
    const second = await follow('?event_type=group_change_success&event_type=api_post_event', lastEventId);
    await waitFor('both are told', () => second.types().length >= 4);
    const change = ['api_post_event', 'group_change_success'];
    expect(second.types()).toEqual([...change, ...change]);
    expect(second.events().flatMap(({ appDefinition }) => appDefinition ?? [])).toMatchObject([
      { id: '/b' },
      { id: '/c' },
    ]);
  });

  it('says so when it does not know what came after an event', async () => {
    await call('POST', '/v2/apps', app('/a'));
    const followed = await follow('?event_type=group_change_success', 'another-17');
    await waitFor('what is kept is told', () => followed.types().includes('group_change_success'));
    expect(followed.events()).toMatchObject([
      { eventType: 'event_stream_gap', lastEventId: 'another-17' },
      { eventType: 'group_change_success' },
    ]);
  });

  it('tells of streams that go', async () => {
    const followed = await follow('?event_type=event_stream_detached');
    (await follow()).stream.close();
    await waitFor('it is gone', () => followed.types().includes('event_stream_detached'));
  });

  it('is for clients that take event streams', async () => {
    const { status, body } = await call('GET', '/v2/events');
    expect([status, body]).toEqual([406, { message: expect.stringContaining('text/event-stream') }]);
  });
});
