import { request } from '../../../src/http/client.ts';
import { waitFor } from '../../support/wait-for.ts';
import type { Walk } from '../walk.ts';

/** What an operator does to reservations, volumes, quota and weights, over both APIs. */
export const walkOperator = (walk: Walk): void => {
  walk.answers(/^op-w0[1-6]/);
  walk.step('the agent has done it all', async () => {
    await waitFor('the operations to be over', async () => {
      const { body } = await request({
        method: 'POST',
        url: `${walk.cluster.masterUrl}/api/v1`,
        headers: { 'Content-Type': 'application/json' },
        body: '{"type":"GET_OPERATIONS"}',
      });
      return !body.includes('OPERATION_PENDING');
    });
  });
  walk.answers(/^op-w07/, /^op-w0[89]/, /^op-w1/, /^master-w0/);
  walk.answers(
    /^op-w2[0-4]/,
    'op-w25-UPDATE_QUOTA-remove',
    'op-w25-GET_QUOTA-after',
    /^op-w2[6-9]/,
    /^op-w3/,
  );
  walk.answers(/^master-w1/);
};
