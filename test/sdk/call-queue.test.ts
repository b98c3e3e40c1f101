import { expect, it } from 'vitest';
import { CallQueue } from '../../src/sdk/call-queue.ts';

it('refuses calls when ten thousand wait, and takes them again when there is room', async () => {
  const releases: (() => void)[] = [];
  const queue = new CallQueue(() => new Promise((resolve) => releases.push(resolve)));
  const calls = Array.from({ length: 10_001 }, () => queue.add({ type: 'TEARDOWN' }));
  await expect(queue.add({ type: 'TEARDOWN' })).rejects.toThrow('10000 calls wait already');
  // One is under way; its answer makes room.
  releases.shift()?.();
  await calls[0];
  calls.push(queue.add({ type: 'TEARDOWN' }));
  const [, second, ...waiting] = calls;
  const settled = Promise.allSettled(waiting);
  queue.clear('the test ends');
  const results = await settled;
  expect(results.filter(({ status }) => status === 'rejected')).toHaveLength(waiting.length);
  expect(results.at(-1)).toMatchObject({ reason: new Error('TEARDOWN was not sent: the test ends') });
  // What is under way ends by itself.
  releases.shift()?.();
  await second;
});
