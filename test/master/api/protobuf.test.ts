import { afterEach, describe, expect, it } from 'vitest';
import { openStream } from '../../../src/http/client.ts';
import { jsonCodec } from '../../../src/mesos/codec/codec.ts';
import type { Call, Event, Response } from '../../../src/mesos/generated/master.ts';
import { readRecords } from '../../../src/mesos/recordio.ts';
import { rawBody } from '../../mesos/raw-exchange.ts';
import { decode, encode, openProtobufStream, PROTOBUF, postProtobuf } from '../../support/protobuf-client.ts';
import { emptyState, golden, stateOf } from './sample-state.ts';
import { startTestMasterApi, type TestMasterApi } from './test-master-api.ts';

let api: TestMasterApi;
const open: { close(): void }[] = [];
afterEach(async () => {
  for (const stream of open.splice(0)) stream.close();
  await api.close();
});

const busy = () => startTestMasterApi(stateOf(golden('busy-op-GET_STATE') as Response));

/** What a message is in JSON, without lists that are empty: they do not go over the wire in protobuf. */
const shown = (response: Response): unknown =>
  withoutEmptyLists(JSON.parse(String(jsonCodec.encode('mesos.v1.master.Response', response))));

const withoutEmptyLists = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.map(withoutEmptyLists);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).flatMap(([key, item]) =>
      Array.isArray(item) && item.length === 0 ? [] : [[key, withoutEmptyLists(item)]],
    ),
  );
};

describe('the operator API in protobuf', () => {
  it.each<Call['type']>([
    'GET_HEALTH',
    'GET_FLAGS',
    'GET_VERSION',
    'GET_LOGGING_LEVEL',
    'GET_STATE',
    'GET_AGENTS',
    'GET_FRAMEWORKS',
    'GET_EXECUTORS',
    'GET_OPERATIONS',
    'GET_TASKS',
    'GET_ROLES',
    'GET_WEIGHTS',
    'GET_MASTER',
    'GET_QUOTA',
    'GET_MAINTENANCE_STATUS',
    'GET_MAINTENANCE_SCHEDULE',
  ])('answers %s as in JSON', async (type) => {
    api = await busy();
    const { status, headers, body } = await postProtobuf(
      `${api.url}/api/v1`,
      encode('master.Call', { type }),
    );
    expect([status, headers['content-type'], headers['content-length']]).toEqual([
      200,
      PROTOBUF,
      String(body.length),
    ]);
    const json = JSON.parse((await api.call({ type })).body.toString());
    expect(shown(decode<Response>('master.Response', body))).toEqual(withoutEmptyLists(json));
  });

  it('takes and gives the very bytes of a real exchange', async () => {
    api = await busy();
    const { body } = await postProtobuf(`${api.url}/api/v1`, rawBody('pb-op-GET_HEALTH.req'));
    expect(body.toString('hex')).toBe(rawBody('pb-op-GET_HEALTH.resp').toString('hex'));
  });

  it('answers each caller in the encoding that it reads', async () => {
    api = await busy();
    const health = encode('master.Call', { type: 'GET_HEALTH' });
    const inJson = await postProtobuf(`${api.url}/api/v1`, health, { Accept: 'application/json' });
    expect(inJson.body.toString()).toBe('{"type":"GET_HEALTH","get_health":{"healthy":true}}');
    const inProtobuf = await api.call({ type: 'GET_HEALTH' }, { Accept: PROTOBUF });
    expect(decode('master.Response', inProtobuf.body)).toEqual({
      type: 'GET_HEALTH',
      get_health: { healthy: true },
    });
    // Who reads both gets JSON, which Mesos tries first.
    const either = await postProtobuf(`${api.url}/api/v1`, health, { Accept: '*/*' });
    expect(either.headers['content-type']).toBe('application/json');
  });

  it('answers a write without a body and without a type of one', async () => {
    api = await busy();
    const call = { type: 'TEARDOWN', teardown: { framework_id: { value: 'f' } } };
    const { status, headers } = await postProtobuf(`${api.url}/api/v1`, encode('master.Call', call));
    expect([status, headers['content-type'], headers['content-length']]).toEqual([200, undefined, '0']);
    expect(api.commands).toEqual([{ type: 'teardown', frameworkId: 'f' }]);
  });

  it('reads maps and amounts of a quota', async () => {
    api = await busy();
    const config = { role: 'r', guarantees: { cpus: { value: 1.5 } }, limits: { cpus: { value: 4 } } };
    const call = { type: 'UPDATE_QUOTA', update_quota: { quota_configs: [config] } };
    expect((await postProtobuf(`${api.url}/api/v1`, encode('master.Call', call))).status).toBe(200);
    expect(api.commands).toEqual([{ type: 'update-quotas', configs: [config], isForced: false }]);
  });

  it.each([
    ['what is no protobuf', '{"type":"GET_HEALTH"}', {}, 400, 'Failed to parse body into Call protobuf'],
    [
      'a call without its required fields',
      encode('master.Call', { type: 'TEARDOWN', teardown: {} }),
      {},
      400,
      'Failed to parse body into Call protobuf',
    ],
    [
      'a call of no type',
      encode('master.Call', {}),
      {},
      400,
      "Failed to validate master::Call: Expecting 'type' to be present",
    ],
    ['a call of a type that is not known', Buffer.of(8, 99), {}, 400, /Expecting 'type' to be present$/],
    [
      'a call without its body',
      encode('master.Call', { type: 'READ_FILE' }),
      {},
      400,
      "Failed to validate master::Call: Expecting 'read_file' to be present",
    ],
    [
      'an encoding that nobody speaks',
      Buffer.of(8, 1),
      { 'Content-Type': 'application/x-protobuf; a=b' },
      415,
      "Expecting 'Content-Type' of application/json or application/x-protobuf",
    ],
    [
      'a reader of neither encoding',
      Buffer.of(8, 1),
      { Accept: 'application/recordio' },
      406,
      "Expecting 'Accept' to allow 'application/x-protobuf' or 'application/json'",
    ],
  ])('refuses %s', async (_what, body, headers, status, text) => {
    api = await busy();
    const answer = await postProtobuf(`${api.url}/api/v1`, body, headers);
    expect([answer.status, answer.body.toString()]).toEqual([
      status,
      typeof text === 'string' ? text : expect.stringMatching(text),
    ]);
  });

  it('serves Python clients at the path that they use', async () => {
    api = await busy();
    const body = encode('master.Call', { type: 'GET_HEALTH' });
    expect((await postProtobuf(`${api.url}/api/v1/operator`, body)).status).toBe(200);
  });
});

