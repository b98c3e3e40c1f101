import type { Stage } from '../world/play-timeline.ts';
import type { Demand } from './demands.ts';
import { explainDemands } from './unserved.ts';

/** A time in which some tasks of an app had no place. */
export interface Wait {
  readonly framework: string;
  readonly app: string;
  /** Virtual milliseconds since the beginning. */
  readonly fromMs: number;
  readonly lastedMs: number;
  /** How many waited at the same time, at the most. */
  readonly most: number;
  /** Why, for people, as it was when at least half of the time had passed. */
  readonly reason: string;
}

interface OpenWait {
  readonly demand: Demand;
  readonly fromMs: number;
  most: number;
  /** How long it had lasted when its reason was looked for. */
  explainedMs: number;
  reason: string;
}

/** Shorter ones are in the launch latency. */
const SHORTEST_MS = 30_000;

/**
 * Follows who waits from one sample to the next, and keeps the longest wait of each app that came to an end. Why is looked for
 * when a wait has become twice as long, so that few samples pay for it.
 */
export class WaitWatch {
  readonly #open = new Map<string, OpenWait>();
  readonly #longest = new Map<string, Wait>();

  note(stage: Stage, demands: readonly Demand[], atMs: number): void {
    const waiting = new Set<string>();
    const due: OpenWait[] = [];
    for (const demand of demands) {
      if (demand.waiting === 0) continue;
      const key = JSON.stringify([demand.framework, demand.app]);
      waiting.add(key);
      const before = this.#open.get(key);
      const wait: OpenWait = { fromMs: atMs, most: 0, explainedMs: 0, reason: '', ...before, demand };
      wait.most = Math.max(wait.most, demand.waiting);
      this.#open.set(key, wait);
      if (atMs - wait.fromMs >= Math.max(SHORTEST_MS, 2 * wait.explainedMs)) due.push(wait);
    }
    explain(stage, due, atMs);
    for (const [key, wait] of this.#open) {
      if (waiting.has(key)) continue;
      this.#open.delete(key);
      this.#end(key, wait, atMs);
    }
  }

  /** The longest first. */
  waits(): Wait[] {
    return [...this.#longest.values()].sort((one, other) => other.lastedMs - one.lastedMs);
  }

  #end(key: string, { demand, fromMs, most, reason }: OpenWait, atMs: number): void {
    const { framework, app } = demand;
    const lastedMs = atMs - fromMs;
    if (reason === '' || lastedMs <= (this.#longest.get(key)?.lastedMs ?? 0)) return;
    this.#longest.set(key, { framework, app, fromMs, lastedMs, most, reason });
  }
}

const explain = (stage: Stage, waits: readonly OpenWait[], atMs: number): void => {
  if (waits.length === 0) return;
  const explained = explainDemands(
    stage,
    waits.map(({ demand }) => demand),
  );
  for (const [index, wait] of waits.entries()) {
    wait.explainedMs = atMs - wait.fromMs;
    wait.reason = explained[index]?.reason ?? '';
  }
};
