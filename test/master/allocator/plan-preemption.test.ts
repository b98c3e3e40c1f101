import { describe, expect, it } from 'vitest';
import {
  type PreemptionPicture,
  type PreemptionPlan,
  planPreemption,
  type Takeable,
} from '../../../src/master/allocator/plan-preemption.ts';
import {
  increaseAll,
  type MutableQuantities,
  type Quantities,
} from '../../../src/master/allocator/quantities.ts';
import { type Random, seededRandom } from '../../../src/runtime/random.ts';

const amounts = (cpus: number, mem: number): Quantities =>
  new Map(
    Object.entries({ cpus, mem })
      .filter(([, amount]) => amount !== 0)
      .map(([name, amount]) => [name, Math.round(amount * 1000)]),
  );

const LEAST = amounts(0.01, 32);

const tasks = (key: string, more: Partial<Takeable> = {}): Takeable => ({
  type: 'tasks',
  key,
  agentId: 'A',
  role: 'other',
  freed: amounts(1, 1024),
  taskCount: 1,
  startedMs: 0,
  ...more,
});

const picture = (more: Partial<PreemptionPicture> = {}): PreemptionPicture => ({
  agents: new Map([['A', { free: new Map(), least: LEAST }]]),
  claims: [{ role: 'eng', lacking: amounts(2, 2048), agentIds: new Set(['A', 'B']) }],
  protections: new Map(),
  takeables: [],
  weights: new Map(),
  ...more,
});

const keysOf = (plans: readonly PreemptionPlan[]): string[] =>
  plans.flatMap(({ taken }) => taken.map(({ key }) => key)).sort();

