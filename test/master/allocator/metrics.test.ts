import { describe, expect, it } from 'vitest';
import { request } from '../../../src/http/client.ts';
import { waitFor } from '../../support/wait-for.ts';
import { startTestAgent, startTestMaster } from '../support/cluster.ts';
import { FRAMEWORK, shellTask, subscribe } from '../support/scheduler.ts';

type Metrics = Record<string, number>;

/** What the master publishes of its allocator, without the prefix. */
const metricsOf = async (url: string): Promise<Metrics> => {
  const { body } = await request({ url: `${url}/metrics/snapshot` });
  const all: Metrics = JSON.parse(body.toString());
  const prefix = 'allocator/mesos/';
  return Object.fromEntries(
    Object.entries(all)
      .filter(([name]) => name.startsWith(prefix))
      .map(([name, value]) => [name.slice(prefix.length), value]),
  );
};

const setQuota = async (url: string, config: object): Promise<void> => {
  const call = { type: 'UPDATE_QUOTA', update_quota: { quota_configs: [config] } };
  const headers = { 'Content-Type': 'application/json' };
  const { status } = await request({
    method: 'POST',
    url: `${url}/api/v1`,
    headers,
    body: JSON.stringify(call),
  });
  expect(status).toBe(200);
};

describe('metrics of the allocator', () => {
  it('tell of quotas for as long as there are any', async () => {
    const { url } = await startTestMaster();
    const amounts = { cpus: { value: 2 }, mem: { value: 512 } };
    await startTestAgent(url, { resources: 'cpus:4;mem:1024;disk:0' });
    await waitFor('the agent', async () => (await metricsOf(url))['resources/cpus/total'] === 4);
    await setQuota(url, { role: 'eng', guarantees: amounts, limits: amounts });
    expect(await metricsOf(url)).not.toHaveProperty(['roles/eng/shares/dominant']);
    const scheduler = await subscribe(url);
    const offer = await scheduler.untilOffer();
    const quota = 'quota/roles/eng/resources';
    expect(await metricsOf(url)).toMatchObject({
      [`${quota}/cpus/guarantee`]: 2,
      [`${quota}/cpus/limit`]: 2,
      [`${quota}/cpus/offered_or_allocated`]: 2,
      [`${quota}/mem/guarantee`]: 512,
      [`${quota}/mem/limit`]: 512,
      [`${quota}/mem/offered_or_allocated`]: 512,
      'resources/cpus/offered_or_allocated': 2,
      'resources/mem/total': 1024,
      'resources/mem/offered_or_allocated': 512,
      'roles/eng/shares/dominant': 0.5,
    });
    await scheduler.launch(offer, shellTask('task', 'sleep 1000'));
    await scheduler.untilStatus('task', 'TASK_RUNNING');
    await waitFor('the task', async () => (await metricsOf(url))[`${quota}/cpus/consumed`] === 0.1);
    await setQuota(url, { role: 'eng' });
    const names = Object.keys(await metricsOf(url)).filter((name) => name.startsWith('quota/roles/eng/'));
    expect(names.filter((name) => !name.endsWith('/consumed'))).toEqual([]);
  });

  it('tell of filters and of shares of the roles that there are', async () => {
    const { url } = await startTestMaster();
    await startTestAgent(url, { resources: 'cpus:4;mem:1024;disk:0' });
    const first = await subscribe(url);
    const offer = await first.untilOffer();
    expect(await metricsOf(url)).toMatchObject({
      'roles/eng/shares/dominant': 1,
      'offer_filters/roles/eng/active': 0,
    });
    const refusal = { offer_ids: [offer.id], filters: { refuse_seconds: 3600 } };
    expect((await first.call('DECLINE', refusal)).status).toBe(202);
    await waitFor('the filter', async () => (await metricsOf(url))['offer_filters/roles/eng/active'] === 1);
    expect((await metricsOf(url))['roles/eng/shares/dominant']).toBe(0);
    const second = await subscribe(url, { ...FRAMEWORK, name: 'second', roles: ['ops'] });
    await second.untilOffer();
    expect((await metricsOf(url))['roles/ops/shares/dominant']).toBe(1);
    await second.call('TEARDOWN');
    await waitFor(
      'the end of the role',
      async () => !('roles/ops/shares/dominant' in (await metricsOf(url))),
    );
    await first.call('REVIVE');
    await first.untilOffer((other) => other.id.value !== offer.id.value);
    expect(await metricsOf(url)).toMatchObject({
      'roles/eng/shares/dominant': 1,
      'offer_filters/roles/eng/active': 0,
    });
  });
});
