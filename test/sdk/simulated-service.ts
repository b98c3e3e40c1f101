import type { Random } from '../../src/runtime/random.ts';
import type { VirtualClock } from '../../src/runtime/virtual-clock.ts';
import { findTraces } from '../../src/sdk/service/discover.ts';
import type { ServiceCoreEffect, ServiceInput } from '../../src/sdk/service/effect.ts';
import { ServiceCore } from '../../src/sdk/service/service-core.ts';
import type { ServiceSpec } from '../../src/sdk/service/spec.ts';
import { loadState } from '../../src/sdk/service/state.ts';
import { memoryStore } from '../../src/store/memory-store.ts';
import type { SimulatedCluster } from './simulated-cluster.ts';

const LONGEST_CALL_MS = 20;
const RECONNECT_WITHIN_MS = 2_000;

/** The lives of a service scheduler beside a simulated cluster: what it does is done, until it is killed. */
export class SimulatedService {
  spec: ServiceSpec;
  core: ServiceCore;
  readonly #cluster: SimulatedCluster;
  readonly #clock: VirtualClock;
  readonly #random: Random;
  #store = memoryStore();
  #life = 0;
  #lastArrivalMs = 0;
  readonly #timers = new Map<string, { cancel(): void }>();

  constructor(options: {
    spec: ServiceSpec;
    cluster: SimulatedCluster;
    clock: VirtualClock;
    random: Random;
  }) {
    this.spec = options.spec;
    this.#cluster = options.cluster;
    this.#clock = options.clock;
    this.#random = options.random;
    this.core = this.#newCore();
    this.#begin();
  }

  /** Kills the scheduler; it starts again, with what it had written or without. */
  die({ losesStore = false, spec = this.spec }: { losesStore?: boolean; spec?: ServiceSpec } = {}): void {
    this.#life++;
    this.#cluster.disconnect();
    for (const timer of this.#timers.values()) timer.cancel();
    this.#timers.clear();
    if (losesStore) this.#store = memoryStore();
    this.spec = spec;
    this.core = this.#newCore();
    this.#begin();
  }

  /** The connection breaks; the scheduler subscribes again soon. */
  loseConnection(): void {
    this.#cluster.disconnect();
    this.handle({ type: 'disconnected' });
    this.#connectSoon();
  }

  handle(input: ServiceInput): void {
    const { changes, effects } = this.core.handle(input, this.#clock.now());
    // A memory store has written when it returns.
    void this.#store.write(changes);
    for (const effect of effects) this.#perform(effect);
  }

  #newCore(): ServiceCore {
    return new ServiceCore({ spec: this.spec, state: loadState(this.#store), random: this.#random });
  }

  #begin(): void {
    if (this.core.state.frameworkId !== undefined) {
      this.#connectSoon();
      return;
    }
    this.#discover(() => this.#connectSoon());
  }

  /** What discover() does: it waits for all agents, and reads what they hold. */
  #discover(then: () => void): void {
    const life = this.#life;
    const { agents } = this.#cluster;
    if (agents.some(({ isRegistered }) => !isRegistered)) {
      this.#clock.setTimer(500, () => {
        if (life === this.#life) this.#discover(then);
      });
      return;
    }
    const { role } = this.spec;
    const slaves = agents.map(({ id, hostname, total }) => ({
      id,
      hostname,
      reserved_resources_full: { [role]: total.filter(({ reservations }) => reservations !== undefined) },
    }));
    const { instances } = findTraces(this.spec, { frameworks: {}, slaves: { slaves } });
    this.handle({ type: 'discovered', instances });
    then();
  }

  #connectSoon(): void {
    const life = this.#life;
    this.#clock.setTimer(this.#random.next() * RECONNECT_WITHIN_MS, () => {
      if (life !== this.#life) return;
      this.#cluster.subscribe((input) => {
        if (life === this.#life) this.handle(input);
      });
    });
  }

  #perform(effect: ServiceCoreEffect): void {
    const life = this.#life;
    const later = (delayMs: number, action: () => void): { cancel(): void } =>
      this.#clock.setTimer(delayMs, () => {
        if (life === this.#life) action();
      });
    switch (effect.type) {
      case 'set-timer':
        this.#timers.get(effect.timer)?.cancel();
        this.#timers.set(
          effect.timer,
          later(effect.delayMs, () => this.handle({ type: 'timer', timer: effect.timer })),
        );
        break;
      case 'cancel-timer':
        this.#timers.get(effect.timer)?.cancel();
        break;
      case 'discover':
        later(50, () => this.#discover(() => undefined));
        break;
      case 'probe':
        later(50, () => {
          const { task, taskId } = effect;
          this.handle({ type: 'probed', task, taskId, isPassed: this.#random.next() < 0.5 });
        });
        break;
      case 'call': {
        // In order, and only while the connection that they were made on is there.
        const { isConnected } = this.#cluster;
        this.#lastArrivalMs = Math.max(
          this.#lastArrivalMs,
          this.#clock.now() + this.#random.next() * LONGEST_CALL_MS,
        );
        later(this.#lastArrivalMs - this.#clock.now(), () => {
          if (isConnected && this.#cluster.isConnected) this.#cluster.call(effect.call);
          else this.handle({ type: 'call-failed', call: effect.call });
        });
        break;
      }
    }
  }
}
