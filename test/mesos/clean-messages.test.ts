import { describe, expect, it } from 'vitest';
import { decodeJson } from '../../src/mesos/codec/decode-json.ts';
import { isCleanMessage } from '../../src/mesos/codec/is-clean-message.ts';
import { MESSAGES } from '../../src/mesos/generated/descriptors.ts';
import { seededRandom } from '../../src/runtime/random.ts';
import { randomMessage } from './random-message.ts';

/** All objects in a message, itself included. */
const objectsIn = (value: unknown): Record<string, unknown>[] => {
  if (typeof value !== 'object' || value === null) return [];
  const within = Object.values(value).flatMap(objectsIn);
  return Array.isArray(value) ? within : [value as Record<string, unknown>, ...within];
};

describe('a message in JSON', () => {
  it('of any kind is taken as it stands when there is nothing strange in it', () => {
    for (const [index, name] of Object.keys(MESSAGES).entries()) {
      const message = randomMessage(name, seededRandom(index));
      expect(decodeJson(name, message), name).toBe(message);
    }
  });

  it('is read without what is unknown, wherever that is', () => {
    for (const [index, name] of Object.keys(MESSAGES).entries()) {
      const random = seededRandom(index);
      const message = randomMessage(name, random);
      const strange = structuredClone(message);
      const objects = objectsIn(strange);
      // A map takes any field, but not of any kind.
      Object.assign(objects[Math.floor(random.next() * objects.length)] ?? {}, { strange: undefined });
      expect(isCleanMessage(name, strange), name).toBe(false);
      expect(decodeJson(name, strange), name).toEqual(message);
    }
  });

  it.each<[string, string, object]>([
    ['of an unknown field', '{"value":"x","more":1}', { value: 'x' }],
    ['of a field that all objects have', '{"value":"x","__proto__":{}}', { value: 'x' }],
    ['of null', '{"value":"x","parent":null}', { value: 'x' }],
    [
      'of a parent with an unknown field',
      '{"value":"x","parent":{"value":"y","z":[]}}',
      { value: 'x', parent: { value: 'y' } },
    ],
  ])('is cleared %s', (_what, text, expected) => {
    expect(decodeJson('mesos.v1.ContainerID', JSON.parse(text))).toEqual(expected);
  });

  it.each<[string, string, object]>([
    ['numbers that are text', '{"begin":"1","end":2.5}', { begin: 1, end: 2 }],
    ['numbers with a fraction', '{"begin":1.5,"end":2}', { begin: 1, end: 2 }],
  ])('has its %s made whole numbers', (_what, text, expected) => {
    expect(decodeJson('mesos.v1.Value.Range', JSON.parse(text))).toEqual(expected);
  });

  it.each<[string, string, string]>([
    ['ExecutorInfo', '{"resources":[{"name":"cpus"}]}', 'fields: executor_id, resources[0].type'],
    [
      'ContainerStatus',
      '{"container_id":{"parent":{}}}',
      'fields: container_id.value, container_id.parent.value',
    ],
    ['ExecutorInfo', '{"name":[]}', "Not expecting a JSON array for field 'name'"],
    ['ExecutorInfo', '{"resources":[null]}', 'Expecting a JSON object'],
  ])('of the kind %s that is %s is refused', (kind, text, problem) => {
    expect(() => decodeJson(`mesos.v1.${kind}`, JSON.parse(text))).toThrow(problem);
  });
});
