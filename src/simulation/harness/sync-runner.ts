import type { Timer } from '../../runtime/clock.ts';
import type { VirtualClock } from '../../runtime/virtual-clock.ts';
import type { Store } from '../../store/store.ts';
import type { Core, TimerEffect } from '../../store/turn-runner.ts';

/** From the end of a turn until its changes are durable; who dies in between has not acted yet. */
const WRITE_MS = 1;

export interface SyncRunnerOptions<Input, Effect extends { type: string }, Name extends string> {
  core: Core<Input, Effect | TimerEffect<Name>>;
  store: Store;
  clock: VirtualClock;
  /** The input that a timer comes back as. */
  onTimer: (timer: Name) => Input;
  /** Carries out everything but timers. */
  perform: (effect: Effect) => void;
  afterTurn?: () => void;
}

/** Runs a core on virtual time as the turn runner does on real time, without promises: a run repeats exactly. */
export class SyncRunner<Input, Effect extends { type: string }, Name extends string> {
  readonly #timers = new Map<string, Timer>();
  readonly #options: SyncRunnerOptions<Input, Effect, Name>;
  isAlive = true;

  constructor(options: SyncRunnerOptions<Input, Effect, Name>) {
    this.#options = options;
  }

  /** What it wants is done once it is durable, a while after this returns. */
  handle(input: Input): void {
    if (!this.isAlive) return;
    const { core, store, clock, afterTurn } = this.#options;
    const { changes, effects } = core.handle(input, clock.now());
    afterTurn?.();
    if (changes.length === 0 && effects.length === 0) return;
    clock.setTimer(WRITE_MS, () => {
      if (!this.isAlive) return;
      // The store of a simulation writes at once.
      if (changes.length > 0) void store.write(changes);
      for (const effect of effects) this.#perform(effect);
    });
  }

  /** As kill -9 does: what is not durable is lost, what was not done is not done. */
  kill(): void {
    this.isAlive = false;
    for (const timer of this.#timers.values()) timer.cancel();
  }

  #perform(effect: Effect | TimerEffect<Name>): void {
    if (!isTimer<Effect, Name>(effect)) {
      this.#options.perform(effect);
      return;
    }
    this.#timers.get(effect.timer)?.cancel();
    this.#timers.delete(effect.timer);
    if (effect.type === 'cancel-timer') return;
    const timer = this.#options.clock.setTimer(effect.delayMs, () => {
      this.#timers.delete(effect.timer);
      this.handle(this.#options.onTimer(effect.timer));
    });
    this.#timers.set(effect.timer, timer);
  }
}

const isTimer = <Effect extends { type: string }, Name extends string>(
  effect: Effect | TimerEffect<Name>,
): effect is TimerEffect<Name> => effect.type === 'set-timer' || effect.type === 'cancel-timer';
