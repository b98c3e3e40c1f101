import { Allocator } from '../../master/allocator/allocator.ts';
import type { AllocatedOffer, AllocatorOptions } from '../../master/allocator/allocator-types.ts';
import { Histogram } from '../report/histogram.ts';

/** What an allocator was asked, and how long it took. */
export class AllocationLog {
  /** Real milliseconds of a run: the only thing in a simulation that is measured, and is another one every time. */
  readonly realMs = new Histogram();
  readonly #msPerAgent: number;
  #busyUntilMs = Number.NEGATIVE_INFINITY;
  #offers = 0;

  /** `msPerAgent` is what a run takes in virtual time. */
  constructor(msPerAgent: number) {
    this.#msPerAgent = msPerAgent;
  }

  get busyUntilMs(): number {
    return this.#busyUntilMs;
  }

  /** Made so far. */
  get offers(): number {
    return this.#offers;
  }

  note({
    nowMs,
    agents,
    offers,
    realMs,
  }: {
    nowMs: number;
    agents: number;
    offers: number;
    realMs: number;
  }): void {
    this.realMs.add(realMs);
    this.#offers += offers;
    this.#busyUntilMs = nowMs + agents * this.#msPerAgent;
  }
}

/** The master's allocator, with a log of its runs. */
export class MeasuredAllocator extends Allocator {
  readonly #log: AllocationLog;
  readonly #agentCount: () => number;

  constructor(options: AllocatorOptions, log: AllocationLog, agentCount: () => number) {
    super(options);
    this.#log = log;
    this.#agentCount = agentCount;
  }

  override allocate(nowMs: number, agentIds?: ReadonlySet<string>): AllocatedOffer[] {
    const beganMs = performance.now();
    const offers = super.allocate(nowMs, agentIds);
    const realMs = performance.now() - beganMs;
    this.#log.note({ nowMs, agents: agentIds?.size ?? this.#agentCount(), offers: offers.length, realMs });
    return offers;
  }
}
