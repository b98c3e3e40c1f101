import type { VirtualClock } from '../../runtime/virtual-clock.ts';
import type { SchedulerCall } from '../../sdk/scheduler-connection.ts';

/** Revives are no closer together than this: each has the master look at all agents. */
const REVIVE_INTERVAL_MS = 1_000;

export interface OfferInterestOptions {
  readonly clock: VirtualClock;
  readonly roles: readonly string[];
  /** Whether something waits that offers of this role are for. */
  readonly isWanted: (role: string) => boolean;
  /** False when there is no line. */
  readonly send: (call: SchedulerCall) => boolean;
}

/** Tells the master which roles offers are wanted for: those of which something waits, and again whenever more does. */
export class OfferInterest {
  readonly #options: OfferInterestOptions;
  readonly #suppressed: Set<string>;
  /** Roles of which offers were refused: a revive makes an end of the filters. */
  readonly #refused = new Set<string>();
  #lastReviveMs = Number.NEGATIVE_INFINITY;
  #isReviveDue = false;

  constructor(options: OfferInterestOptions) {
    this.#options = options;
    this.#suppressed = new Set(options.roles.filter((role) => !options.isWanted(role)));
  }

  /** With these it subscribes. */
  suppressed(): readonly string[] {
    const { roles, isWanted } = this.#options;
    this.#suppressed.clear();
    for (const role of roles) if (!isWanted(role)) this.#suppressed.add(role);
    return [...this.#suppressed];
  }

  /** A new line: the master knows no filters. */
  subscribed(): void {
    this.#refused.clear();
    this.rises();
  }

  /** Offers were looked at, and what is of no use will be refused. Returns whether no offers are wanted any more. */
  refused(): boolean {
    const { roles, isWanted, send } = this.#options;
    const idle = roles.filter((role) => !isWanted(role) && !this.#suppressed.has(role));
    for (const role of roles) if (isWanted(role)) this.#refused.add(role);
    if (idle.length > 0 && send({ type: 'SUPPRESS', suppress: { roles: idle } })) {
      for (const role of idle) {
        this.#suppressed.add(role);
        this.#refused.delete(role);
      }
    }
    return roles.every((role) => this.#suppressed.has(role));
  }

  /** Something more waits. */
  rises(): void {
    const { clock } = this.#options;
    if (this.#isReviveDue || this.#quiet().length === 0) return;
    this.#isReviveDue = true;
    const delayMs = Math.max(0, this.#lastReviveMs + REVIVE_INTERVAL_MS - clock.now());
    clock.setTimer(delayMs, () => this.#revive());
  }

  #quiet(): string[] {
    const { roles, isWanted } = this.#options;
    return roles.filter((role) => isWanted(role) && (this.#suppressed.has(role) || this.#refused.has(role)));
  }

  #revive(): void {
    this.#isReviveDue = false;
    const roles = this.#quiet();
    if (roles.length === 0 || !this.#options.send({ type: 'REVIVE', revive: { roles } })) return;
    this.#lastReviveMs = this.#options.clock.now();
    for (const role of roles) {
      this.#suppressed.delete(role);
      this.#refused.delete(role);
    }
  }
}
