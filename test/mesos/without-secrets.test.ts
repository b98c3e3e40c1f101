import { describe, expect, it } from 'vitest';
import { withoutSecrets } from '../../src/mesos/without-secrets.ts';

describe('messages without secrets', () => {
  it('say that there is a secret, and not which', () => {
    const executor = {
      executor_id: { value: 'e' },
      command: {
        environment: {
          variables: [
            { name: 'A', type: 'VALUE', value: 'open' },
            { name: 'B', type: 'SECRET', secret: { type: 'VALUE', value: { data: 'aHVzaA==' } } },
          ],
        },
      },
    };
    expect(withoutSecrets(executor)).toEqual({
      executor_id: { value: 'e' },
      command: {
        environment: {
          variables: [
            { name: 'A', type: 'VALUE', value: 'open' },
            { name: 'B', type: 'SECRET', secret: { type: 'VALUE', value: { data: '' } } },
          ],
        },
      },
    });
  });
});