describe('a preemption', () => {
  it('takes nothing when what is free is enough', () => {
    const agents = new Map([['A', { free: amounts(2, 2048), least: LEAST }]]);
    expect(keysOf(planPreemption(picture({ agents, takeables: [tasks('one')] })))).toEqual([]);
  });

  it('takes only what is lacking beyond what is free', () => {
    const agents = new Map([['A', { free: amounts(1, 1024), least: LEAST }]]);
    const plans = planPreemption(picture({ agents, takeables: [tasks('one'), tasks('two')] }));
    expect(keysOf(plans)).toHaveLength(1);
    expect(plans[0]?.missing.size).toBe(0);
  });

  it('does not count crumbs in which nothing can run', () => {
    const agents = new Map([
      ['A', { free: amounts(2, 0), least: LEAST }],
      ['B', { free: amounts(0, 4096), least: LEAST }],
    ]);
    const takeables = [tasks('one'), tasks('two', { agentId: 'B' }), tasks('three')];
    const claims = [{ role: 'eng', lacking: amounts(2, 1024), agentIds: new Set(['A', 'B']) }];
    const [plan] = planPreemption(picture({ agents, claims, takeables }));
    expect(plan).toMatchObject({ taken: [{ agentId: 'A' }], missing: new Map() });
  });

  it('kills few large tasks rather than many small ones, and no larger ones than are needed', () => {
    const takeables = [
      tasks('small-1'),
      tasks('small-2'),
      tasks('fitting', { freed: amounts(2, 2048) }),
      tasks('huge', { freed: amounts(8, 8192) }),
    ];
    expect(keysOf(planPreemption(picture({ takeables })))).toEqual(['fitting']);
  });

  it('counts the tasks of an executor together', () => {
    const takeables = [
      tasks('executor', { freed: amounts(2, 2048), taskCount: 5 }),
      tasks('one'),
      tasks('two'),
    ];
    expect(keysOf(planPreemption(picture({ takeables })))).toEqual(['one', 'two']);
  });

  it('takes offers before tasks', () => {
    const takeables = [
      tasks('task', { freed: amounts(2, 2048) }),
      tasks('offer', { type: 'offer', taskCount: 0, freed: amounts(2, 2048) }),
    ];
    expect(keysOf(planPreemption(picture({ takeables })))).toEqual(['offer']);
  });

  it('spares what ran longest, heavier roles, and roles with a guarantee of their own', () => {
    const lacking = [{ role: 'eng', lacking: amounts(1, 1024), agentIds: new Set(['A']) }];
    const old = [tasks('old', { startedMs: 1 }), tasks('young', { startedMs: 2 })];
    expect(keysOf(planPreemption(picture({ claims: lacking, takeables: old })))).toEqual(['young']);
    const weighed = [tasks('heavy', { role: 'heavy' }), tasks('light')];
    const weights = new Map([['heavy', 2]]);
    expect(keysOf(planPreemption(picture({ claims: lacking, takeables: weighed, weights })))).toEqual([
      'light',
    ]);
    const protections = new Map([
      ['rich', { guarantee: amounts(1, 1024), consumed: amounts(4, 4096), held: amounts(4, 4096) }],
    ]);
    const guaranteed = [tasks('a-rich', { role: 'rich' }), tasks('poor')];
    const plans = planPreemption(picture({ claims: lacking, takeables: guaranteed, protections }));
    expect(keysOf(plans)).toEqual(['poor']);
  });

  it('takes of a role with a guarantee what is beyond it, and says what is missing then', () => {
    const protections = new Map([
      ['rich', { guarantee: amounts(2, 2048), consumed: amounts(3, 3072), held: amounts(5, 5120) }],
    ]);
    const takeables = [1, 2, 3].map((number) => tasks(`task-${number}`, { role: 'rich' }));
    const [plan] = planPreemption(picture({ protections, takeables }));
    expect(plan?.taken).toHaveLength(1);
    expect(plan?.missing).toEqual(amounts(1, 1024));
  });

  it('touches nothing on agents that cannot be relied on or that the role cannot use', () => {
    const takeables = ['A', 'B', 'C'].map((agentId) => tasks(agentId, { agentId, freed: amounts(2, 2048) }));
    const agents = new Map(['A', 'B'].map((id) => [id, { free: amounts(0, 0), least: LEAST }]));
    const claims = [{ role: 'eng', lacking: amounts(2, 2048), agentIds: new Set(['B', 'C']) }];
    expect(keysOf(planPreemption(picture({ agents, claims, takeables })))).toEqual(['B']);
  });

  it('does not count for one role what another one will get', () => {
    const agents = new Map([['A', { free: amounts(2, 2048), least: LEAST }]]);
    const claims = ['eng', 'ops'].map((role) => ({
      role,
      lacking: amounts(2, 2048),
      agentIds: new Set(['A']),
    }));
    const takeables = [1, 2, 3].map((number) => tasks(`task-${number}`));
    const plans = planPreemption(picture({ agents, claims, takeables }));
    expect(plans.map(({ taken }) => taken.length)).toEqual([0, 2]);
  });

  it('comes to an end in a large cluster', () => {
    const agents = new Map(
      Array.from({ length: 2_000 }, (_, index) => [`A${index}`, { free: new Map(), least: LEAST }]),
    );
    const takeables = Array.from({ length: 100_000 }, (_, index) =>
      tasks(`task-${index}`, { agentId: `A${index % 2_000}`, freed: amounts(0.1 * (1 + (index % 7)), 64) }),
    );
    const lacking = amounts(100, 6400);
    const claims = [{ role: 'eng', lacking, agentIds: new Set(agents.keys()) }];
    const [plan] = planPreemption(picture({ agents, claims, takeables }));
    expect(plan?.missing.size).toBe(0);
    expect(plan?.taken.length).toBeLessThanOrEqual(200);
  });
});

const SEEDS = Array.from({ length: 300 }, (_, seed) => seed + 1);

describe('whatever the cluster looks like, a preemption', () => {
  it.each([SEEDS])('takes what helps and nothing more, and never of a guarantee', (...seeds) => {
    for (const seed of seeds) {
      const scene = randomPicture(seededRandom(seed));
      const plans = planPreemption(scene);
      checkGuarantees(scene, plans);
      checkOwnership(scene, plans);
      checkNeed(scene, plans, seed);
      expect(planPreemption(scene), `seed ${seed}`).toEqual(plans);
    }
  });
});