describe('the event stream for operators', () => {
  it('tells readers of both encodings the same', async () => {
    api = await startTestMasterApi(emptyState());
    const inProtobuf = await openProtobufStream<Event>(
      `${api.url}/api/v1`,
      rawBody('pb-op-SUBSCRIBE-stream.req'),
      'master.Event',
    );
    open.push(inProtobuf);
    const { status, headers } = inProtobuf.stream;
    expect([status, headers['content-type'], headers['transfer-encoding']]).toEqual([
      200,
      PROTOBUF,
      'chunked',
    ]);
    const inJson = await openStream({
      method: 'POST',
      url: `${api.url}/api/v1`,
      headers: { 'Content-Type': 'application/json' },
      body: '{"type":"SUBSCRIBE"}',
    });
    open.push(inJson);
    const info = { user: 'u', name: 'n', id: { value: 'f' } };
    api.streams.observe({ type: 'framework-removed', info });
    await inProtobuf.until('the removal', ({ type }) => type === 'FRAMEWORK_REMOVED');
    expect(inProtobuf.events.map(({ type }) => type)).toEqual([
      'SUBSCRIBED',
      'HEARTBEAT',
      'FRAMEWORK_REMOVED',
    ]);
    expect(inProtobuf.events[2]).toEqual({
      type: 'FRAMEWORK_REMOVED',
      framework_removed: { framework_info: info },
    });
    const told: Event[] = [];
    for await (const record of readRecords(inJson.body, 1_000_000)) {
      told.push(JSON.parse(record.toString()) as Event);
      if (told.length === 3) break;
    }
    expect(told[2]).toEqual({
      type: 'FRAMEWORK_REMOVED',
      framework_removed: { framework_info: { ...info, failover_timeout: 0, checkpoint: false } },
    });
  });
});
