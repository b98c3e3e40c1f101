import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { jsonCodec } from '../../src/mesos/codec/codec.ts';
import { protobufCodec } from '../../src/mesos/codec/protobuf-codec.ts';
import type { Event as MasterEvent } from '../../src/mesos/generated/master.ts';
import type { Event } from '../../src/mesos/generated/scheduler.ts';
import { rawBody, rawRecords } from './raw-exchange.ts';

const decode = <Message extends object>(name: string, bytes: Buffer): Message =>
  protobufCodec.decode<Message>(name, bytes);

/** The bytes that this codec makes of the message that it read from them. */
const again = (name: string, bytes: Buffer): string => hex(protobufCodec.encode(name, decode(name, bytes)));

const hex = (bytes: string | Uint8Array): string => Buffer.from(bytes).toString('hex');

describe('what a real Mesos and its clients wrote in protobuf', () => {
  it.each([
    ['pb-op-GET_HEALTH.req', 'mesos.v1.master.Call'],
    ['pb-op-GET_HEALTH.resp', 'mesos.v1.master.Response'],
    ['pb-op-GET_AGENTS.req', 'mesos.v1.master.Call'],
    ['pb-op-GET_AGENTS.resp', 'mesos.v1.master.Response'],
    ['pb-op-SUBSCRIBE-stream.req', 'mesos.v1.master.Call'],
    ['pb-sched-SUBSCRIBE-stream.req', 'mesos.v1.scheduler.Call'],
  ])('%s comes out byte by byte as it went in', (name, message) => {
    const body = rawBody(name);
    expect(body.length).toBeGreaterThan(0);
    expect(again(message, body)).toBe(hex(body));
  });

  it.each([
    ['pb-sched-SUBSCRIBE-stream.resp', 'mesos.v1.scheduler.Event', ['SUBSCRIBED', 'HEARTBEAT', 'OFFERS']],
    ['pb-op-SUBSCRIBE-stream.resp', 'mesos.v1.master.Event', ['SUBSCRIBED', 'HEARTBEAT']],
  ])('so do the records of %s', async (name, message, types) => {
    const records = await rawRecords(name);
    expect(records.map((record) => decode<Event | MasterEvent>(message, record).type)).toEqual(types);
    for (const record of records) expect(again(message, record)).toBe(hex(record));
  });

  it('says the same as the JSON of the same moment, with the defaults of the schema', () => {
    const message = decode('mesos.v1.master.Response', rawBody('pb-op-GET_AGENTS.resp'));
    const shown = JSON.parse(String(jsonCodec.encode('mesos.v1.master.Response', message)));
    const twin = JSON.parse(
      readFileSync(join(import.meta.dirname, 'fixtures', 'final-op-GET_AGENTS.json'), 'utf8'),
    );
    // The one thing that does not go over the wire is a list without anything in it.
    expect({ ...shown, get_agents: { ...shown.get_agents, recovered_agents: [] } }).toEqual(twin);
  });

  it('names a capability of the master that its JSON has no name for', async () => {
    const [record] = await rawRecords('pb-sched-SUBSCRIBE-stream.resp');
    const event = decode<Event>('mesos.v1.scheduler.Event', record ?? Buffer.alloc(0));
    expect(event).toMatchObject({
      type: 'SUBSCRIBED',
      subscribed: {
        heartbeat_interval_seconds: 15,
        master_info: {
          ip: 16777343,
          capabilities: [{ type: 'AGENT_UPDATE' }, { type: 'AGENT_DRAINING' }, { type: 'QUOTA_V2' }],
        },
      },
    });
    expect(jsonCodec.encode('mesos.v1.scheduler.Event', event)).toContain('{"type":"AGENT_DRAINING"},{}]');
  });
});
