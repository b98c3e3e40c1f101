import { describe, expect, it } from 'vitest';
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

describe('the choice of an encoding', () => {
  it.each<[string | undefined, boolean]>([
    [undefined, true],
    ['*/*', true],
    ['application/*', true],
    ['text/html, application/json;q=0.1', true],
    ['application/json;q=0', false],
    ['application/json;q=0.000', false],
    ['text/html', false],
    ['application/recordio', false],
  ])('for readers of %s is JSON: %s', (accept, isJson) => {
    expect(codecForAnswer(accept)?.mediaType).toBe(isJson ? 'application/json' : undefined);
  });

  it('for a body goes by its exact type', () => {
    expect(codecOfBody('application/json')?.mediaType).toBe('application/json');
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
