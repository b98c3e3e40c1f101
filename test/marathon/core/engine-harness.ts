import type { EngineEvent } from '../../../src/marathon/core/event.ts';
import { DEFAULT_SETTINGS, type MarathonSettings } from '../../../src/marathon/core/settings.ts';
import type { RunSpec } from '../../../src/marathon/definitions/run-spec.ts';
import type { DeploymentPlan, MarathonEngine } from '../../../src/marathon/engine.ts';
import { putRunSpecs } from '../../../src/marathon/groups/root-group.ts';
import { runEngine } from '../../../src/marathon/run-engine.ts';
import { silentLog } from '../../../src/runtime/log.ts';
import { type Random, seededRandom } from '../../../src/runtime/random.ts';
import { VirtualClock } from '../../../src/runtime/virtual-clock.ts';
import type { SchedulerCall } from '../../../src/sdk/scheduler-connection.ts';
import { memoryStore } from '../../../src/store/memory-store.ts';
import type { Change, OpenStore, Store } from '../../../src/store/store.ts';
import { SimulatedMaster } from './simulated-master.ts';

const CALL_LATENCY_MS = 3;

export const TEST_SETTINGS: MarathonSettings = {
  ...DEFAULT_SETTINGS,
  user: 'tester',
  hostname: 'localhost',
  webuiUrl: 'http://127.0.0.1:8080',
};

/** How calls to the master fare: they may get lost on the way there, or their answer on the way back. */
export type CallFate = 'taken' | 'lost' | 'answer-lost';

export interface HarnessOptions {
  readonly seed?: number;
  readonly settings?: Partial<MarathonSettings>;
  readonly fate?: (call: SchedulerCall) => CallFate;
  /** How long a write takes until it is durable. */
  readonly writeLatencyMs?: () => number;
}

/**
 * An engine and a simulated master on virtual time. The engine can be crashed at any moment and started again from what
 * was durable by then.
 */
export class EngineHarness {
  readonly clock = new VirtualClock();
  readonly random: Random;
  readonly master: SimulatedMaster;
  readonly events: EngineEvent[] = [];
  readonly #disk: OpenStore = memoryStore();
  readonly #options: HarnessOptions;
  #life: { engine: MarathonEngine; end: () => void; disconnect: () => void } | undefined;

  constructor(options: HarnessOptions = {}) {
    this.#options = options;
    this.random = seededRandom(options.seed ?? 1);
    this.master = new SimulatedMaster(this.clock, this.random);
  }

