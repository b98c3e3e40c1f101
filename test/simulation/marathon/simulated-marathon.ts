import type { Answer, MarathonEffect, Probe, ProbeResult } from '../../../src/marathon/core/effect.ts';
import { frameworkInfo } from '../../../src/marathon/core/framework-info.ts';
import type { MarathonInput } from '../../../src/marathon/core/input.ts';
import { loadState } from '../../../src/marathon/core/load-state.ts';
import { MarathonCore } from '../../../src/marathon/core/marathon-core.ts';
import type { MarathonSettings } from '../../../src/marathon/core/settings.ts';
import type { MarathonState } from '../../../src/marathon/core/state.ts';
import type { Call, Event } from '../../../src/mesos/generated/scheduler.ts';
import type { SchedulerCall } from '../../../src/sdk/scheduler-connection.ts';
import type { Connection, Network } from '../../../src/simulation/harness/network.ts';
import type { SimulatedMaster } from '../../../src/simulation/harness/simulated-master.ts';
import { SyncRunner } from '../../../src/simulation/harness/sync-runner.ts';
import { memoryStore } from '../../../src/store/memory-store.ts';
import type { Store } from '../../../src/store/store.ts';
import type { TimerEffect, TurnOutcome } from '../../../src/store/turn-runner.ts';

const SILENCE_MS = 75_000;
const PROBE_MS = 5;
/** Longer than a write and everything that waits for it. */
const ANSWER_MS = 5;

type Effect = Exclude<MarathonEffect, TimerEffect>;
type TimerName = Extract<MarathonEffect, { type: 'set-timer' }>['timer'];
type WithoutId<T> = T extends { requestId: number } ? Omit<T, 'requestId'> : never;
/** What the API may ask for. */
export type Request = WithoutId<MarathonInput>;

/** How a call to the master fares: it may get lost, or its answer. */
export type CallFate = 'taken' | 'lost' | 'answer-lost';

export interface SimulatedMarathonOptions {
  readonly network: Network;
  readonly master: SimulatedMaster;
  readonly settings: MarathonSettings;
  readonly fateOf: (call: SchedulerCall) => CallFate;
  /** Whether a probe of a task succeeds. */
  readonly isWell: (taskId: string) => boolean;
  /** Carries a turn out, so that it can be watched. */
  readonly watch: (
    core: MarathonCore,
    input: MarathonInput,
    handle: () => TurnOutcome<MarathonEffect>,
  ) => TurnOutcome<MarathonEffect>;
  readonly onStart: (core: MarathonCore, store: Store) => void;
}

interface Life {
  readonly core: MarathonCore;
  readonly runner: SyncRunner<MarathonInput, Effect, TimerName>;
  connection: Connection<Event> | undefined;
  /** When the last call arrives: they keep their order. */
  lastCallMs: number;
}

/** The real core of Marathon over a store that outlives it, with a line to a master; it can die between any two effects. */
export class SimulatedMarathon {
  readonly #options: SimulatedMarathonOptions;
  readonly #store = memoryStore();
  readonly #answers = new Map<number, (answer: Answer) => void>();
  #life: Life;
  #nextRequest = 1;
  #effectsToLive = Number.POSITIVE_INFINITY;

  constructor(options: SimulatedMarathonOptions) {
    this.#options = options;
    this.#life = this.#begin();
  }

  get state(): MarathonState {
    return this.#life.core.state;
  }

  get store(): Store {
    return this.#store;
  }

  get isAlive(): boolean {
    return this.#life.runner.isAlive;
  }

  /** kill -9. */
  kill(): void {
    const life = this.#life;
    life.runner.kill();
    life.connection?.close();
    life.connection = undefined;
    this.#answers.clear();
    this.#effectsToLive = Number.POSITIVE_INFINITY;
  }

  /** The same, after so many further effects; 0 is before the next one, when what it follows from is durable. */
  killAfter(effects: number): void {
    this.#effectsToLive = effects;
  }

  restart(): void {
    if (!this.isAlive) this.#life = this.#begin();
  }

  disconnect(): void {
    this.#life.connection?.close();
  }

