import { encodeProtobuf } from '../../../src/mesos/codec/encode-protobuf.ts';
import type { Random } from '../../../src/runtime/random.ts';
import { pick } from './budget.ts';
import type { JsonObject } from './template.ts';

type Change = (bytes: Buffer, random: Random) => Buffer;

const at = (bytes: Buffer, random: Random): number => Math.floor(random.next() * bytes.length);

const noise = (length: number, random: Random): Buffer =>
  Buffer.from(Array.from({ length }, () => Math.floor(random.next() * 256)));

const spliced = (bytes: Buffer, place: number, put: Buffer, dropped = 0): Buffer =>
  Buffer.concat([bytes.subarray(0, place), put, bytes.subarray(place + dropped)]);

/** A varint of 2^64 - 1, one that never ends, and a length beyond all memory. */
const BAD_VARINTS = ['ffffffffffffffffff01', 'ffffffffffffffffffffffff', 'ffffffff0f'].map((hex) =>
  Buffer.from(hex, 'hex'),
);

const CHANGES: readonly Change[] = [
  (bytes) => bytes,
  (bytes, random) => bytes.subarray(0, at(bytes, random)),
  (bytes, random) => spliced(bytes, at(bytes, random), noise(1, random), 1),
  (bytes, random) => spliced(bytes, at(bytes, random), noise(8, random)),
  (bytes, random) => spliced(bytes, at(bytes, random), pick(random, BAD_VARINTS), 1),
  // Another wire type, where a tag happens to be.
  (bytes, random) => {
    const place = at(bytes, random);
    const tag = ((bytes[place] ?? 0) & 0xf8) | Math.floor(random.next() * 8);
    return spliced(bytes, place, Buffer.from([tag]), 1);
  },
  (bytes, random) => Buffer.concat([bytes, bytes.subarray(at(bytes, random))]),
  (_bytes, random) => noise(Math.floor(random.next() * 200), random),
  // Groups in groups, none of which ends.
  (bytes) => Buffer.concat([bytes, Buffer.alloc(50_000, 0x0b)]),
  // A double that is NaN in the place of any eight bytes.
  (bytes, random) => spliced(bytes, at(bytes, random), Buffer.from('000000000000f87f', 'hex'), 8),
];

/** The call in protobuf, cut short, with other wire types, or with bytes that do not belong there. */
export const hostileProtobuf = (name: string, call: JsonObject, random: Random): Buffer =>
  pick(random, CHANGES)(Buffer.from(encodeProtobuf(name, call)), random);
