import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { request } from '../../src/http/client.ts';
import type { Offer, Resource } from '../../src/mesos/generated/mesos.ts';
import { CoreHarness, INFO } from './core/harness.ts';
import { onTestEnd, startTestAgent, startTestMaster } from './support/cluster.ts';
import { FRAMEWORK, shellTask, subscribe } from './support/scheduler.ts';

const REVOCABLE = [...(FRAMEWORK.capabilities ?? []), { type: 'REVOCABLE_RESOURCES' as const }];

const revocableCpus = ({ resources = [] }: Offer): number =>
  resources.find(({ name, revocable }) => name === 'cpus' && revocable)?.scalar?.value ?? 0;

const cpus = (value: number): Resource => ({
  name: 'cpus',
  type: 'SCALAR',
  scalar: { value },
  revocable: {},
});

const metricsOf = async (url: string): Promise<Record<string, number>> =>
  JSON.parse((await request({ url: `${url}/metrics/snapshot` })).body.toString());

describe('what an agent offers beyond what it has', () => {
  it('is for frameworks that can do without it, and runs tasks', { timeout: 60_000 }, async () => {
    const { url } = await startTestMaster();
    const { agent } = await startTestAgent(url, {
      resources: 'cpus:1;mem:512;disk:1000',
      resourceEstimator: 'cpus:2',
    });
    const plain = await subscribe(url);
    expect(revocableCpus(await plain.untilOffer())).toBe(0);
    await plain.call('TEARDOWN');
    const able = await subscribe(url, { ...FRAMEWORK, capabilities: REVOCABLE });
    const offer = await able.untilOffer((one) => revocableCpus(one) === 2);
    const role = { allocation_info: { role: 'eng' } };
    const mem: Resource = { name: 'mem', type: 'SCALAR', scalar: { value: 64 }, ...role };
    await able.launch(
      offer,
      shellTask('task', 'sleep 1000', { resources: [{ ...cpus(1.5), ...role }, mem] }),
    );
    await able.untilStatus('task', 'TASK_RUNNING');
    expect(await metricsOf(url)).toMatchObject({
      'master/cpus_total': 1,
      'master/cpus_used': 0,
      'master/cpus_revocable_total': 2,
      'master/cpus_revocable_used': 1.5,
    });
    expect(await metricsOf(agent.url)).toMatchObject({
      'slave/cpus_revocable_total': 2,
      'slave/cpus_revocable_used': 1.5,
    });
  });

  it('may change: a module says what it is', { timeout: 60_000 }, async () => {
    const folder = await mkdtemp(join(tmpdir(), 'plenum-estimator-'));
    onTestEnd(() => rm(folder, { recursive: true }));
    const module = join(folder, 'estimator.mjs');
    const source = `let asked = 0;
      export default () => ({ oversubscribable: () => {
        asked++;
        return [{ name: 'cpus', type: 'SCALAR', scalar: { value: asked > 3 ? 4 : 1 } }];
      } });`;
    await writeFile(module, source);
    const { url } = await startTestMaster();
    await startTestAgent(url, { resourceEstimator: module, oversubscribedIntervalMs: 300 });
    const able = await subscribe(url, { ...FRAMEWORK, capabilities: REVOCABLE });
    await able.untilOffer((one) => revocableCpus(one) === 4);
    expect((await metricsOf(url))['master/messages_update_slave']).toBe(1);
  });

  it('is offered anew when it is another amount, and nothing else of the agent changes', () => {
    const harness = new CoreHarness();
    const agent = harness.agent('cpus:4;mem:1024', { oversubscribed_resources: [cpus(1)] });
    const capabilities = [...(INFO.capabilities ?? []), { type: 'REVOCABLE_RESOURCES' as const }];
    const able = harness.scheduler({ ...INFO, capabilities });
    const first = able.lastOffer;
    expect(revocableCpus(first)).toBe(1);
    const reserved = { ...cpus(9), reservations: [{ type: 'STATIC' as const, role: 'eng' }] };
    const { revocable: _never, ...firm } = cpus(9);
    harness.feed({
      type: 'agent-call',
      agentId: agent.id,
      call: {
        type: 'UPDATE_AGENT',
        agent_id: { value: agent.id },
        update_agent: { oversubscribed_resources: [cpus(2), reserved, firm] },
      },
    });
    expect(able.rescinded).toEqual([first.id.value]);
    expect(revocableCpus(able.lastOffer)).toBe(2);
    expect(harness.core.allocator.total(agent.id)).toHaveLength(3);
  });
});
