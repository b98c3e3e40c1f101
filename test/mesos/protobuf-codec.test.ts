import { describe, expect, it } from 'vitest';
import { DecodeError } from '../../src/mesos/codec/decode-json.ts';
import { protobufCodec } from '../../src/mesos/codec/protobuf-codec.ts';
import type { ContainerID, NetworkInfo } from '../../src/mesos/generated/mesos.ts';
import { encodeRecord, readRecords } from '../../src/mesos/recordio.ts';

const REFUSAL = 'Failed to parse body into Call protobuf';

/** Decodes what is written as hex, with spaces between the pieces. */
const decode = (name: string, hex: string): object =>
  protobufCodec.decode<object>(`mesos.v1.${name}`, Buffer.from(hex.replaceAll(' ', ''), 'hex'));

const encode = (name: string, message: object): string =>
  Buffer.from(protobufCodec.encode(`mesos.v1.${name}`, message)).toString('hex');

/** A length and that many bytes of hex. */
const sized = (hex: string): string => {
  const bytes = Buffer.from(hex.replaceAll(' ', ''), 'hex');
  return `${bytes.length.toString(16).padStart(2, '0')} ${bytes.toString('hex')}`;
};

const refusal = (name: string, hex: string): string => {
  try {
    decode(name, hex);
    return 'was taken';
  } catch (error) {
    expect(error).toBeInstanceOf(DecodeError);
    return (error as DecodeError).message;
  }
};

describe('the writer', () => {
  it('puts fields in the order of their numbers, whatever their order in the message', () => {
    expect(encode('scheduler.Call', { type: 'KILL', kill: { task_id: { value: 't' } } })).toBe(
      '1006 3205 0a03 0a0174'.replaceAll(' ', ''),
    );
    expect(encode('scheduler.Call', { kill: { task_id: { value: 't' } }, type: 'KILL' })).toBe(
      '1006 3205 0a03 0a0174'.replaceAll(' ', ''),
    );
  });

  it('leaves out what is not set, is null, has no name in the schema or is an empty list', () => {
    const call = { type: 'REVIVE', revive: { roles: [] }, framework_id: null, strange: 1, accept: undefined };
    expect(encode('scheduler.Call', call)).toBe('10057a00');
    expect(encode('scheduler.Call', { type: 'FLY' })).toBe('');
    expect(encode('scheduler.Call', { type: 'constructor' })).toBe('');
  });

  it('does not write the defaults that JSON shows', () => {
    expect(encode('Filters', {})).toBe('');
  });

  it.each([
    [0, '00'],
    [127, '7f'],
    [128, '8001'],
    [2 ** 31, '8080808008'],
    [2 ** 32, '8080808010'],
    [Number.MAX_SAFE_INTEGER, 'ffffffffffffff0f'],
    [Number('1795364982034418176'), '8094d9e285de9af518'],
    [-1, 'ffffffffffffffffff01'],
    [-(2 ** 63), '80808080808080808001'],
    [1.5, '01'],
  ])('writes the whole number %d as %s, and reads it again', (nanoseconds, hex) => {
    expect(encode('TimeInfo', { nanoseconds })).toBe(`08${hex}`);
    expect(decode('TimeInfo', `08${hex}`)).toEqual({ nanoseconds: Math.trunc(nanoseconds) });
  });

  it('writes text in UTF-8 and bytes out of base64', () => {
    expect(encode('TaskID', { value: 'zwölf ☃' })).toBe('0a0a7a77c3b66c6620e29883');
    expect(decode('TaskID', '0a0a7a77c3b66c6620e29883')).toEqual({ value: 'zwölf ☃' });
    const message = { agent_id: { value: 'a' }, executor_id: { value: 'e' }, data: 'AP8Q' };
    expect(encode('scheduler.Call.Message', message)).toBe(
      '0a030a0161 12030a0165 1a0300ff10'.replaceAll(' ', ''),
    );
    expect(decode('scheduler.Call.Message', '0a030a0161 12030a0165 1a0300ff10')).toEqual(message);
  });

  it('writes maps as entries in their order, and reads them again', () => {
    const limits = { mem: { value: 1 }, cpus: { value: Number.POSITIVE_INFINITY } };
    const hex =
      '0a0172 1a100a036d656d 1209 09000000000000f03f 1a110a0463707573 1209 09000000000000f07f'.replaceAll(
        ' ',
        '',
      );
    expect(encode('quota.QuotaConfig', { role: 'r', limits })).toBe(hex);
    expect(decode('quota.QuotaConfig', hex)).toEqual({ role: 'r', limits });
  });

  it('writes messages far beyond the size of its first buffer', () => {
    const offer_ids = Array.from({ length: 20_000 }, (_, index) => ({
      value: `offer-${index}-${'x'.repeat(60)}`,
    }));
    const call = { type: 'DECLINE', decline: { offer_ids } };
    const bytes = Buffer.from(protobufCodec.encode('mesos.v1.scheduler.Call', call));
    expect(bytes.length).toBeGreaterThan(1024 * 1024);
    expect(protobufCodec.decode('mesos.v1.scheduler.Call', bytes)).toEqual(call);
    expect(encode('scheduler.Call', { type: 'TEARDOWN' })).toBe('1002');
  });
});

