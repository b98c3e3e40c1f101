import { describe, expect, it } from 'vitest';
import type { Resource } from '../../../src/mesos/generated/mesos.ts';
import { CoreHarness, INFO, task } from './harness.ts';

const scalar = (name: string, value: number, more: Partial<Resource> = {}): Resource => ({
  name,
  type: 'SCALAR',
  scalar: { value },
  ...more,
});

const reservations = [{ type: 'DYNAMIC' as const, role: 'ads' }];

describe('operations of operators', () => {
  it('take what is free, offers back for what is not, and nothing from tasks', () => {
    const harness = new CoreHarness();
    const agent = harness.agent('cpus:4;mem:1024;disk:1000');
    const framework = harness.scheduler();
    framework.launch(framework.lastOffer, task('one', agent.id));
    harness.advance(6_000);
    const reserve = (value: number) =>
      harness.ask({
        type: 'apply-operation',
        agentId: agent.id,
        operation: { type: 'RESERVE', reserve: { resources: [scalar('cpus', value, { reservations })] } },
      });
    expect(harness.state.offers.size).toBe(1);
    expect(reserve(1)).toEqual({ type: 'accepted' });
    expect(framework.rescinded).toHaveLength(1);
    expect(agent.of('APPLY_OPERATION')).toHaveLength(1);
    expect(harness.state.agents.get(agent.id)?.total).toContainEqual(scalar('cpus', 1, { reservations }));
    expect(reserve(3)).toMatchObject({ type: 'refused', status: 409 });
    expect(
      harness.ask({
        type: 'apply-operation',
        agentId: 'x',
        operation: { type: 'UNRESERVE', unreserve: { resources: [] } },
      }),
    ).toEqual({ type: 'refused', status: 400, message: 'No agent found with specified ID' });
  });

  it('accept the old format, make volumes once, and destroy those that are there', () => {
    const harness = new CoreHarness();
    const agent = harness.agent('cpus:4;mem:1024;disk:1000');
    const ask = (operation: object) =>
      harness.ask({ type: 'apply-operation', agentId: agent.id, operation: operation as never });
    expect(
      ask({
        type: 'RESERVE',
        reserve: { resources: [scalar('disk', 500, { role: 'ads', reservation: {} })] },
      }),
    ).toEqual({ type: 'accepted' });
    const volume = scalar('disk', 100, {
      reservations,
      disk: { persistence: { id: 'v' }, volume: { mode: 'RW', container_path: 'data' } },
    });
    expect(ask({ type: 'CREATE', create: { volumes: [volume] } })).toEqual({ type: 'accepted' });
    const { port } = agent.report.address;
    expect(ask({ type: 'CREATE', create: { volumes: [volume] } })).toEqual({
      type: 'refused',
      status: 400,
      message: `Invalid CREATE operation on agent M-S0 at slave(1)@127.0.0.1:${port} (host): Persistence ID 'v' is not unique`,
    });
    expect(
      ask({
        type: 'GROW_VOLUME',
        grow_volume: { volume, addition: scalar('disk', 50, { reservations }) },
      }),
    ).toEqual({ type: 'accepted' });
    const grown = { ...volume, scalar: { value: 150 } };
    expect(harness.state.agents.get(agent.id)?.total).toContainEqual(grown);
    expect(
      ask({ type: 'SHRINK_VOLUME', shrink_volume: { volume: grown, subtract: { value: 150 } } }),
    ).toMatchObject({ status: 400 });
    expect(ask({ type: 'DESTROY', destroy: { volumes: [grown] } })).toEqual({ type: 'accepted' });
    expect(ask({ type: 'DESTROY', destroy: { volumes: [grown] } })).toEqual({
      type: 'refused',
      status: 400,
      message: 'Invalid DESTROY operation: Persistent volumes not found',
    });
  });
});

/** A quota, whichever. */
const limitAds = (harness: CoreHarness): void => {
  const configs = [{ role: 'ads', limits: { cpus: { value: 1 } } }];
  expect(harness.ask({ type: 'update-quotas', configs, isForced: false })).toEqual({ type: 'accepted' });
};

