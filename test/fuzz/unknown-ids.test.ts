import { expect, it } from 'vitest';
import type { Offer } from '../../src/mesos/generated/mesos.ts';
import { launchOf, shellTask, subscribe } from '../master/support/scheduler.ts';
import { TIMEOUT_MS } from './support/budget.ts';
import { startFuzzCluster } from './support/fuzz-cluster.ts';
import { faultOf, shoot } from './support/shoot.ts';

const taskOn = (offer: Offer, id: string) => ({ ...shellTask(id, 'sleep 1000'), agent_id: offer.agent_id });

it('an offer is accepted once: what is launched on it again is dropped', {
  timeout: TIMEOUT_MS,
}, async () => {
  const cluster = await startFuzzCluster();
  const scheduler = await cluster.hostile();
  const offer = await scheduler.untilOffer();
  await scheduler.accept([offer], [launchOf(taskOn(offer, 'first'))]);
  const again = await scheduler.accept([offer], [launchOf(taskOn(offer, 'second'))]);
  expect(again.status).toBe(202);
  await scheduler.untilStatus('first', 'TASK_RUNNING');
  const dropped = await scheduler.untilStatus('second', 'TASK_DROPPED');
  expect(dropped.reason).toBe('REASON_INVALID_OFFERS');
  // The same offer twice in one call is no more than one offer either.
  const next = await scheduler.untilOffer(({ id }) => id.value !== offer.id.value);
  await scheduler.accept([next, next], [launchOf(taskOn(next, 'third'))]);
  await scheduler.untilStatus('third', 'TASK_DROPPED');
  await cluster.checkOthers();
});

it('an offer of another framework, or of none, is nobody’s to accept', { timeout: TIMEOUT_MS }, async () => {
  const cluster = await startFuzzCluster();
  const owner = await cluster.hostile();
  const offer = await owner.untilOffer();
  const thief = await subscribe(cluster.masterUrl);
  await thief.accept([offer], [launchOf(taskOn(offer, 'stolen'))]);
  await thief.untilStatus('stolen', 'TASK_DROPPED');
  const unknown = { ...offer, id: { value: 'no-offer' } };
  await thief.accept([unknown], [launchOf(taskOn(offer, 'made-up'))]);
  await thief.untilStatus('made-up', 'TASK_DROPPED');
  // Its owner has it still.
  await owner.accept([offer], [launchOf(taskOn(offer, 'owned'))]);
  await owner.untilStatus('owned', 'TASK_RUNNING');
  await thief.call('TEARDOWN');
});

it('ids that name nothing are passed over or refused', { timeout: TIMEOUT_MS }, async () => {
  const cluster = await startFuzzCluster();
  const scheduler = await cluster.hostile();
  const nothing = { value: 'nothing' };
  const uuid = Buffer.alloc(16, 1).toString('base64');
  const calls: [string, object][] = [
    ['DECLINE', { offer_ids: [nothing] }],
    ['ACCEPT_INVERSE_OFFERS', { inverse_offer_ids: [nothing] }],
    ['DECLINE_INVERSE_OFFERS', { inverse_offer_ids: [nothing] }],
    ['KILL', { task_id: nothing }],
    ['KILL', { task_id: nothing, agent_id: nothing }],
    ['SHUTDOWN', { executor_id: nothing, agent_id: nothing }],
    ['ACKNOWLEDGE', { agent_id: nothing, task_id: nothing, uuid }],
    ['MESSAGE', { agent_id: nothing, executor_id: nothing, data: uuid }],
    ['RECONCILE', { tasks: [{ task_id: nothing, agent_id: nothing }] }],
  ];
  for (const [type, body] of calls) {
    const answer = await scheduler.call(type, body);
    expect([type, answer.status]).toEqual([type, 202]);
  }
  await scheduler
    .untilStatus('nothing', 'TASK_UNKNOWN')
    .catch(() => scheduler.untilStatus('nothing', 'TASK_GONE'));
  expect(scheduler.isClosed()).toBe(false);

  const operator = { path: '/api/v1', headers: { 'Content-Type': 'application/json' } };
  const agentCalls = ['TEARDOWN', 'DRAIN_AGENT', 'DEACTIVATE_AGENT', 'REACTIVATE_AGENT', 'MARK_AGENT_GONE'];
  for (const type of agentCalls) {
    const body = JSON.stringify({
      type,
      [type.toLowerCase()]: type === 'TEARDOWN' ? { framework_id: nothing } : { agent_id: nothing },
    });
    const answer = await shoot(cluster.masterUrl, { ...operator, body });
    expect([type, faultOf(answer)]).toEqual([type, undefined]);
    expect(answer.status, type).toBeGreaterThanOrEqual(400);
  }
  await cluster.checkOthers();
});
