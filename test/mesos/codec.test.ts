import { describe, expect, it } from 'vitest';
import { jsonCodec } from '../../src/mesos/codec/codec.ts';
import { codecForAnswer, codecOfBody, lastHeaderLine } from '../../src/mesos/codec/negotiation.ts';
import { withDefaults } from '../../src/mesos/codec/with-defaults.ts';

describe('defaults of the schema', () => {
  it('are printed where nobody set a value, at any depth', () => {
    const task = {
      name: 'web',
      health_check: { type: 'TCP', tcp: { port: 80 }, interval_seconds: 2 },
      container: { type: 'MESOS', mesos: { image: { type: 'DOCKER' } } },
    };
    expect(withDefaults('mesos.v1.Task', task)).toEqual({
      name: 'web',
      health_check: {
        type: 'TCP',
        tcp: { protocol: 'IPv4', port: 80 },
        delay_seconds: 15,
        interval_seconds: 2,
        timeout_seconds: 20,
        consecutive_failures: 3,
        grace_period_seconds: 10,
      },
      container: { type: 'MESOS', mesos: { image: { type: 'DOCKER', cached: true } } },
    });
    expect(task.health_check).toEqual({ type: 'TCP', tcp: { port: 80 }, interval_seconds: 2 });
  });

  it('are printed in lists, but not for fields that are deprecated', () => {
    const frameworks = [{ framework_info: { user: 'u', name: 'n' } }];
    expect(withDefaults('mesos.v1.master.Response.GetFrameworks', { frameworks })).toEqual({
      frameworks: [{ framework_info: { user: 'u', name: 'n', failover_timeout: 0, checkpoint: false } }],
    });
  });

  it('leave a message alone in which nothing is missing', () => {
    const status = { task_id: { value: 't' }, state: 'TASK_RUNNING' };
    const event = { type: 'TASK_UPDATED', task_updated: { framework_id: { value: 'f' }, status } };
    expect(withDefaults('mesos.v1.master.Event', event)).toBe(event);
  });
});

describe('JSON that is to be read', () => {
  const read = (name: string, text: string): object =>
    jsonCodec.decode<object>(`mesos.v1.${name}`, Buffer.from(text));

  it('may not be nested without end', () => {
    const nested = (levels: number): string =>
      `${'{"value":"c","parent":'.repeat(levels)}{"value":"c"}${'}'.repeat(levels)}`;
    expect(read('ContainerID', nested(100))).toMatchObject({ value: 'c' });
    const refusal = 'Failed to convert JSON into Call protobuf: Messages are nested too deeply';
    expect(() => read('ContainerID', nested(101))).toThrow(refusal);
    expect(() => read('ContainerID', nested(200_000))).toThrow(refusal);
  });

  it('takes what all objects have for no value of an enum', () => {
    expect(read('scheduler.Call', '{"type":"constructor"}')).toEqual({});
  });
});

describe('the choice of an encoding', () => {
  it.each<[string | undefined, string | undefined]>([
    [undefined, 'application/json'],
    ['*/*', 'application/json'],
    ['application/*', 'application/json'],
    ['text/html, application/json;q=0.1', 'application/json'],
    ['application/x-protobuf, application/json', 'application/json'],
    ['application/x-protobuf', 'application/x-protobuf'],
    ['application/x-protobuf;q=0.5, application/json;q=0', 'application/x-protobuf'],
    ['application/x-protobuf;q=0, application/json;q=0', undefined],
    ['application/json;q=0.000', undefined],
    ['text/html', undefined],
    ['application/recordio', undefined],
  ])('for readers of %s is %s', (accept, mediaType) => {
    expect(codecForAnswer(accept)?.mediaType).toBe(mediaType);
  });

  it('for a body goes by its exact type', () => {
    expect(codecOfBody('application/json')?.mediaType).toBe('application/json');
    expect(codecOfBody('application/x-protobuf')?.mediaType).toBe('application/x-protobuf');
    expect(codecOfBody('application/json; charset=utf-8')).toBeUndefined();
  });

  it('goes by the last line of a header that is there several times', () => {
    const raw = ['Accept', 'text/html', 'Host', 'h', 'ACCEPT', 'application/json'];
    expect([lastHeaderLine(raw, 'accept'), lastHeaderLine(raw, 'cookie')]).toEqual([
      'application/json',
      undefined,
    ]);
  });
});
