import type { SchedulerCall } from './scheduler-connection.ts';

/** Round trips that are under way at a time, of acknowledgements and of everything else. */
const MAX_CONCURRENT_CALLS = 16;
/** Calls that wait; who asks for more is refused and tries again later. */
const MAX_WAITING_CALLS = 10_000;

/**
 * Calls of one group change different things and may arrive in any order. Of those without a group, and of two groups,
 * the earlier one must have been taken before the later one leaves: a KILL must not reach the master before the ACCEPT
 * that launches its task, a REVIVE not before the SUPPRESS that it ends.
 */
const GROUPS: Partial<Readonly<Record<SchedulerCall['type'], string>>> = {
  ACCEPT: 'offers',
  DECLINE: 'offers',
  ACCEPT_INVERSE_OFFERS: 'offers',
  DECLINE_INVERSE_OFFERS: 'offers',
  KILL: 'kills',
  REVIVE: 'revivals',
  SUPPRESS: 'suppressions',
};

/** They commute with all other calls, as the next update of a task comes only once its last one is acknowledged. */
const ACKNOWLEDGEMENTS: ReadonlySet<string> = new Set(['ACKNOWLEDGE', 'ACKNOWLEDGE_OPERATION_STATUS']);

interface Waiting {
  readonly call: SchedulerCall;
  readonly resolve: () => void;
  readonly reject: (error: Error) => void;
}

/**
 * Sends calls with few round trips at a time and keeps the order where order matters. HTTP/1.1 gives no order between
 * connections, and one round trip after another would make a thousand acknowledgements wait for each other; so calls
 * that commute share the connections, and others wait for those before them.
 */
export class CallQueue {
  readonly #send: (call: SchedulerCall) => Promise<void>;
  readonly #ordered: Waiting[] = [];
  readonly #acknowledgements: Waiting[] = [];
  #orderedUnderWay = 0;
  #acknowledgementsUnderWay = 0;
  /** The group of the ordered calls under way. */
  #group: string | undefined;

  constructor(send: (call: SchedulerCall) => Promise<void>) {
    this.#send = send;
  }

  /** Resolves once the call was taken. Rejects when it was not, or when too many wait already. */
  add(call: SchedulerCall): Promise<void> {
    const waiting = ACKNOWLEDGEMENTS.has(call.type) ? this.#acknowledgements : this.#ordered;
    if (waiting.length >= MAX_WAITING_CALLS) {
      return Promise.reject(new Error(`${call.type} was not sent: ${waiting.length} calls wait already`));
    }
    return new Promise((resolve, reject) => {
      waiting.push({ call, resolve, reject });
      this.#pump();
    });
  }

  /** Rejects everything that waits; what is under way ends by itself. */
  clear(reason: string): void {
    for (const { call, reject } of [...this.#ordered.splice(0), ...this.#acknowledgements.splice(0)]) {
      reject(new Error(`${call.type} was not sent: ${reason}`));
    }
  }

  #pump(): void {
    while (this.#acknowledgementsUnderWay < MAX_CONCURRENT_CALLS) {
      const next = this.#acknowledgements.shift();
      if (!next) break;
      this.#acknowledgementsUnderWay++;
      this.#run(next, () => this.#acknowledgementsUnderWay--);
    }
    for (let next = this.#ordered[0]; next && this.#mayLeave(next.call); next = this.#ordered[0]) {
      this.#ordered.shift();
      this.#group = GROUPS[next.call.type];
      this.#orderedUnderWay++;
      this.#run(next, () => this.#orderedUnderWay--);
    }
  }

  #mayLeave({ type }: SchedulerCall): boolean {
    if (this.#orderedUnderWay === 0) return true;
    const group = GROUPS[type];
    return group !== undefined && group === this.#group && this.#orderedUnderWay < MAX_CONCURRENT_CALLS;
  }

  #run({ call, resolve, reject }: Waiting, done: () => void): void {
    const end = (settle: () => void): void => {
      done();
      this.#pump();
      settle();
    };
    this.#send(call).then(
      () => end(resolve),
      (error: Error) => end(() => reject(error)),
    );
  }
}
