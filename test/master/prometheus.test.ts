import { describe, expect, it } from 'vitest';
import { request } from '../../src/http/client.ts';
import { metricFamilies } from '../../src/mesos/v0/metric-families.ts';
import { prometheusText } from '../../src/runtime/prometheus-text.ts';
import { parsePrometheus, type ScrapedSample } from '../support/parse-prometheus.ts';
import { startTestAgent, startTestMaster } from './support/cluster.ts';
import { FRAMEWORK, shellTask, subscribe } from './support/scheduler.ts';

const scrape = async (url: string): Promise<ScrapedSample[]> => {
  const { status, headers, body } = await request({ url: `${url}/metrics/prometheus` });
  expect([status, headers['content-type']]).toEqual([200, 'text/plain; version=0.0.4; charset=utf-8']);
  return parsePrometheus(body.toString());
};

const find = (samples: readonly ScrapedSample[], name: string, labels: Record<string, string> = {}) =>
  samples.find(
    (sample) =>
      sample.name === name &&
      Object.entries(labels).every(([label, value]) => sample.labels[label] === value),
  )?.value;

describe('/metrics/prometheus', () => {
  it('of a master and an agent can be read by the letter, and has labels for what Mesos puts into names', async () => {
    const { url } = await startTestMaster();
    const { agent } = await startTestAgent(url, { resources: 'cpus:2;mem:512;disk:1000' });
    const scheduler = await subscribe(url, { ...FRAMEWORK, name: 'a "quoted" name/with\\all' });
    await scheduler.launch(await scheduler.untilOffer(), shellTask('task', 'sleep 1000'));
    await scheduler.untilStatus('task', 'TASK_RUNNING');
    const master = await scrape(url);
    const framework = { framework: 'a "quoted" name/with\\all', framework_id: scheduler.frameworkId };
    expect(find(master, 'mesos_framework_calls_total', { ...framework, call: 'accept' })).toBe(1);
    expect(find(master, 'mesos_framework_tasks', { ...framework, state: 'running' })).toBe(1);
    expect(find(master, 'mesos_framework_subscribed', framework)).toBe(1);
    expect(find(master, 'mesos_allocator_role_dominant_share', { role: 'eng' })).toBeGreaterThan(0);
    expect(find(master, 'mesos_master_resources_total', { resource: 'cpus' })).toBe(2);
    const ofAgent = { agent_id: agent.agentId ?? '', resource: 'cpus' };
    expect(find(master, 'mesos_agent_resources_total', ofAgent)).toBe(2);
    expect(find(master, 'mesos_agent_resources_used', ofAgent)).toBe(0.1);
    expect(find(master, 'mesos_allocator_mesos_allocation_run_ms', { stat: 'count' })).toBeGreaterThan(0);
    expect(find(master, 'mesos_master_messages_total', { message: 'register_framework' })).toBe(1);
    expect(find(master, 'process_resident_memory_bytes')).toBeGreaterThan(1e6);
    const own = await scrape(agent.url);
    expect(find(own, 'mesos_slave_tasks', { state: 'running' })).toBe(1);
    expect(find(own, 'mesos_slave_valid_status_updates_total')).toBeGreaterThan(0);
  });

  it('says nothing twice, whatever roles and frameworks are called', () => {
    const metrics = {
      'allocator/mesos/quota/roles/a/b/resources/cpus/limit': 1,
      'allocator/mesos/quota/roles/a/resources/cpus/limit': 2,
      'master/frameworks/x%2Fy/id/roles/eng/web/suppressed': 1,
      'master/frameworks/x%2Fy/id/calls': 7,
      'master/task_lost/source_master/reason_slave_removed': 3,
      'registrar/state_store_ms/p99': 4,
    };
    const samples = parsePrometheus(prometheusText(metricFamilies(metrics, () => false)));
    expect(samples).toEqual([
      { name: 'mesos_allocator_quota_limit', labels: { role: 'a/b', resource: 'cpus' }, value: 1 },
      { name: 'mesos_allocator_quota_limit', labels: { role: 'a', resource: 'cpus' }, value: 2 },
      {
        name: 'mesos_framework_role_suppressed',
        labels: { framework: 'x/y', framework_id: 'id', role: 'eng/web' },
        value: 1,
      },
      {
        name: 'mesos_master_task_ends_total',
        labels: { state: 'lost', source: 'master', reason: 'slave_removed' },
        value: 3,
      },
      { name: 'mesos_registrar_state_store_ms', labels: { stat: 'p99' }, value: 4 },
    ]);
  });
});
