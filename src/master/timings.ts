import { performance } from 'node:perf_hooks';
import type { Clock } from '../runtime/clock.ts';
import { DurationHistory } from '../runtime/duration-history.ts';
import type { Change, Store } from '../store/store.ts';
import { Allocator } from './allocator/allocator.ts';
import type { AllocatedOffer, AllocatorOptions } from './allocator/allocator-types.ts';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

/** How long the master takes for what it does, and how much it has written down: metrics beside its state (mesos.md 3.12). */
export class Timings {
  readonly #clock: Clock;
  readonly #allocation = new DurationHistory(HOUR_MS);
  readonly #allocationLatency = new DurationHistory(HOUR_MS);
  readonly #registryStore = new DurationHistory(DAY_MS);
  readonly #entryBytes = new Map<string, number>();
  #registryBytes = 0;
  #registryFetchMs = 0;
  #writesUnderWay = 0;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** An allocator whose runs are timed. */
  timedAllocator(options: AllocatorOptions): Allocator {
    return new TimedAllocator(options, (durationMs) => this.#allocation.add(durationMs, this.#clock.now()));
  }

  /** From the event that asked for an allocation to its run. */
  allocationWaited(durationMs: number): void {
    this.#allocationLatency.add(durationMs, this.#clock.now());
  }

  /** Does what reads the registry when the master starts. */
  fetchRegistry<Result>(store: Store, read: () => Result): Result {
    const began = performance.now();
    const result = read();
    this.#registryFetchMs = performance.now() - began;
    for (const change of store.range('')) this.#noteEntry(change);
    return result;
  }

  /** The store, its writes timed. */
  timedStore(store: Store): Store {
    return {
      get: (key) => store.get(key),
      range: (prefix) => store.range(prefix),
      within: (prefix) => store.within(prefix),
      write: async (changes) => {
        const began = performance.now();
        this.#writesUnderWay++;
        try {
          await store.write(changes);
          this.#registryStore.add(performance.now() - began, this.#clock.now());
          for (const change of changes) this.#noteEntry(change);
        } finally {
          this.#writesUnderWay--;
        }
      },
    };
  }

  metrics(): Record<string, number> {
    const nowMs = this.#clock.now();
    return {
      ...this.#allocation.metrics('allocator/mesos/allocation_run_ms', nowMs),
      ...this.#allocationLatency.metrics('allocator/mesos/allocation_run_latency_ms', nowMs),
      'registrar/log/ensemble_size': 1,
      'registrar/log/recovered': 1,
      'registrar/queued_operations': this.#writesUnderWay,
      'registrar/registry_size_bytes': this.#registryBytes,
      'registrar/state_fetch_ms': this.#registryFetchMs,
      ...this.#registryStore.metrics('registrar/state_store_ms', nowMs),
    };
  }

  #noteEntry({ key, value }: Change): void {
    const bytes = value === undefined ? 0 : Buffer.byteLength(key) + Buffer.byteLength(JSON.stringify(value));
    this.#registryBytes += bytes - (this.#entryBytes.get(key) ?? 0);
    if (bytes === 0) this.#entryBytes.delete(key);
    else this.#entryBytes.set(key, bytes);
  }
}

class TimedAllocator extends Allocator {
  readonly #onRun: (durationMs: number) => void;

  constructor(options: AllocatorOptions, onRun: (durationMs: number) => void) {
    super(options);
    this.#onRun = onRun;
  }

  override allocate(nowMs: number, agentIds?: ReadonlySet<string>): AllocatedOffer[] {
    const began = performance.now();
    const offers = super.allocate(nowMs, agentIds);
    this.#onRun(performance.now() - began);
    return offers;
  }
}
