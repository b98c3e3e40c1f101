import { describe, expect, it } from 'vitest';
import { Allocator } from '../../src/master/allocator/allocator.ts';
import type { MasterEffect } from '../../src/master/core/master-core.ts';
import { isTerminal } from '../../src/mesos/task-state.ts';
import { seededRandom } from '../../src/runtime/random.ts';
import { VirtualClock } from '../../src/runtime/virtual-clock.ts';
import { Network } from '../../src/simulation/harness/network.ts';
import { SimulatedMaster } from '../../src/simulation/harness/simulated-master.ts';
import { SETTINGS } from '../master/support/settings.ts';
import { checkBooks } from './master/check-books.ts';
import { SimulatedAgent } from './master/simulated-agent.ts';
import { SimulatedScheduler } from './master/simulated-scheduler.ts';

const SEEDS = Array.from({ length: Number(process.env.SIMULATION_SEEDS ?? 10) }, (_, index) => index + 1);
const SECOND = 1_000;
/** 75 s until a dead agent is given up, then patience, the kills, and some offers. */
const BOUND_MS = 180 * SECOND;
const AGENT_CPUS = 4;
const TASK_CPUS = 0.5;

type LogEntry = Extract<MasterEffect, { type: 'log' }>;

/** A cluster that one role without a guarantee has filled, of which others are guaranteed a part. */
class FullCluster {
  readonly clock = new VirtualClock();
  readonly random;
  readonly master: SimulatedMaster;
  readonly agents: SimulatedAgent[];
  readonly schedulers = new Map<string, SimulatedScheduler>();
  readonly log: LogEntry[] = [];
  readonly #network: Network;

