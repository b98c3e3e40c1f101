import { Histogram } from './histogram.ts';

/** What became of the tasks of one app, or of one kind of task of a framework. */
export interface Tally {
  readonly framework: string;
  readonly app: string;
  readonly role: string;
  /** Came to run. */
  started: number;
  finished: number;
  failed: number;
  /** Ended by an operator's drain, by the framework or by a guarantee of others. */
  killed: number;
  /** With their agents. */
  lost: number;
  /** Lost or drained, and running again elsewhere. */
  moved: number;
}

/** A task that had to leave its agent, and where it went. */
export interface Move {
  readonly atMs: number;
  readonly framework: string;
  readonly app: string;
  readonly taskId: string;
  readonly from: string;
  readonly to: string;
}

/** Something that was done, or failed to be, in the course of the simulation. */
export interface Incident {
  readonly atMs: number;
  readonly text: string;
}

const MOST_MOVES = 100_000;
const MOST_INCIDENTS = 2_000;

/** Keeps the books of what happens to tasks. Times are virtual milliseconds since the beginning. */
export class Ledger {
  readonly #tallies = new Map<string, Tally>();
  readonly moves: Move[] = [];
  readonly incidents: Incident[] = [];
  /** From the moment a task is wanted until it runs, in virtual milliseconds. */
  readonly latency = new Histogram();

  get tallies(): Tally[] {
    return [...this.#tallies.values()];
  }

  tally(framework: string, app: string, role: string): Tally {
    const key = JSON.stringify([framework, app, role]);
    let tally = this.#tallies.get(key);
    if (!tally) {
      tally = { framework, app, role, started: 0, finished: 0, failed: 0, killed: 0, lost: 0, moved: 0 };
      this.#tallies.set(key, tally);
    }
    return tally;
  }

  /** The oldest are kept. */
  noteMove(move: Move): void {
    if (this.moves.length < MOST_MOVES) this.moves.push(move);
  }

  noteIncident(atMs: number, text: string): void {
    if (this.incidents.length < MOST_INCIDENTS) this.incidents.push({ atMs, text });
  }
}