describe('the reader', () => {
  it('passes over fields that it does not know, of every wire type, and over groups', () => {
    const strange = 'f807 9601 f107 0102030405060708 fa07 03 616263 fd07 01020304 fb07 0801 0b 0c fc07';
    expect(decode('scheduler.Call', `${strange} 1005`)).toEqual({ type: 'REVIVE' });
  });

  it('passes over a known field of a wire type that it cannot have', () => {
    expect(decode('scheduler.Call', '1205 6162636465 1005')).toEqual({ type: 'REVIVE' });
  });

  it('leaves unset what has a value that the enum does not have, alone and in lists', () => {
    expect(decode('scheduler.Call', '1063')).toEqual({});
    expect(decode('CSIPluginContainerInfo', '0801 0863 0802')).toEqual({
      services: ['CONTROLLER_SERVICE', 'NODE_SERVICE'],
    });
  });

  it('reads lists of numbers packed and unpacked', () => {
    const http = { port: 80, statuses: [200, 404] };
    expect(decode('HealthCheck.HTTPCheckInfo', '0850 20c801 209403')).toEqual(http);
    expect(decode('HealthCheck.HTTPCheckInfo', '0850 2204 c8019403')).toEqual(http);
  });

  it('takes the last of several values, and merges messages that come several times', () => {
    expect(decode('TaskID', '0a0161 0a0162')).toEqual({ value: 'b' });
    const [first, second] = [sized('0a 03 0a0161'), sized('12 03 0a0162')];
    expect(decode('scheduler.Call', `1007 3a ${first} 3a ${second}`)).toEqual({
      type: 'SHUTDOWN',
      shutdown: { executor_id: { value: 'a' }, agent_id: { value: 'b' } },
    });
  });

  it('fills in what an entry of a map leaves out', () => {
    const context = `12 04 1a020801 2a ${sized('0a0161')} 2a ${sized('120162')}`;
    expect(decode('Volume.Source.CSIVolume.StaticProvisioning', `0a0176 ${context}`)).toMatchObject({
      volume_context: { a: '', '': 'b' },
    });
  });

  it('takes the names of objects for plain keys of maps', () => {
    const entry = sized('0a 09 5f5f70726f746f5f5f 12 09 09 000000000000f03f');
    const config = decode('quota.QuotaConfig', `0a0172 1a ${entry}`) as { limits: object };
    expect(Object.entries(config.limits)).toEqual([['__proto__', { value: 1 }]]);
    expect(Object.getPrototypeOf(config.limits)).toBe(Object.prototype);
  });

  it.each([
    ['text that is no protobuf', 'scheduler.Call', Buffer.from('{"type":"REVIVE"}').toString('hex')],
    ['a number without its end', 'scheduler.Call', '10ff'],
    ['a number of more than ten bytes', 'scheduler.Call', '10ffffffffffffffffffffff01'],
    ['a length beyond the end', 'scheduler.Call', '0a05 0a03 61'],
    ['a length of 2^32 and more', 'scheduler.Call', '0a808080808010'],
    ['a value of a message that reaches out of it', 'scheduler.Call', '0a02 0a05 6162636465'],
    ['field number 0', 'scheduler.Call', '0001'],
    ['the end of a group that never began', 'scheduler.Call', '0c'],
    ['a group without its end', 'scheduler.Call', '0b0801'],
    ['wire type 6', 'scheduler.Call', '0e'],
    ['a double cut short', 'Value.Scalar', '0900'],
    ['a missing required field', 'scheduler.Call.Kill', ''],
    ['a missing required field inside', 'scheduler.Call', '1006 3202 0a00'],
    ['a missing required field in a list', 'scheduler.Call', '1004 2a02 0a00'],
    ['a missing required field in a map', 'quota.QuotaConfig', '0a0172 1a02 0a00'],
    ['a required enum of an unknown value', 'Resource', '0a0163 1063'],
  ])('refuses %s in the words of Mesos', (_what, name, hex) => {
    expect(refusal(name, hex)).toBe(REFUSAL);
  });

  it('refuses NaN, which JSON cannot say and no part reckons with', () => {
    expect(refusal('Value.Scalar', '09 000000000000f87f')).toBe(`${REFUSAL}: NaN is no value for a field`);
    expect(decode('Value.Scalar', '09 000000000000f0ff')).toEqual({ value: Number.NEGATIVE_INFINITY });
  });

  it('refuses messages that are nested without end, in known fields and in groups', () => {
    const nested = (levels: number): Buffer => {
      const own = Buffer.from('0a0163', 'hex');
      let id = own;
      for (let level = 0; level < levels; level++) {
        const length = Buffer.of(0x80 | (id.length & 127), 0x80 | ((id.length >> 7) & 127), id.length >> 14);
        id = Buffer.concat([own, Buffer.of(0x12), length, id]);
      }
      return id;
    };
    const read = (levels: number) =>
      protobufCodec.decode<ContainerID>('mesos.v1.ContainerID', nested(levels));
    let depth = 0;
    for (let id: ContainerID | undefined = read(100); id; id = id.parent) depth++;
    expect(depth).toBe(101);
    expect(() => read(101)).toThrow(REFUSAL);
    expect(() => read(2000)).toThrow(REFUSAL);
    expect(refusal('ContainerID', '0b'.repeat(100_000))).toBe(REFUSAL);
  });

  it('refuses a body of more messages than its bytes are worth', () => {
    // Two bytes each, and nothing is required in them.
    const addresses = (count: number): Buffer => Buffer.from('2a00'.repeat(count), 'hex');
    const read = (count: number) =>
      protobufCodec.decode<NetworkInfo>('mesos.v1.NetworkInfo', addresses(count));
    expect(read(999_999).ip_addresses).toHaveLength(999_999);
    expect(() => read(1_000_000)).toThrow(REFUSAL);
  });
});

describe('a record', () => {
  it('is one piece, in text and in bytes', async () => {
    expect(encodeRecord('{"ä":1}')).toBe('8\n{"ä":1}');
    const message = protobufCodec.encode('mesos.v1.scheduler.Event', { type: 'HEARTBEAT' });
    const record = Buffer.from(encodeRecord(message));
    expect(record.toString('latin1')).toBe('2\n\b\b');
    const stream = async function* () {
      for (const byte of record) yield Buffer.of(byte);
    };
    for await (const read of readRecords(stream(), 10)) {
      expect(protobufCodec.decode('mesos.v1.scheduler.Event', read)).toEqual({ type: 'HEARTBEAT' });
    }
  });
});