  get engine(): MarathonEngine {
    if (this.#life === undefined) throw new Error('The engine is not running');
    return this.#life.engine;
  }

  /** Starts the engine, or starts it again. */
  async start(): Promise<void> {
    const life = { isAlive: true, isConnected: false };
    const store = this.#store(life);
    let onEvent: (event: Parameters<Parameters<SimulatedMaster['subscribe']>[0]['listener']>[0]) => void =
      () => undefined;
    let onDisconnected: (reason: string) => void = () => undefined;
    let subscribe: () => void = () => undefined;
    const running = runEngine({
      settings: { ...TEST_SETTINGS, ...this.#options.settings },
      facts: { version: '1.11.0', url: 'http://127.0.0.1:8080', leader: '127.0.0.1:8080', masterUrls: [] },
      store,
      clock: {
        now: () => this.clock.now(),
        setTimer: (delayMs, action) => this.clock.setTimer(delayMs, () => life.isAlive && action()),
      },
      random: this.random,
      log: silentLog,
      connect: (options) => {
        onEvent = (event) => life.isAlive && void options.onEvent(event);
        onDisconnected = (reason) => options.onDisconnected?.(reason);
        subscribe = () => {
          if (!life.isAlive) return;
          life.isConnected = true;
          this.master.subscribe({
            roles: options.frameworkInfo.roles ?? [],
            suppressedRoles: options.suppressedRoles ?? [],
            listener: onEvent,
          });
        };
        this.clock.setTimer(CALL_LATENCY_MS, subscribe);
        return {
          get isConnected() {
            return life.isConnected;
          },
          frameworkId: this.master.frameworkId,
          call: (call) => this.#call(life, call),
          close: async () => undefined,
        };
      },
    });
    running.engine.subscribe((event) => life.isAlive && this.events.push(event));
    this.#life = {
      engine: running.engine,
      end: () => {
        life.isAlive = false;
        life.isConnected = false;
      },
      disconnect: () => {
        life.isConnected = false;
        this.master.disconnect();
        onDisconnected('test');
        this.clock.setTimer(500, subscribe);
      },
    };
    await this.settle();
  }

  /** The engine dies on the spot: nothing of it happens any more, writes under way are kept or not. */
  crash(): void {
    this.#life?.end();
    this.#life = undefined;
    this.master.disconnect();
  }

  /** The line to the master breaks, and is there again half a second later. */
  disconnect(): void {
    this.#life?.disconnect();
  }

  /** The master dies and is there again; the line to it with it. */
  restartMaster(): void {
    this.master.restart();
    this.#life?.disconnect();
  }

  /** Lets virtual time pass, with everything that falls due in it. */
  async pass(ms: number): Promise<void> {
    const endMs = this.clock.now() + ms;
    await this.settle();
    for (;;) {
      const nextMs = this.clock.untilNext();
      if (nextMs === undefined || this.clock.now() + nextMs > endMs) break;
      this.clock.advance(nextMs);
      await this.settle();
    }
    this.clock.advance(endMs - this.clock.now());
    await this.settle();
  }

  /** Lets time pass until something is so. */
  async until(what: string, isSo: () => boolean, { timeoutMs = 600_000, stepMs = 50 } = {}): Promise<void> {
    const endMs = this.clock.now() + timeoutMs;
    while (!isSo()) {
      if (this.clock.now() >= endMs) throw new Error(`It did not come about that ${what}`);
      await this.pass(stepMs);
    }
  }

  /** Lets promises settle, without letting time pass. */
  async settle(): Promise<void> {
    await new Promise((resolve) => setImmediate(resolve));
  }

  /** Adds an app or a pod, or replaces it, and gives the deployment. */
  async deploy(spec: RunSpec, { force = false } = {}): Promise<DeploymentPlan> {
    return this.answer(this.engine.updateRoot({ force, change: (root) => putRunSpecs(root, [spec]) }));
  }

  /** Waits for an answer of the engine while time goes on. */
  async answer<Value>(promise: Promise<Value>): Promise<Value> {
    let isSettled = false;
    const settled = promise.finally(() => {
      isSettled = true;
    });
    settled.catch(() => undefined);
    await this.settle();
    while (!isSettled) await this.pass(1);
    return settled;
  }

  async deployed(): Promise<void> {
    await this.until('all deployments end', () => this.engine.deployments().length === 0);
  }

  eventTypes(): string[] {
    return this.events.map(({ eventType }) => eventType);
  }

  #call(life: { isAlive: boolean; isConnected: boolean }, call: SchedulerCall): Promise<void> {
    if (!life.isAlive || !life.isConnected)
      return Promise.reject(new Error('There is no line to the master'));
    const fate = this.#options.fate?.(call) ?? 'taken';
    const copy = structuredClone(call);
    return new Promise((resolve, reject) => {
      this.clock.setTimer(CALL_LATENCY_MS, () => {
        if (!life.isAlive || !life.isConnected) {
          reject(new Error('The line broke'));
          return;
        }
        if (fate !== 'lost') this.master.take(copy);
        if (fate === 'taken') resolve();
        else reject(new Error('The call got lost'));
      });
    });
  }

  /** Writes become durable in their order, some time after they were made; a crash may leave out the last ones. */
  #store(life: { isAlive: boolean }): Store {
    const { writeLatencyMs } = this.#options;
    if (writeLatencyMs === undefined) return this.#disk;
    let durableAtMs = 0;
    return {
      get: (key) => this.#disk.get(key),
      range: (prefix) => this.#disk.range(prefix),
      within: () => {
        throw new Error('The engine does not divide its store');
      },
      write: (changes: readonly Change[]) =>
        new Promise((resolve) => {
          durableAtMs = Math.max(durableAtMs, this.clock.now() + writeLatencyMs());
          this.clock.setTimer(durableAtMs - this.clock.now(), () => {
            if (!life.isAlive) return;
            void this.#disk.write(structuredClone(changes) as Change[]).then(resolve);
          });
        }),
    };
  }
}
