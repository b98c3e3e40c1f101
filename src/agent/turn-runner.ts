import type { Clock, Timer } from '../runtime/clock.ts';
import type { Store } from '../store/store.ts';
import type { AgentCore, AgentInput } from './core/agent-core.ts';
import type { Effect, TimerName } from './core/effect.ts';

export interface TurnRunnerOptions {
  core: AgentCore;
  store: Store;
  clock: Clock;
  /** Carries out everything but timers. */
  perform: (effect: Exclude<Effect, { type: 'set-timer' | 'cancel-timer' }>) => void;
  /** An effect threw. */
  onFault: (effect: Effect, error: unknown) => void;
  /** The checkpoint cannot be written: whatever came of later turns must not be told to anybody. */
  onBroken: (error: unknown) => void;
}

/**
 * Runs the core: feeds it inputs, writes what it wants checkpointed, and carries out what it wants done, in this order.
 * Writes of several turns are under way together and share a flush; effects keep the order of their turns.
 */
export class TurnRunner {
  readonly #options: TurnRunnerOptions;
  readonly #timers = new Map<TimerName, Timer>();
  readonly #pending: { written: Promise<void>; effects: Effect[] }[] = [];
  #isDraining = false;
  #isClosed = false;
  #idle: (() => void)[] = [];

  constructor(options: TurnRunnerOptions) {
    this.#options = options;
  }

  handle(input: AgentInput): void {
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
      for (const effect of next.effects) this.#performSafely(effect);
    }
    this.#isDraining = false;
    for (const resolve of this.#idle.splice(0)) resolve();
  }

  /** One effect that cannot be carried out must not be in the way of the others. */
  #performSafely(effect: Effect): void {
    try {
      this.#perform(effect);
    } catch (error) {
      this.#options.onFault(effect, error);
    }
  }

  #perform(effect: Effect): void {
    if (effect.type === 'set-timer') this.#setTimer(effect.timer, effect.delayMs);
    else if (effect.type === 'cancel-timer') {
      this.#timers.get(effect.timer)?.cancel();
      this.#timers.delete(effect.timer);
    } else this.#options.perform(effect);
  }

  #setTimer(name: TimerName, delayMs: number): void {
    if (this.#isClosed) return;
    this.#timers.get(name)?.cancel();
    const timer = this.#options.clock.setTimer(delayMs, () => {
      this.#timers.delete(name);
      this.handle({ type: 'timer', timer: name });
    });
    this.#timers.set(name, timer);
  }
}
