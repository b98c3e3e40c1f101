import type { Clock, Timer } from '../runtime/clock.ts';
import type { Change, Store } from './store.ts';

/** Timers are named: setting one again moves it, and it comes back as an input with its name. */
export type TimerEffect<Name extends string = string> =
  | { type: 'set-timer'; timer: Name; delayMs: number }
  | { type: 'cancel-timer'; timer: Name };

export interface TurnOutcome<Effect> {
  readonly changes: readonly Change[];
  readonly effects: readonly Effect[];
}

/** A server's logic: a state machine without clock, disk or network. */
export interface Core<Input, Effect> {
  /** Changes the state; the changes must be durable before the effects are carried out. */
  handle(input: Input, nowMs: number): TurnOutcome<Effect>;
}

export interface TurnRunnerOptions<Input, Effect extends { type: string }, Name extends string> {
  core: Core<Input, Effect | TimerEffect<Name>>;
  store: Store;
  clock: Clock;
  /** The input that a timer comes back as. */
  onTimer: (timer: Name) => Input;
  /** Carries out everything but timers. */
  perform: (effect: Effect) => void;
  /** An effect threw. */
  onFault: (effect: Effect, error: unknown) => void;
  /** The changes cannot be written: whatever came of later turns must not be told to anybody. */
  onBroken: (error: unknown) => void;
}

/**
 * Runs a core: feeds it inputs, writes what it wants durable, and carries out what it wants done, in this order.
 * Writes of several turns are under way together and share a flush; effects keep the order of their turns.
 */
export class TurnRunner<Input, Effect extends { type: string }, Name extends string = string> {
  readonly #options: TurnRunnerOptions<Input, Effect, Name>;
  readonly #timers = new Map<Name, Timer>();
  readonly #pending: { written: Promise<void>; effects: readonly (Effect | TimerEffect<Name>)[] }[] = [];
  #isDraining = false;
  #isClosed = false;
  #idle: (() => void)[] = [];

  constructor(options: TurnRunnerOptions<Input, Effect, Name>) {
    this.#options = options;
  }

  handle(input: Input): void {
    if (this.#isClosed) return;
    const { core, store, clock } = this.#options;
    const { changes, effects } = core.handle(input, clock.now());
    if (changes.length === 0 && effects.length === 0) return;
    const written = changes.length === 0 ? Promise.resolve() : store.write(changes);
    written.catch(() => undefined);
    this.#pending.push({ written, effects });
    void this.#drain();
  }

  /** Resolves once everything that was handled so far is durable and carried out. */
  settled(): Promise<void> {
    if (this.#pending.length === 0 && !this.#isDraining) return Promise.resolve();
    return new Promise((resolve) => this.#idle.push(resolve));
  }

  close(): void {
    this.#isClosed = true;
    for (const timer of this.#timers.values()) timer.cancel();
    this.#timers.clear();
  }

  async #drain(): Promise<void> {
    if (this.#isDraining) return;
    this.#isDraining = true;
    for (let next = this.#pending.shift(); next; next = this.#pending.shift()) {
      try {
        await next.written;
      } catch (error) {
        this.close();
        this.#pending.length = 0;
        this.#options.onBroken(error);
        break;
      }
      for (const effect of next.effects) this.#perform(effect);
    }
    this.#isDraining = false;
    for (const resolve of this.#idle.splice(0)) resolve();
  }

  #perform(effect: Effect | TimerEffect<Name>): void {
    if (isTimerEffect(effect)) {
      if (effect.type === 'set-timer') this.#setTimer(effect.timer, effect.delayMs);
      else this.#cancelTimer(effect.timer);
      return;
    }
    try {
      this.#options.perform(effect);
    } catch (error) {
      // One effect that cannot be carried out must not be in the way of the others.
      this.#options.onFault(effect, error);
    }
  }

  #cancelTimer(name: Name): void {
    this.#timers.get(name)?.cancel();
    this.#timers.delete(name);
  }

  #setTimer(name: Name, delayMs: number): void {
    if (this.#isClosed) return;
    this.#cancelTimer(name);
    const timer = this.#options.clock.setTimer(delayMs, () => {
      this.#timers.delete(name);
      this.handle(this.#options.onTimer(name));
    });
    this.#timers.set(name, timer);
  }
}

const isTimerEffect = <Effect extends { type: string }, Name extends string>(
  effect: Effect | TimerEffect<Name>,
): effect is TimerEffect<Name> => effect.type === 'set-timer' || effect.type === 'cancel-timer';
