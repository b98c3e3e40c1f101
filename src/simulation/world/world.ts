import type { Random } from '../../runtime/random.ts';
import type { VirtualClock } from '../../runtime/virtual-clock.ts';
import type { Network } from '../harness/network.ts';
import type { SimulatedMaster } from '../harness/simulated-master.ts';
import type { Ledger } from '../report/ledger.ts';

/** How the process of a task behaves, virtually. */
export interface TaskLife {
  readonly startupMs: number;
  /** From then on; for ever when undefined. */
  readonly lengthMs: number | undefined;
}

/** What everybody in a simulation shares. */
export interface World {
  readonly clock: VirtualClock;
  readonly network: Network;
  readonly master: SimulatedMaster;
  readonly ledger: Ledger;
  /** How tasks that frameworks launch will behave, by their ids; known to their agents from the launch to the end. */
  readonly lives: Map<string, TaskLife>;
  /** How those behave that are not in `lives`. */
  readonly usualLife: TaskLife;
  /** Virtual milliseconds since the beginning. */
  elapsedMs(): number;
  /** A source of randomness of its own for everyone who needs one: what one does changes nothing for the others. */
  random(name: string): Random;
}