const randomPicture = (random: Random): PreemptionPicture => {
  const pick = (count: number): number => Math.floor(random.next() * count);
  const agentIds = Array.from({ length: 1 + pick(8) }, (_, index) => `A${index}`);
  const roles = ['eng', 'ops', 'web', 'batch', '*'];
  const takeables = Array.from({ length: pick(40) }, (_, index): Takeable => {
    const isOffer = pick(6) === 0;
    return {
      type: isOffer ? 'offer' : 'tasks',
      key: `T${index}`,
      agentId: `A${pick(10)}`,
      role: roles[pick(roles.length)] ?? '*',
      freed: amounts(pick(9) / 2, pick(5) * 256),
      taskCount: isOffer ? 0 : 1 + pick(3),
      startedMs: pick(1_000),
    };
  });
  const sumOf = (role: string, type?: string): Quantities => {
    const sum: MutableQuantities = new Map();
    for (const one of takeables) {
      if (one.role === role && (type === undefined || one.type === type)) increaseAll(sum, one.freed, 1);
    }
    return sum;
  };
  const guaranteed = roles.filter(() => pick(2) === 0);
  return {
    agents: new Map(agentIds.map((id) => [id, { free: amounts(pick(3) / 2, pick(3) * 128), least: LEAST }])),
    claims: guaranteed
      .filter(() => pick(2) === 0)
      .map((role) => ({
        role,
        lacking: amounts(1 + pick(6), pick(3) * 512),
        agentIds: new Set(agentIds.filter(() => pick(4) > 0)),
      })),
    protections: new Map(
      guaranteed.map((role) => [
        role,
        { guarantee: amounts(pick(6), pick(4) * 512), consumed: sumOf(role, 'tasks'), held: sumOf(role) },
      ]),
    ),
    takeables,
    weights: new Map(roles.map((role) => [role, 1 + pick(3)])),
  };
};

const freedOf = (taken: readonly Takeable[]): Quantities => {
  const sum: MutableQuantities = new Map();
  for (const { freed } of taken) increaseAll(sum, freed, 1);
  return sum;
};

/** A role that had its guarantee in tasks has it still; one that had not loses nothing of it. */
const checkGuarantees = ({ protections }: PreemptionPicture, plans: readonly PreemptionPlan[]): void => {
  const taken = plans.flatMap((plan) => plan.taken);
  for (const [role, { guarantee, consumed, held }] of protections) {
    const all = freedOf(taken.filter((one) => one.role === role));
    const ofTasks = freedOf(taken.filter((one) => one.role === role && one.type === 'tasks'));
    for (const [name, wanted] of guarantee) {
      if ((all.get(name) ?? 0) > 0) {
        expect((held.get(name) ?? 0) - (all.get(name) ?? 0)).toBeGreaterThanOrEqual(wanted);
      }
      if ((ofTasks.get(name) ?? 0) > 0) {
        expect((consumed.get(name) ?? 0) - (ofTasks.get(name) ?? 0)).toBeGreaterThanOrEqual(wanted);
      }
    }
  }
};

const checkOwnership = ({ agents, claims }: PreemptionPicture, plans: readonly PreemptionPlan[]): void => {
  const keys = keysOf(plans);
  expect(new Set(keys).size).toBe(keys.length);
  for (const { role, taken } of plans) {
    const claim = claims.find((one) => one.role === role);
    for (const one of taken) {
      expect(one.role).not.toBe(role);
      expect(agents.has(one.agentId) && claim?.agentIds.has(one.agentId)).toBe(true);
    }
  }
};

/** Without any one of what is taken, the first claim would get less; and when it misses something, nothing more could be taken. */
const checkNeed = (scene: PreemptionPicture, plans: readonly PreemptionPlan[], seed: number): void => {
  const [claim] = scene.claims;
  const [plan] = plans;
  if (!claim || !plan) return;
  const coverage = (taken: readonly Takeable[]): number => {
    const sum: MutableQuantities = new Map();
    for (const [id, { free, least }] of scene.agents) {
      if (!claim.agentIds.has(id)) continue;
      const all = new Map(free);
      increaseAll(all, freedOf(taken.filter(({ agentId }) => agentId === id)), 1);
      if ([...least].every(([name, amount]) => (all.get(name) ?? 0) >= amount)) increaseAll(sum, all, 1);
    }
    return [...claim.lacking].reduce(
      (covered, [name, wanted]) => covered + Math.min(1, (sum.get(name) ?? 0) / wanted),
      0,
    );
  };
  const reached = coverage(plan.taken);
  for (const one of plan.taken) {
    const without = plan.taken.filter((other) => other !== one);
    expect(coverage(without), `seed ${seed}: ${one.key} is not needed`).toBeLessThan(reached - 1e-9);
  }
  if (plan.missing.size === 0) expect(reached).toBeCloseTo(claim.lacking.size, 9);
  else {
    const left = scene.takeables.filter(
      (one) => one.role !== claim.role && !plan.taken.includes(one) && !scene.protections.has(one.role),
    );
    for (const one of left) {
      if (!claim.agentIds.has(one.agentId) || !scene.agents.has(one.agentId)) continue;
      expect(coverage([...plan.taken, one]), `seed ${seed}: ${one.key} would help`).toBeLessThan(
        reached + 1e-9,
      );
    }
  }
};
