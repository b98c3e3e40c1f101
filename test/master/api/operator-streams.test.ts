import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { type HttpStream, openStream } from '../../../src/http/client.ts';
import type { Observation } from '../../../src/master/core/effect.ts';
import type { Event } from '../../../src/mesos/generated/master.ts';
import { readRecords } from '../../../src/mesos/recordio.ts';
import { waitFor } from '../../support/wait-for.ts';
import { emptyState, inMilliseconds, stateOf } from './sample-state.ts';
import { startTestMasterApi, type TestMasterApi } from './test-master-api.ts';

let api: TestMasterApi;
const open: HttpStream[] = [];
afterEach(async () => {
  for (const stream of open.splice(0)) stream.close();
  await api.close();
});

/** What Mesos told while three frameworks came, ran a task each, and went. */
const CAPTURED: Event[] = readFileSync(
  join(import.meta.dirname, '..', 'fixtures', 'op-SUBSCRIBE-stream.events.jsonl'),
  'utf8',
)
  .trim()
  .split('\n')
  .map((line) => (JSON.parse(line) as { event: Event }).event);

const subscribe = async (): Promise<{ stream: HttpStream; next: () => Promise<Event | undefined> }> => {
  const stream = await openStream({
    method: 'POST',
    url: `${api.url}/api/v1`,
    headers: { 'Content-Type': 'application/json', Accept: 'application/json' },
    body: '{"type":"SUBSCRIBE"}',
  });
  open.push(stream);
  const records = readRecords(stream.body, 1_000_000);
  const next = async (): Promise<Event | undefined> => {
    const { value, done } = await records.next();
    return done ? undefined : (JSON.parse(value.toString()) as Event);
  };
  return { stream, next };
};

/** What the core must have observed for Mesos to tell this. */
const observationOf = (event: Event): Observation | undefined => {
  switch (event.type) {
    case 'TASK_ADDED':
      return { type: 'task-added', task: event.task_added.task };
    case 'TASK_UPDATED': {
      const { framework_id, status, state } = event.task_updated;
      return { type: 'task-updated', frameworkId: framework_id.value, status, state };
    }
    case 'AGENT_ADDED': {
      const [agent] = stateOf({
        type: 'GET_AGENTS',
        get_agents: { agents: [event.agent_added.agent] },
      }).agents.values();
      return agent && { type: 'agent-added', agent };
    }
    case 'FRAMEWORK_ADDED': {
      const { framework } = event.framework_added;
      const [added] = stateOf({
        type: 'GET_FRAMEWORKS',
        get_frameworks: { frameworks: [framework] },
      }).frameworks.values();
      return added && { type: 'framework-added', framework: added };
    }
    case 'FRAMEWORK_REMOVED':
      return { type: 'framework-removed', info: event.framework_removed.framework_info };
    default:
      return undefined;
  }
};

describe('the event stream for operators', () => {
  it('tells what Mesos told, event by event', async () => {
    api = await startTestMasterApi(emptyState());
    const { stream, next } = await subscribe();
    expect([stream.status, stream.headers['content-type'], stream.headers['content-length']]).toEqual([
      200,
      'application/json',
      undefined,
    ]);
    for (const [index, expected] of CAPTURED.entries()) {
      if (expected.type === 'HEARTBEAT' && index > 1) api.clock.advance(15_000);
      const observation = observationOf(expected);
      if (observation) api.streams.observe(observation);
      expect(inMilliseconds(await next())).toEqual(inMilliseconds(expected));
    }
    expect(CAPTURED.length).toBeGreaterThan(20);
  });

  it('tells of agents that are removed and of frameworks that change', async () => {
    api = await startTestMasterApi(emptyState());
    const { next } = await subscribe();
    await next();
    await next();
    api.streams.observe({ type: 'agent-removed', agentId: 'S0' });
    expect(await next()).toEqual({ type: 'AGENT_REMOVED', agent_removed: { agent_id: { value: 'S0' } } });
    const added = CAPTURED.map(observationOf).find((one) => one?.type === 'framework-added');
    if (added?.type !== 'framework-added') throw new Error('The capture has no framework');
    api.streams.observe({ type: 'framework-updated', framework: added.framework });
    expect(await next()).toMatchObject({
      type: 'FRAMEWORK_UPDATED',
      framework_updated: { framework: { connected: true, unregistered_time: { nanoseconds: 0 } } },
    });
  });

  it('beats every 15 seconds for as long as somebody listens', async () => {
    api = await startTestMasterApi(emptyState());
    const { stream, next } = await subscribe();
    expect([(await next())?.type, (await next())?.type]).toEqual(['SUBSCRIBED', 'HEARTBEAT']);
    api.clock.advance(15_000);
    expect((await next())?.type).toBe('HEARTBEAT');
    api.clock.advance(30_000);
    expect([(await next())?.type, (await next())?.type]).toEqual(['HEARTBEAT', 'HEARTBEAT']);
    stream.close();
    await waitFor('the stream to be forgotten', () => api.streams.count === 0);
  });

  it('closes the oldest stream when there are more than it may have', async () => {
    api = await startTestMasterApi(emptyState(), { maxStreams: 2 });
    const [first, second, third] = [await subscribe(), await subscribe(), await subscribe()];
    expect(api.streams.count).toBe(2);
    const types: (string | undefined)[] = [];
    for (let event = await first.next(); event; event = await first.next()) types.push(event.type);
    expect(types).toEqual(['SUBSCRIBED', 'HEARTBEAT']);
    api.streams.observe({ type: 'agent-removed', agentId: 'S0' });
    for (const { next } of [second, third]) {
      await next();
      await next();
      expect((await next())?.type).toBe('AGENT_REMOVED');
    }
  });
});
