import { describe, expect, it } from 'vitest';
import { openStream, request } from '../../src/http/client.ts';
import type { Resource } from '../../src/mesos/generated/mesos.ts';
import { readRecords } from '../../src/mesos/recordio.ts';
import { startTestAgent, startTestMaster } from './support/cluster.ts';
import { FRAMEWORK, shellTask, subscribe } from './support/scheduler.ts';

const HEADERS = { 'Content-Type': 'application/json', Accept: 'application/json' };

const post = (url: string, message: object) =>
  request({ method: 'POST', url: `${url}/api/v1`, headers: HEADERS, body: JSON.stringify(message) });

const amount = (name: string, value: number): Resource => ({
  name,
  type: 'SCALAR',
  scalar: { value },
  allocation_info: { role: 'batch' },
});

/** The first event that says of a preemption. */
const preemptionEvent = async (url: string): Promise<{ type: string; preemption: object }> => {
  const stream = await openStream({
    method: 'POST',
    url: `${url}/api/v1`,
    headers: HEADERS,
    body: JSON.stringify({ type: 'SUBSCRIBE' }),
  });
  for await (const record of readRecords(stream.body, 1e8)) {
    const event = JSON.parse(record.toString('utf8'));
    if (event.preemption) return event;
  }
  throw new Error('The stream ended');
};

describe('a preemption in a real cluster', () => {
  it('ends a task in its grace period, and its status, an event and a metric say why', {
    timeout: 90_000,
  }, async () => {
    const { url } = await startTestMaster({ flags: { isPreempting: true, allocationIntervalMs: 200 } });
    await startTestAgent(url, { resources: 'cpus:1;mem:256;disk:1000' });
    const batch = await subscribe(url, { ...FRAMEWORK, name: 'batch', roles: ['batch'] });
    await batch.launch(
      await batch.untilOffer(),
      shellTask('victim', 'sleep 1000', { resources: [amount('cpus', 1), amount('mem', 256)] }),
    );
    await batch.untilStatus('victim', 'TASK_RUNNING');
    const guarantees = { cpus: { value: 1 }, mem: { value: 256 } };
    const update = { force: true, quota_configs: [{ role: 'eng', guarantees }] };
    expect((await post(url, { type: 'UPDATE_QUOTA', update_quota: update })).status).toBe(200);
    const event = preemptionEvent(url);
    const eng = await subscribe(url, { ...FRAMEWORK, name: 'eng' });
    const { reason, message } = await batch.untilStatus('victim', 'TASK_KILLED');
    expect(reason).toBe('REASON_CONTAINER_PREEMPTED');
    expect(message).toMatch(/^Preempted: Role 'eng' lacks cpus:[\d.]+; mem:\d+ of its guarantee/);
    expect(await event).toMatchObject({
      type: 'UNKNOWN',
      preemption: {
        role: 'eng',
        task_ids: [{ value: 'victim' }],
        framework_id: { value: batch.frameworkId },
      },
    });
    const hasAll = (resources: readonly { name: string; scalar?: { value: number } }[] = []): boolean =>
      resources.some(({ name, scalar }) => name === 'cpus' && scalar?.value === 1);
    await eng.untilOffer(({ resources }) => hasAll(resources));
    const metrics = JSON.parse((await request({ url: `${url}/metrics/snapshot` })).body.toString());
    expect(metrics['master/tasks_preempted']).toBe(1);
  });
});
