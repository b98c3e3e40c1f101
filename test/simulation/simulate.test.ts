import { describe, expect, it } from 'vitest';
import { bundledScenarios } from '../../src/simulation/bundled-scenarios.ts';
import { simulate, type VirtualReport } from './support/simulate.ts';

const LONG = 120_000;

const sharesOf = ({ frameworks }: VirtualReport): Record<string, number> =>
  Object.fromEntries(frameworks.map(({ name, tasks }) => [name, tasks]));

const appOf = ({ apps }: VirtualReport, name: string) => apps.find(({ app }) => app === name);

describe('a simulation', () => {
  it('takes the same course with the same seed, and another one with another', {
    timeout: LONG,
  }, async () => {
    const text = (seed: number): string => `
      seed: ${seed}
      until: 20m
      agents:
        - name: node
          count: 12
          resources: {cpus: 4, mem: 8192}
          attributes: {rack: [a, b, c]}
          failures: {kind: reboot, every: 1h, lasts: 2m}
      frameworks:
        - name: jobs
          count: 3
          role: 'team-{n}'
          tasks:
            - {resources: {cpus: 1, mem: 512}, arrivals: {poisson: 6/m}, duration: {lognormal: {median: 1m, sigma: 1}}}
      marathon:
        apps: [{id: /web, cmd: run, cpus: 0.5, mem: 256, instances: 6}]
      timeline:
        - {at: 5m, partition: rack=a, for: 2m}
        - {at: 9m, failover: 5s}
        - {at: 12m, kill: all, pick: 2}`;
    const report = await simulate(text(1));
    expect(await simulate(text(1))).toEqual(report);
    expect((await simulate(text(2))).series).not.toEqual(report.series);
    expect(appOf(report, '/web')?.started).toBeGreaterThanOrEqual(6);
  });

  it('ends tasks for a guarantee only when its master preempts', { timeout: LONG }, async () => {
    const tasksOf = async (preemption: boolean): Promise<Record<string, number>> =>
      sharesOf(
        await simulate(`
          until: 10m
          master: {preemption: ${preemption}}
          agents: [{name: node, count: 10, resources: {cpus: 4, mem: 8192}}]
          timeline: [{at: 2m, quota: {role: shop, guarantee: {cpus: 12, mem: 6144}}}]
          frameworks:
            - name: flood
              role: batch
              tasks: [{resources: {cpus: 1, mem: 512}, arrivals: {backlog: 100}}]
            - name: shop
              role: shop
              starts: 2m
              tasks: [{resources: {cpus: 1, mem: 512}, count: 12}]`),
      );
    expect(await tasksOf(true)).toEqual({ flood: 28, shop: 12 });
    expect(await tasksOf(false)).toEqual({ flood: 40, shop: 0 });
  });

  it('divides a full cluster by the weights of the roles', { timeout: LONG }, async () => {
    const report = await simulate(`
      until: 1h
      agents: [{name: node, count: 30, resources: {cpus: 4, mem: 8192}}]
      roles: {one: {weight: 1}, two: {weight: 2}}
      frameworks:
        - name: first
          role: one
          tasks: [{resources: {cpus: 1, mem: 512}, arrivals: {backlog: 200}, duration: {exponential: 1m}}]
        - name: second
          role: two
          tasks: [{resources: {cpus: 1, mem: 512}, arrivals: {backlog: 200}, duration: {exponential: 1m}}]`);
    const [one, two] = report.roles.map(({ meanShare }) => meanShare);
    expect((two ?? 0) / (one ?? 1)).toBeGreaterThan(1.85);
    expect((two ?? 0) / (one ?? 1)).toBeLessThan(2.15);
    expect(report.roles.map(({ meanEntitled }) => Math.round(meanEntitled * 100))).toEqual([33, 67]);
    expect(report.jain.mean).toBeGreaterThan(0.98);
  });

  // Ghodsi and others, Dominant Resource Fairness, section 4: three tasks of A, two of B.
  it('gives the users of the DRF paper what the paper does', async () => {
    const report = await simulate(`
      until: 2m
      agents: [{name: node, resources: {cpus: 9, mem: 18432}}]
      frameworks:
        - name: A
          role: a
          perOffer: 1
          refuse: 0s
          tasks: [{resources: {cpus: 1, mem: 4096}, count: 100}]
        - name: B
          role: b
          perOffer: 1
          refuse: 0s
          tasks: [{resources: {cpus: 3, mem: 1024}, count: 100}]`);
    expect(sharesOf(report)).toEqual({ A: 3, B: 2 });
    const [a, b] = report.frameworks.map(({ share }) => share);
    expect([a, b]).toEqual([12 / 18, 6 / 9]);
  });

  it('keeps a guarantee when a rack dies', { timeout: LONG }, async () => {
    const report = await simulate(`
      until: 30m
      agents:
        - {name: node, count: 20, resources: {cpus: 4, mem: 8192}, attributes: {rack: [r1, r2, r3, r4]}}
      roles: {shop: {guarantee: {cpus: 30, mem: 15360}}}
      frameworks:
        - name: shop
          role: shop
          tasks: [{name: web, resources: {cpus: 1, mem: 512}, count: 30}]
        - name: flood
          role: batch
          tasks: [{resources: {cpus: 1, mem: 256}, arrivals: {backlog: 100}, duration: {exponential: 1m}}]
      timeline: [{at: 10m, kill: rack=r1}]`);
    const shop = report.roles.find(({ name }) => name === 'shop');
    expect(shop).toMatchObject({ tasks: 30, waiting: 0, used: { cpus: 30 } });
    expect(report.agents).toEqual({ planned: 20, registered: 15, unreachable: 5 });
    const lost = appOf(report, 'web')?.lost ?? 0;
    expect(appOf(report, 'web')).toMatchObject({ moved: lost, started: 30 + lost });
    expect(report.roles.find(({ name }) => name === 'batch')?.waiting).toBeGreaterThan(0);
  });

  it('has Marathon move instances, and says which find no place and why', { timeout: LONG }, async () => {
    const report = await simulate(`
      until: 20m
      agents:
        - {name: node, count: 8, resources: {cpus: 16, mem: 8192}, attributes: {rack: [r1, r2]}}
      marathon:
        apps:
          - {id: /shop/web, cmd: run, cpus: 1, mem: 512, instances: 8}
          - {id: /shop/db, cmd: run, cpus: 0.5, mem: 512, instances: 8, constraints: [[hostname, UNIQUE]]}
      timeline:
        - {at: 5m, kill: rack=r1}
        - {at: 15m, scale: {app: /shop/web, instances: 9}}`);
    const web = appOf(report, '/shop/web');
    expect(web).toMatchObject({ moved: web?.lost, started: 9 + (web?.lost ?? 0) });
    expect(report.moves.every(({ from, to }) => from !== to)).toBe(true);
    expect(report.left.unserved).toEqual([
      expect.objectContaining({
        app: '/shop/db',
        waiting: 4,
        displaced: 4,
        room: 0,
        reason: '4 of 4 agents have room, but hostname UNIQUE excludes them',
      }),
    ]);
    expect(report.incidents.map(({ text }) => text)).toEqual([
      'kill rack=r1: 4 agents',
      'scale /shop/web to 9',
    ]);
  });

  it('says what waited for long on the way although all have a place in the end, and why', {
    timeout: LONG,
  }, async () => {
    const report = await simulate(`
      until: 30m
      agents:
        - {name: node, count: 4, resources: {cpus: 4, mem: 4096}}
      frameworks:
        - {name: services, tasks: [{name: db, resources: {cpus: 3, mem: 128}, count: 4}]}
      timeline:
        - {at: 5m, kill: hostname=node-1, for: 10m}`);
    expect(report.left.unserved).toEqual([]);
    const [wait, ...others] = report.waits;
    expect(others).toEqual([]);
    expect(wait).toMatchObject({
      framework: 'services',
      app: 'db',
      most: 1,
      reason: 'too few cpus on all 3 agents',
    });
    // It is noticed that the agent is gone before it is back, and not at once.
    const { fromMs = 0, lastedMs = 0 } = wait ?? {};
    expect(fromMs).toBeGreaterThan(5 * 60_000);
    expect(fromMs + lastedMs).toBeGreaterThan(15 * 60_000);
    expect(lastedMs).toBeLessThan(11 * 60_000);
  });

  it('drains agents, and takes tasks back that come again after a partition', { timeout: LONG }, async () => {
    const report = await simulate(`
      until: 20m
      agents: [{name: node, count: 4, resources: {cpus: 4, mem: 4096}}]
      frameworks:
        - {name: services, tasks: [{name: api, resources: {cpus: 1, mem: 128}, count: 8}]}
      timeline:
        - {at: 2m, drain: hostname=node-1, for: 3m}
        - {at: 8m, partition: hostname=node-2, for: 5m}`);
    expect(report.frameworks).toMatchObject([{ tasks: 8, waiting: 0, used: { cpus: 8 } }]);
    expect(report.agents).toEqual({ planned: 4, registered: 4, unreachable: 0 });
    expect(appOf(report, 'api')?.moved).toBe(
      (appOf(report, 'api')?.lost ?? 0) + (appOf(report, 'api')?.killed ?? 0),
    );
  });

  it('reserves dynamically: nobody else gets what is reserved, the agent remembers it', async () => {
    const report = await simulate(`
      until: 5m
      agents: [{name: node, count: 2, resources: {cpus: 4, mem: 4096}}]
      frameworks:
        - {name: other, role: other, starts: 30s, tasks: [{resources: {cpus: 1, mem: 128}, count: 8}]}
      timeline:
        - {at: 10s, reserve: {agents: all, role: db, resources: {cpus: 3}}}
        - {at: 1m, partition: all, for: 3m}`);
    expect(report.incidents.filter(({ text }) => text.includes('refused'))).toEqual([]);
    expect(report.frameworks).toMatchObject([{ tasks: 2, waiting: 6 }]);
    expect(report.left.unserved[0]?.reason).toBe('too few cpus on all 2 agents');
  });

  it('says what is wrong when a task is larger than every agent, or a limit is reached', async () => {
    const report = await simulate(`
      until: 2m
      agents: [{name: node, count: 2, resources: {cpus: 4, mem: 4096}}]
      roles: {limited: {limit: {cpus: 2}}}
      frameworks:
        - {name: giant, tasks: [{resources: {cpus: 16}}]}
        - {name: many, role: limited, tasks: [{resources: {cpus: 1, mem: 64}, count: 4}]}`);
    expect(report.left.unserved.map(({ reason }) => reason)).toEqual([
      'no agent is large enough for 16 cpus',
      'the limit of limited is reached: 2 of 2 cpus',
    ]);
  });

  it('reports what there is when it is interrupted', async () => {
    const controller = new AbortController();
    const running = simulate(
      `{until: 30d, agents: [{name: node, count: 50, resources: {cpus: 4, mem: 4096}}]}`,
      { signal: controller.signal },
    );
    setImmediate(() => controller.abort());
    const { scenario } = await running;
    expect(scenario.isInterrupted).toBe(true);
    expect(scenario.reachedMs).toBeLessThan(scenario.untilMs);
  });

  it('runs every scenario that comes with Plenum', { timeout: LONG }, async () => {
    for (const { source, about } of bundledScenarios()) {
      const { apps, incidents } = await simulate(source.text);
      expect(about).not.toBe('');
      expect(apps.some(({ started }) => started > 0)).toBe(true);
      expect(incidents.filter(({ text }) => text.includes('refused'))).toEqual([]);
    }
  });
});