  /** Nothing gets through any more, and nobody is told, until the silence is noticed. */
  cutOff(): void {
    const life = this.#life;
    const { connection } = life;
    if (!connection) return;
    connection.isBlackhole = true;
    this.#options.network.clock.setTimer(SILENCE_MS, () => {
      if (connection !== life.connection) return;
      connection.close();
      this.#lineIsGone(life);
    });
  }

  /** The answer, after as long as it takes to be durable; undefined when there is none because Marathon is dead. */
  ask(request: Request): Answer | undefined {
    let answer: Answer | undefined;
    const requestId = this.#nextRequest++;
    this.#answers.set(requestId, (given) => {
      answer = given;
    });
    this.#life.runner.handle({ ...request, requestId } as MarathonInput);
    this.#options.network.clock.advance(ANSWER_MS);
    return answer;
  }

  #begin(): Life {
    const { network, settings, watch, onStart } = this.#options;
    const { clock, random } = network;
    const core = new MarathonCore({ state: loadState(this.#store, clock.now()), settings, random });
    onStart(core, this.#store);
    const runner = new SyncRunner<MarathonInput, Effect, TimerName>({
      core: { handle: (input, nowMs) => watch(core, input, () => core.handle(input, nowMs)) },
      store: this.#store,
      clock,
      onTimer: (timer) => ({ type: 'timer', timer }),
      perform: (effect) => {
        if (!runner.isAlive) return;
        if (this.#effectsToLive-- <= 0) this.kill();
        else this.#perform(life, effect);
      },
    });
    const life: Life = { core, runner, connection: undefined, lastCallMs: 0 };
    runner.handle({ type: 'started' });
    this.#connectSoon(life);
    return life;
  }

  #connectSoon(life: Life): void {
    const { network, master, settings } = this.#options;
    network.clock.setTimer(100 + Math.floor(network.random.next() * 2_000), () => {
      if (!life.runner.isAlive) return;
      const { state } = life.core;
      const { frameworkId } = state;
      const roles = state.master.initialRoles;
      const connection = master.subscribeScheduler(
        { framework_info: frameworkInfo(settings, { frameworkId, roles }), suppressed_roles: [...roles] },
        {
          onEvent: (event) => {
            if (connection !== life.connection || !life.runner.isAlive) return;
            if (event.type === 'ERROR') throw new Error(event.error.message);
            life.runner.handle({ type: 'master-event', event: structuredClone(event) });
          },
          onClose: () => {
            if (connection === life.connection) this.#lineIsGone(life);
          },
        },
      );
      life.connection = connection;
      if (!connection) this.#connectSoon(life);
    });
  }

  #lineIsGone(life: Life): void {
    life.connection = undefined;
    life.runner.handle({ type: 'disconnected' });
    this.#connectSoon(life);
  }

  #perform(life: Life, effect: Effect): void {
    switch (effect.type) {
      case 'call':
        this.#call(life, effect.call);
        break;
      case 'answer':
        this.#answers.get(effect.requestId)?.(effect.answer);
        this.#answers.delete(effect.requestId);
        break;
      case 'probe':
        this.#probe(life, effect.probe);
        break;
      case 'publish':
        break;
    }
  }

  #call(life: Life, call: SchedulerCall): void {
    const { network, master, fateOf } = this.#options;
    const { connection, core, runner } = life;
    const { frameworkId } = core.state;
    const fate = fateOf(call);
    const failed = (): void => runner.handle({ type: 'call-failed', call });
    if (!connection?.isOpen || frameworkId === undefined) {
      network.clock.setTimer(1, failed);
      return;
    }
    const full = { ...structuredClone(call), framework_id: { value: frameworkId } } as Call;
    life.lastCallMs = Math.max(life.lastCallMs, network.clock.now() + network.delayMs());
    network.clock.setTimer(life.lastCallMs - network.clock.now(), () => {
      const isThrough = connection.isOpen && !connection.isBlackhole;
      if (isThrough && fate !== 'lost') master.schedulerCall(connection.id, frameworkId, full);
      if (!isThrough || fate !== 'taken') failed();
    });
  }

  #probe(life: Life, { target, purpose, timeoutMs }: Probe): void {
    const { network, isWell } = this.#options;
    network.clock.setTimer(isWell(purpose.taskId) ? PROBE_MS : timeoutMs, () => {
      const result: ProbeResult = !isWell(purpose.taskId)
        ? { type: 'failed', message: 'no answer' }
        : target.type === 'tcp'
          ? { type: 'connected' }
          : { type: 'http', status: 200, contentType: 'text/plain', body: '' };
      life.runner.handle({ type: 'probe-result', purpose, result });
    });
  }
}
