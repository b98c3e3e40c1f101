import { describe, expect, it } from 'vitest';
import type { MasterCore } from '../../src/master/core/master-core.ts';
import { isTerminal } from '../../src/mesos/task-state.ts';
import { seededRandom } from '../../src/runtime/random.ts';
import { VirtualClock } from '../../src/runtime/virtual-clock.ts';
import { Network } from '../../src/simulation/harness/network.ts';
import { SimulatedMaster } from '../../src/simulation/harness/simulated-master.ts';
import { SETTINGS } from '../master/support/settings.ts';
import { checkBooks } from './master/check-books.ts';
import { checkViews } from './master/check-views.ts';
import { SimulatedAgent } from './master/simulated-agent.ts';
import { SimulatedScheduler } from './master/simulated-scheduler.ts';

const SEEDS = Array.from({ length: Number(process.env.SIMULATION_SEEDS ?? 10) }, (_, index) => index + 1);
const STEPS = 60;
const LONGEST_STEP_MS = 40_000;
/** Longer than any time after which somebody is given up or tried again. */
const CALM_MS = 25 * 60_000;

class World {
  readonly clock = new VirtualClock();
  readonly random;
  readonly master: SimulatedMaster;
  readonly agents: SimulatedAgent[];
  readonly schedulers: SimulatedScheduler[];

  constructor(seed: number) {
    this.random = seededRandom(seed);
    const network = new Network(this.clock, this.random);
    const afterTurn = (core: MasterCore): void => {
      checkBooks(core);
      checkViews(core);
    };
    this.master = new SimulatedMaster({ network, settings: SETTINGS, afterTurn });
    this.agents = [1, 2, 3].map((index) => new SimulatedAgent(network, this.master, 5050 + index));
    this.schedulers = ['a', 'b'].map((role) => new SimulatedScheduler(network, this.master, role, 5));
  }

  /** Something goes wrong, or is mended, and time passes. */
  step(): void {
    const agent = this.pick(this.agents);
    const scheduler = this.pick(this.schedulers);
    const faults = [
      () => this.master.kill(),
      () => this.master.restart(),
      () => this.master.restart(),
      () => agent.kill(),
      () => agent.start(),
      () => agent.start(),
      () => agent.disconnect(),
      () => agent.cutOff(),
      () => {
        agent.isCutOff = false;
      },
      () => {
        agent.isCutOff = false;
      },
      () => scheduler.disconnect(),
      () => scheduler.cutOff(),
      () => scheduler.killOne(),
      () => {
        scheduler.wanted = 2 + Math.floor(this.random.next() * 6);
      },
    ];
    this.pick(faults)();
    this.clock.advance(Math.floor(this.random.next() ** 3 * LONGEST_STEP_MS));
  }

  /** Everything is mended, and has time to find together. */
  calmDown(): void {
    this.master.restart();
    for (const agent of this.agents) {
      agent.isCutOff = false;
      agent.start();
    }
    for (const scheduler of this.schedulers) scheduler.settleDown();
    this.clock.advance(CALM_MS);
  }

  pick<Item>(items: readonly Item[]): Item {
    const item = items[Math.floor(this.random.next() * items.length)];
    if (item === undefined) throw new Error('There is nothing to pick from');
    return item;
  }
}

const sorted = (items: Iterable<string>): string[] => [...items].sort();

/** Agents, schedulers and master know the same tasks, and none was started twice. */
const expectAgreement = (world: World): void => {
  const started = world.agents.flatMap((agent) => agent.started);
  expect(sorted(started)).toEqual(sorted(new Set(started)));
  // Short tasks come and go: what ran long enough is what has to agree.
  const isLong = (id: string): boolean => !id.endsWith('-short');
  const running = world.agents.flatMap((agent) => agent.running).filter(isLong);
  const known = world.schedulers.flatMap((scheduler) => scheduler.running).filter(isLong);
  expect(sorted(known)).toEqual(sorted(running));
  const { frameworks, agents } = world.master.state;
  const recorded = [...frameworks.values()].flatMap(({ tasks }) =>
    [...tasks.values()].filter(({ state }) => !isTerminal(state)).map(({ task_id }) => task_id.value),
  );
  expect(sorted(recorded.filter(isLong))).toEqual(sorted(running));
  expect(agents.size).toBe(world.agents.length);
  expect(frameworks.size).toBe(world.schedulers.length);
  for (const { tasks, wanted } of world.schedulers) expect(tasks.size).toBeGreaterThanOrEqual(wanted);
};

describe('a master with its agents and schedulers, whatever dies when', () => {
  it.each(SEEDS)('loses and doubles no task with seed %i', { timeout: 60_000 }, (seed) => {
    const world = new World(seed);
    for (let step = 0; step < STEPS; step++) world.step();
    world.calmDown();
    expectAgreement(world);
  });

  it.each(SEEDS)('drains an agent to the end with seed %i', { timeout: 60_000 }, (seed) => {
    const world = new World(seed);
    for (let step = 0; step < STEPS / 2; step++) world.step();
    world.master.restart();
    const agent = world.pick(world.agents.filter(({ id }) => id !== undefined));
    const { id: agentId = '' } = agent;
    const outcome = world.master.ask({ type: 'drain-agent', agentId, isMarkedGone: false });
    expect(outcome).toEqual({ type: 'accepted' });
    for (let step = 0; step < STEPS / 2; step++) world.step();
    world.calmDown();
    expectAgreement(world);
    expect(agent.running).toEqual([]);
    expect(world.master.state.agents.get(agentId)).toMatchObject({
      isDeactivated: true,
      drain: { state: 'DRAINED' },
    });
  });

  it('takes the same course with the same seed', () => {
    const run = (): unknown => {
      const world = new World(7);
      for (let step = 0; step < 20; step++) world.step();
      return [world.agents.map(({ started }) => started), [...world.master.state.counters]];
    };
    expect(run()).toEqual(run());
  });
});