  constructor(seed: number, agentCount: number) {
    this.random = seededRandom(seed);
    this.#network = new Network(this.clock, this.random);
    this.master = new SimulatedMaster({
      network: this.#network,
      settings: { ...SETTINGS, isPreempting: true },
      createAllocator: () => new Allocator({ random: this.random, areGuaranteesHeld: true }),
      afterTurn: checkBooks,
      onLog: (entry) => this.log.push(entry),
    });
    this.agents = Array.from({ length: agentCount }, (_, index) => this.#agent(5051 + index));
    this.scheduler('batch', agentCount * (AGENT_CPUS / TASK_CPUS));
    this.until(() => this.cpusOf('batch') === agentCount * AGENT_CPUS);
  }

  scheduler(role: string, wanted: number): SimulatedScheduler {
    const scheduler = new SimulatedScheduler(this.#network, this.master, role, wanted);
    scheduler.settleDown();
    scheduler.replacesUnreachable = true;
    this.schedulers.set(role, scheduler);
    return scheduler;
  }

  guarantee(role: string, cpus: number): void {
    const amounts = { cpus: { value: cpus }, mem: { value: cpus * 64 } };
    const configs = [{ role, guarantees: amounts, limits: {} }];
    const outcome = this.master.ask({ type: 'update-quotas', configs, isForced: true });
    expect(outcome).toEqual({ type: 'accepted' });
  }

  /** Of the subtree, in tasks that are not over. */
  cpusOf(top: string): number {
    let cpus = 0;
    for (const { tasks, roles } of this.master.state.frameworks.values()) {
      if (!roles.some((role) => role === top || role.startsWith(`${top}/`))) continue;
      for (const { state } of tasks.values()) if (!isTerminal(state)) cpus += TASK_CPUS;
    }
    return cpus;
  }

  /** Ids of tasks that were killed for guarantees, each as often as it was. */
  get preempted(): string[] {
    return this.log.flatMap(({ message, fields }) =>
      message === 'killing tasks for a guarantee' ? (fields.taskIds as string[]) : [],
    );
  }

  until(isTrue: () => boolean, boundMs = BOUND_MS): void {
    for (let passedMs = 0; !isTrue(); passedMs += SECOND) {
      if (passedMs > boundMs) throw new Error(`not within ${boundMs / SECOND} s of virtual time`);
      this.clock.advance(SECOND);
    }
  }

  pick<Item>(items: readonly Item[]): Item {
    const item = items[Math.floor(this.random.next() * items.length)];
    if (item === undefined) throw new Error('There is nothing to pick from');
    return item;
  }

  #agent(port: number): SimulatedAgent {
    return new SimulatedAgent(this.#network, this.master, port);
  }
}

describe('guarantees that hold', () => {
  it.each(SEEDS)('are served out of a full cluster with seed %i', { timeout: 60_000 }, (seed) => {
    const cluster = new FullCluster(seed, 4);
    cluster.guarantee('eng', 4);
    cluster.scheduler('eng', 8);
    cluster.until(() => cluster.cpusOf('eng') >= 4);
    // What ended by itself meanwhile need not be killed.
    expect(cluster.preempted.length).toBeLessThanOrEqual(8);
    expect(new Set(cluster.preempted).size).toBe(cluster.preempted.length);
    expect(cluster.preempted.every((id) => id.startsWith('batch-'))).toBe(true);
  });

  it.each(SEEDS)('are for the roles below as well with seed %i', { timeout: 60_000 }, (seed) => {
    const cluster = new FullCluster(seed, 3);
    cluster.guarantee('eng', 4);
    cluster.scheduler('eng/web', 5);
    cluster.scheduler('eng/api', 5);
    cluster.until(() => cluster.cpusOf('eng') >= 4);
    expect(cluster.cpusOf('eng/web')).toBeGreaterThan(0);
    expect(cluster.cpusOf('eng/api')).toBeGreaterThan(0);
  });

  it.each(SEEDS)('hold when agents are lost with seed %i', { timeout: 120_000 }, (seed) => {
    const cluster = new FullCluster(seed, 6);
    cluster.guarantee('eng', 4);
    cluster.guarantee('ops', 3);
    cluster.scheduler('eng', 12);
    cluster.scheduler('ops', 10);
    const isServed = (): boolean => cluster.cpusOf('eng') >= 4 && cluster.cpusOf('ops') >= 3;
    cluster.until(isServed);
    const alive = [...cluster.agents];
    while (alive.length > 2) {
      const agent = cluster.pick(alive);
      alive.splice(alive.indexOf(agent), 1);
      if (cluster.random.next() < 0.5) agent.cutOff();
      else agent.kill();
      cluster.clock.advance(Math.floor(cluster.random.next() * 120 * SECOND));
      if (cluster.random.next() < 0.3) {
        cluster.master.kill();
        cluster.master.restart();
      }
    }
    // After a restart of the master, agents that are lost are waited for.
    cluster.clock.advance(SETTINGS.agentReregisterTimeoutMs + 80 * SECOND);
    cluster.until(isServed);
    expect(cluster.preempted.some((id) => id.startsWith('eng-'))).toBe(false);
  });

  it.each(SEEDS)('cost nothing once they are served with seed %i', { timeout: 60_000 }, (seed) => {
    const cluster = new FullCluster(seed, 3);
    cluster.guarantee('eng', 2);
    const eng = cluster.scheduler('eng', 4);
    cluster.until(() => cluster.cpusOf('eng') >= 2);
    const before = cluster.preempted.length;
    // It wants less now: what it does not use stays free for it.
    eng.wanted = 0;
    cluster.clock.advance(10 * 60 * SECOND);
    expect(cluster.preempted.length).toBe(before);
  });

  it.each(SEEDS)('are not worth the task of another guarantee with seed %i', { timeout: 60_000 }, (seed) => {
    const cluster = new FullCluster(seed, 2);
    cluster.guarantee('batch', 6);
    cluster.guarantee('eng', 8);
    cluster.scheduler('eng', 16);
    cluster.clock.advance(BOUND_MS);
    // Of the 8 cpus, 6 are guaranteed; what ends by itself may go either way.
    expect(cluster.preempted.length).toBeLessThanOrEqual(4);
  });
});
