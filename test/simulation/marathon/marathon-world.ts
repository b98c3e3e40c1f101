import type { MarathonEffect } from '../../../src/marathon/core/effect.ts';
import { instanceIdOf } from '../../../src/marathon/core/ids.ts';
import type { MarathonInput } from '../../../src/marathon/core/input.ts';
import type { MarathonCore } from '../../../src/marathon/core/marathon-core.ts';
import { DEFAULT_SETTINGS, type MarathonSettings } from '../../../src/marathon/core/settings.ts';
import { targetOf } from '../../../src/marathon/engine.ts';
import { type Random, seededRandom } from '../../../src/runtime/random.ts';
import { VirtualClock } from '../../../src/runtime/virtual-clock.ts';
import { Network } from '../../../src/simulation/harness/network.ts';
import { SimulatedMaster } from '../../../src/simulation/harness/simulated-master.ts';
import { memoryStore } from '../../../src/store/memory-store.ts';
import type { OpenStore } from '../../../src/store/store.ts';
import type { TurnOutcome } from '../../../src/store/turn-runner.ts';
import { SETTINGS } from '../../master/support/settings.ts';
import { SimulatedAgent } from '../master/simulated-agent.ts';
import { BackOffWatch, checkConstraints } from './check-launches.ts';
import { checkPorts, checkTasks } from './check-machines.ts';
import { checkVolumes } from './check-reservations.ts';
import { checkRollouts } from './check-rollouts.ts';
import { checkBounds, checkReload, checkState } from './check-state.ts';
import { checkCapacity, checkOverCapacity, snapshotOf } from './check-turn.ts';
import { type CallFate, SimulatedMarathon } from './simulated-marathon.ts';

const AGENTS = 6;
/** Few, so that some fall out of memory in every run. */
const MAX_VERSIONS = 6;
const LONGEST_LIFE_MS = 20_000;
/** Longer than the grace that tasks have. */
const LONGEST_LINGER_MS = 6000;

const MARATHON_SETTINGS: MarathonSettings = {
  ...DEFAULT_SETTINGS,
  user: 'tester',
  hostname: 'marathon',
  webuiUrl: 'http://marathon',
  maxVersions: MAX_VERSIONS,
};

/** A master, its agents and Marathon, all of them the real logic, whose every turn is watched. */
export class MarathonWorld {
  readonly clock = new VirtualClock();
  readonly random: Random;
  readonly network: Network;
  readonly master: SimulatedMaster;
  readonly agents: readonly SimulatedAgent[];
  readonly marathon: SimulatedMarathon;
  /** Tasks whose checks fail. */
  readonly sick = new Set<string>();
  /** Apps whose tasks end soon after their start. */
  readonly failing = new Set<string>();
  /** Apps that a deployment was to restart which was cancelled: instances of former configurations may stay. */
  readonly abandoned = new Set<string>();
  isFaulty = true;
  readonly #backOffs = new BackOffWatch();
  /** What Marathon's store holds once all turns so far are durable. */
  #shadow: OpenStore = memoryStore();

  constructor(seed: number) {
    this.random = seededRandom(seed);
    this.network = new Network(this.clock, seededRandom(seed ^ 0x5eed));
    this.master = new SimulatedMaster({ network: this.network, settings: SETTINGS });
    this.agents = Array.from(
      { length: AGENTS },
      (_, index) =>
        new SimulatedAgent(this.network, this.master, 5051 + index, {
          hostname: `host-${index}`,
          resources: 'cpus:8;mem:4096;disk:1000;ports:[31000-31019]',
          attributes: [{ name: 'rack', type: 'TEXT', text: { value: `r${index % 2}` } }],
          lifeOf: (taskId) => this.#lifeOf(taskId),
          isWell: (taskId) => !this.sick.has(taskId),
          lingerMs: () => Math.floor(this.random.next() ** 3 * LONGEST_LINGER_MS),
        }),
    );
    this.marathon = new SimulatedMarathon({
      network: this.network,
      master: this.master,
      settings: MARATHON_SETTINGS,
      fateOf: () => this.#fate(),
      isWell: (taskId) => !this.sick.has(taskId) && this.runningTasks().includes(taskId),
      watch: (core, input, handle) => this.#watch(core, input, handle),
      onStart: (_core, store) => {
        this.#backOffs.forget();
        this.#shadow = memoryStore();
        void this.#shadow.write([...store.range('')]);
      },
    });
  }

  /** Of those that anybody can reach. */
  runningTasks(): string[] {
    return this.agents.flatMap(({ isCutOff, running }) => (isCutOff ? [] : running));
  }

  /** Everything that went wrong is over. */
  mend(): void {
    this.isFaulty = false;
    this.sick.clear();
    this.failing.clear();
    this.master.restart();
    this.marathon.restart();
    this.marathon.killAfter(Number.POSITIVE_INFINITY);
    for (const agent of this.agents) {
      agent.isCutOff = false;
      agent.start();
    }
  }

  /** Lets time pass, and looks at the machines now and then. */
  pass(ms: number): void {
    const endMs = this.clock.now() + ms;
    while (this.clock.now() < endMs) {
      this.clock.advance(Math.min(500, endMs - this.clock.now()));
      checkTasks(this.agents);
      checkPorts(this.master.state);
      checkVolumes(this);
    }
  }

  #fate(): CallFate {
    if (!this.isFaulty) return 'taken';
    const chance = this.random.next();
    return chance < 0.02 ? 'lost' : chance < 0.04 ? 'answer-lost' : 'taken';
  }

  #lifeOf(taskId: string): { ms: number; code: number } | undefined {
    const app = instanceIdOf(taskId)?.replace(/\.instance-.*/, '') ?? '';
    const isDoomed = this.failing.has(app) || (this.isFaulty && this.random.next() < 0.03);
    return isDoomed ? { ms: Math.floor(this.random.next() * LONGEST_LIFE_MS), code: 1 } : undefined;
  }

  #followDeployments(effects: readonly MarathonEffect[]): void {
    for (const effect of effects) {
      if (effect.type !== 'publish') continue;
      const { event } = effect;
      if (event.eventType !== 'deployment_failed' && event.eventType !== 'deployment_success') continue;
      for (const action of event.plan.steps.flatMap(({ actions }) => actions)) {
        if (event.eventType === 'deployment_failed') this.abandoned.add(targetOf(action));
        else if (!action.action.startsWith('Scale')) this.abandoned.delete(targetOf(action));
      }
    }
  }

  #watch(
    core: MarathonCore,
    input: MarathonInput,
    handle: () => TurnOutcome<MarathonEffect>,
  ): TurnOutcome<MarathonEffect> {
    const { state } = core;
    const { root } = state;
    const before = snapshotOf(state);
    const outcome = handle();
    void this.#shadow.write(outcome.changes);
    this.#followDeployments(outcome.effects);
    const moment = { state, before, after: snapshotOf(state), input };
    checkState(state);
    checkCapacity(moment);
    checkOverCapacity(moment);
    checkConstraints(moment);
    checkRollouts(moment);
    this.#backOffs.check(moment, this.clock.now());
    if (state.root !== root) checkBounds(state, MAX_VERSIONS);
    // Dear, and whatever is amiss in the store stays so.
    if (input.type !== 'probe-result' && this.random.next() < 0.2) {
      checkReload(state, this.#shadow);
    }
    return outcome;
  }
}
