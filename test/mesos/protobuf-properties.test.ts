import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import protobuf from 'protobufjs';
import { describe, expect, it } from 'vitest';
import { DecodeError } from '../../src/mesos/codec/decode-json.ts';
import { protobufCodec } from '../../src/mesos/codec/protobuf-codec.ts';
import { MESSAGES } from '../../src/mesos/generated/descriptors.ts';
import { seededRandom } from '../../src/runtime/random.ts';
import { randomMessage } from './random-message.ts';

const PROTO = join(import.meta.dirname, '../../src/mesos/proto');

/** Another implementation of protobuf, over the same .proto files. */
const loadOther = (): protobuf.Root => {
  const root = new protobuf.Root();
  root.resolvePath = (_origin, target) => (target.startsWith('google/') ? target : join(PROTO, target));
  return root.loadSync(
    readdirSync(PROTO).filter((name) => name.endsWith('.proto')),
    { keepCase: true },
  );
};
const other = loadOther();

const encodeByOther = (name: string, message: object): Buffer => {
  const type = other.lookupType(name);
  return Buffer.from(type.encode(type.fromObject(message)).finish());
};

const decodeByOther = (name: string, bytes: Uint8Array): object => {
  const type = other.lookupType(name);
  return type.toObject(type.decode(bytes), { enums: String, bytes: String, longs: Number });
};

const encode = (name: string, message: object): Buffer => Buffer.from(protobufCodec.encode(name, message));

const SEEDS = [1, 2, 3, 4, 5, 6];

describe.each(SEEDS)('random messages of every kind in the schema (seed %d)', (seed) => {
  const messages = Object.keys(MESSAGES).map((name, index) => {
    const message = randomMessage(name, seededRandom(seed * 1000 + index));
    return [name, message] as const;
  });

  it('come back as they were', () => {
    for (const [name, message] of messages) {
      expect(protobufCodec.decode(name, encode(name, message)), name).toEqual(message);
    }
  });

  it('are the same bytes and the same message to another implementation', () => {
    for (const [name, message] of messages) {
      const bytes = encode(name, message);
      expect(bytes.toString('hex'), name).toBe(encodeByOther(name, message).toString('hex'));
      expect(decodeByOther(name, bytes), name).toEqual(message);
    }
  });
});

describe('whatever bytes come', () => {
  const ENTRIES = [
    'mesos.v1.scheduler.Call',
    'mesos.v1.scheduler.Event',
    'mesos.v1.executor.Call',
    'mesos.v1.master.Call',
    'mesos.v1.master.Response',
    'mesos.v1.agent.Call',
  ];
  const TIME_MS = 1500;
  const SLOWEST_MS = 1000;

  /** Reads it, or refuses it as a DecodeError; and does either soon. */
  const readOrRefuse = (name: string, bytes: Buffer): 'read' | 'refused' => {
    const start = performance.now();
    try {
      protobufCodec.decode(name, bytes);
      return 'read';
    } catch (error) {
      if (!(error instanceof DecodeError))
        throw new Error(`${name} ${bytes.toString('hex')}`, { cause: error });
      return 'refused';
    } finally {
      expect(performance.now() - start, bytes.toString('hex')).toBeLessThan(SLOWEST_MS);
    }
  };

  it.each(ENTRIES)(
    '%s is read or refused: noise, and messages with bytes changed, cut and doubled',
    (name) => {
      const random = seededRandom(name.length);
      const whole = (below: number): number => Math.floor(random.next() * below);
      const seen = { read: 0, refused: 0 };
      const end = performance.now() + TIME_MS;
      for (let round = 0; round < 3000 && performance.now() < end; round++) {
        seen[readOrRefuse(name, Buffer.from(Array.from({ length: whole(64) }, () => whole(256))))]++;
        const bytes = encode(name, randomMessage(name, random, 1));
        for (let change = 0; change <= whole(3); change++) bytes[whole(bytes.length)] = whole(256);
        seen[readOrRefuse(name, bytes)]++;
        seen[readOrRefuse(name, bytes.subarray(0, whole(bytes.length)))]++;
        seen[readOrRefuse(name, Buffer.concat([bytes.subarray(whole(bytes.length)), bytes]))]++;
      }
      expect(seen.read).toBeGreaterThan(50);
      expect(seen.refused).toBeGreaterThan(50);
    },
  );

  it.each([
    [
      'lengths that claim the rest of the world',
      Buffer.from('2affffffff0f'.repeat(20_000), 'hex'),
      'refused',
    ],
    ['groups in groups', Buffer.alloc(4_000_000, 0x0b), 'refused'],
    ['a field that comes half a million times', Buffer.alloc(1_000_000, 0x10), 'read'],
    ['sixteen megabytes of one number', Buffer.alloc(16 * 1024 * 1024, 0xff), 'refused'],
  ])('%s cost neither time nor memory', (_what, bytes, outcome) => {
    expect(readOrRefuse('mesos.v1.scheduler.Call', bytes)).toBe(outcome);
  });
});
