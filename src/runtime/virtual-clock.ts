import type { Clock, Timer } from './clock.ts';

interface PendingTimer {
  dueMs: number;
  order: number;
  action: () => void;
}

/**
 * A clock that stands still until it is told to move. Timers fire in the order of their due time, and those due at the
 * same moment in the order in which they were set, so that a run repeats exactly.
 */
export class VirtualClock implements Clock {
  #nowMs: number;
  #order = 0;
  readonly #pending = new Set<PendingTimer>();

  constructor(startMs = Date.UTC(2026, 0, 1)) {
    this.#nowMs = startMs;
  }

  now(): number {
    return this.#nowMs;
  }

  setTimer(delayMs: number, action: () => void): Timer {
    const timer = { dueMs: this.#nowMs + Math.max(0, delayMs), order: this.#order++, action };
    this.#pending.add(timer);
    return { cancel: () => void this.#pending.delete(timer) };
  }

  /** Moves time forward and fires what falls due, timers that the fired ones set included. */
  advance(byMs: number): void {
    const targetMs = this.#nowMs + byMs;
    for (let next = this.#next(targetMs); next; next = this.#next(targetMs)) {
      this.#pending.delete(next);
      this.#nowMs = next.dueMs;
      next.action();
    }
    this.#nowMs = targetMs;
  }

  /** Milliseconds until the next timer is due, or undefined when none is set. */
  untilNext(): number | undefined {
    const next = this.#next(Number.POSITIVE_INFINITY);
    return next && next.dueMs - this.#nowMs;
  }

  #next(untilMs: number): PendingTimer | undefined {
    let first: PendingTimer | undefined;
    for (const timer of this.#pending) {
      if (timer.dueMs > untilMs) continue;
      if (!first || timer.dueMs < first.dueMs || (timer.dueMs === first.dueMs && timer.order < first.order)) {
        first = timer;
      }
    }
    return first;
  }
}