describe('quotas', () => {
  it('are kept over restarts; then nothing is offered before most agents are back', () => {
    const harness = new CoreHarness();
    const agents = [harness.agent('cpus:4;mem:1024'), harness.agent('cpus:4;mem:1024')];
    const guarantees = { cpus: { value: 2 } };
    expect(
      harness.ask({ type: 'update-quotas', configs: [{ role: 'eng', guarantees }], isForced: false }),
    ).toEqual({ type: 'accepted' });
    const next = harness.restarted();
    expect(next.state.quotas.get('eng')).toEqual({ role: 'eng', guarantees });
    const framework = next.scheduler();
    agents[0]?.back({}, next);
    next.advance(5_000);
    expect(framework.offers).toEqual([]);
    agents[1]?.back({}, next);
    expect(framework.offers).toHaveLength(2);
    next.ask({ type: 'update-quotas', configs: [{ role: 'eng' }], isForced: true });
    expect(next.restarted().state.quotas.size).toBe(0);
  });

  it('hold offers back until four fifths of the agents from before a restart are here', () => {
    const harness = new CoreHarness();
    const agents = Array.from({ length: 5 }, () => harness.agent());
    limitAds(harness);
    const next = harness.restarted();
    const framework = next.scheduler();
    for (const agent of agents.slice(0, 3)) agent.back({}, next);
    next.advance(60_000);
    expect(framework.offers).toEqual([]);
    agents[3]?.back({}, next);
    expect(framework.offers).toHaveLength(4);
  });

  it('do not hold offers back when there are none', () => {
    const harness = new CoreHarness();
    const agents = Array.from({ length: 5 }, () => harness.agent());
    const next = harness.restarted();
    const framework = next.scheduler();
    agents[0]?.back({}, next);
    expect(framework.offers).toHaveLength(1);
  });

  it('do not hold offers back for longer than ten minutes, even if agents may take longer', () => {
    const harness = new CoreHarness();
    const agents = [harness.agent(), harness.agent(), harness.agent()];
    limitAds(harness);
    const next = harness.restarted({ agentReregisterTimeoutMs: 3_600_000 });
    const framework = next.scheduler();
    const back = agents[0]?.back({}, next);
    for (let minute = 1; minute <= 10; minute++) {
      expect(framework.offers).toEqual([]);
      back?.pong();
      next.advance(60_000);
    }
    next.advance(1_000);
    expect(framework.offers).toHaveLength(1);
  });

  it('are refused when they ask for more than there is or less than is used, unless forced', () => {
    const harness = new CoreHarness();
    const agent = harness.agent('cpus:4;mem:1024');
    const framework = harness.scheduler();
    framework.launch(framework.lastOffer, task('one', agent.id));
    const set = (config: object, isForced = false) =>
      harness.ask({ type: 'update-quotas', configs: [{ role: 'eng', ...config }], isForced });
    expect(set({ guarantees: { cpus: { value: 101 } } })).toEqual({
      type: 'refused',
      status: 400,
      message:
        "Invalid QuotaConfig: total quota guarantees 'cpus:101' exceed cluster capacity 'cpus:4; mem:1024' (use 'force' flag to bypass this check)",
    });
    expect(set({ limits: { cpus: { value: 0.2 } } })).toEqual({
      type: 'refused',
      status: 400,
      message:
        "Invalid QuotaConfig: Role 'eng' is already consuming 'cpus:0.5; mem:64', this is more than the requested limits 'cpus:0.2' (use 'force' flag to bypass this check)",
    });
    expect(harness.state.quotas.size).toBe(0);
    expect(set({ limits: { cpus: { value: 0.2 } } }, true)).toEqual({ type: 'accepted' });
  });

  it('take offers back: of the role beyond its limits, of others for its guarantees', () => {
    const harness = new CoreHarness();
    harness.agent('cpus:4;mem:1024');
    const eng = harness.scheduler();
    harness.ask({
      type: 'update-quotas',
      configs: [{ role: 'eng', limits: { cpus: { value: 1 } } }],
      isForced: false,
    });
    expect(eng.rescinded).toEqual(['M-O0']);
    expect(eng.lastOffer.resources?.find(({ name }) => name === 'cpus')?.scalar?.value).toBe(1);
    const ads = harness.scheduler({ ...INFO, roles: ['ads'] });
    harness.ask({
      type: 'update-quotas',
      configs: [{ role: 'ads', guarantees: { cpus: { value: 4 } }, limits: {} }],
      isForced: false,
    });
    expect(eng.rescinded).toHaveLength(2);
    expect(ads.lastOffer.resources?.find(({ name }) => name === 'cpus')?.scalar?.value).toBeGreaterThan(0);
  });
});

describe('weights', () => {
  it('are kept over restarts', () => {
    const harness = new CoreHarness();
    harness.ask({ type: 'update-weights', weights: [{ role: 'eng', weight: 3 }] });
    expect([...harness.restarted().state.weights]).toEqual([['eng', 3]]);
  });
});
