import type { Clock, Timer } from './clock.ts';

interface PendingTimer {
  readonly dueMs: number;
  readonly order: number;
  /** undefined once it was cancelled. */
  action: (() => void) | undefined;
}

/** Fewer cancelled timers than this are not worth a sweep. */
const FEWEST_SWEPT = 1_000;

/**
 * A clock that stands still until it is told to move. Timers fire in the order of their due time, and those due at the
 * same moment in the order in which they were set, so that a run repeats exactly.
 */
export class VirtualClock implements Clock {
  #nowMs: number;
  #order = 0;
  #cancelled = 0;
  /** A binary heap: a timer is never due after those at twice its place. A simulation has hundred thousands of timers. */
  #heap: PendingTimer[] = [];

  constructor(startMs = Date.UTC(2026, 0, 1)) {
    this.#nowMs = startMs;
  }

  now(): number {
    return this.#nowMs;
  }

  setTimer(delayMs: number, action: () => void): Timer {
    const timer: PendingTimer = { dueMs: this.#nowMs + Math.max(0, delayMs), order: this.#order++, action };
    this.#heap.push(timer);
    this.#rise(this.#heap.length - 1);
    return { cancel: () => this.#cancel(timer) };
  }

  /** Moves time forward and fires what falls due, timers that the fired ones set included. */
  advance(byMs: number): void {
    const targetMs = this.#nowMs + byMs;
    while (this.fireNext(targetMs)) {}
    this.#nowMs = targetMs;
  }

  /** Moves time to the next timer that is due until then, and fires it; false, and nothing moves, when there is none. */
  fireNext(untilMs: number): boolean {
    const next = this.#next();
    if (next === undefined || next.dueMs > untilMs) return false;
    const { action } = next;
    this.#removeFirst();
    next.action = undefined;
    this.#nowMs = next.dueMs;
    action?.();
    return true;
  }

  /** Milliseconds until the next timer is due, or undefined when none is set. */
  untilNext(): number | undefined {
    const next = this.#next();
    return next && next.dueMs - this.#nowMs;
  }

  /** Of one that fired the action is gone, too: cancelling it then does nothing. */
  #cancel(timer: PendingTimer): void {
    if (timer.action === undefined) return;
    timer.action = undefined;
    this.#cancelled++;
    if (this.#cancelled < FEWEST_SWEPT || this.#cancelled * 2 < this.#heap.length) return;
    this.#heap = this.#heap.filter(({ action }) => action !== undefined).sort(compare);
    this.#cancelled = 0;
  }

  #next(): PendingTimer | undefined {
    for (;;) {
      const first = this.#heap[0];
      if (first === undefined || first.action !== undefined) return first;
      this.#removeFirst();
      this.#cancelled--;
    }
  }

  #removeFirst(): void {
    const last = this.#heap.pop();
    if (last === undefined || this.#heap.length === 0) return;
    this.#heap[0] = last;
    this.#sink();
  }

  #rise(from: number): void {
    const heap = this.#heap;
    let index = from;
    while (index > 0) {
      const above = (index - 1) >> 1;
      const [one, other] = [heap[index], heap[above]];
      if (!one || !other || compare(one, other) > 0) return;
      heap[index] = other;
      heap[above] = one;
      index = above;
    }
  }

  #sink(): void {
    const heap = this.#heap;
    let index = 0;
    for (;;) {
      const left = 2 * index + 1;
      const [one, other] = [heap[left], heap[left + 1]];
      if (!one) return;
      const below = other && compare(other, one) < 0 ? left + 1 : left;
      const [upper, lower] = [heap[index], heap[below]];
      if (!upper || !lower || compare(upper, lower) < 0) return;
      heap[index] = lower;
      heap[below] = upper;
      index = below;
    }
  }
}

const compare = (one: PendingTimer, other: PendingTimer): number =>
  one.dueMs - other.dueMs || one.order - other.order;
