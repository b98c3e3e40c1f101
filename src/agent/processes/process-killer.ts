import type { Clock } from '../../runtime/clock.ts';
import type { ProcessIdentity } from '../core/state.ts';
import { identify, isAlive, type ProcessRow, readProcessTable, treeOf } from './process-table.ts';

/** A look at all processes serves everything that is ended at about the same time. */
const TABLE_AGE_MS = 50;
const KILL_AGAIN_MS = 50;
const SWEEP_AFTER_MS = 200;

/** Ends the process trees of containers. A tree's root is the waiting shell, which leads a session of its own. */
export class ProcessKiller {
  readonly #clock: Clock;
  readonly #sweeps = new Set<number>();
  #table: { rows: ProcessRow[]; readMs: number } | undefined;
  #isSweepSet = false;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Asks every process of a tree to end. The shell itself ignores it and waits for the command. */
  ask(root: ProcessIdentity): void {
    if (!isAlive(root)) return;
    sendSignal(-root.pid, 'SIGTERM');
    for (const { pid, group } of treeOf(root.pid, this.#processes())) {
      if (group !== root.pid) sendSignal(pid, 'SIGTERM');
    }
  }

  /**
   * Kills every process of a tree, again and again until the shell has seen its command end. When the shell is still
   * there past the deadline it is killed, too.
   */
  kill(root: ProcessIdentity, deadlineMs: number): void {
    if (!isAlive(root)) return;
    for (const { pid } of treeOf(root.pid, this.#processes())) sendSignal(pid, 'SIGKILL');
    if (deadlineMs <= 0) sendSignal(root.pid, 'SIGKILL');
    this.#clock.setTimer(KILL_AGAIN_MS, () => this.kill(root, deadlineMs - KILL_AGAIN_MS));
  }

  /**
   * Kills what a container's command left running when it ended. While anything of a session is left, no other process
   * gets the number of its leader; so a leader that lives is a stranger, and its session is let alone.
   */
  sweep(rootPid: number): void {
    if (identify(rootPid)) return;
    sendSignal(-rootPid, 'SIGKILL');
    this.#sweeps.add(rootPid);
    if (this.#isSweepSet) return;
    this.#isSweepSet = true;
    this.#clock.setTimer(SWEEP_AFTER_MS, () => this.#sweepSessions());
  }

  #sweepSessions(): void {
    this.#isSweepSet = false;
    const table = readProcessTable();
    for (const { pid } of table) this.#sweeps.delete(pid);
    for (const { pid, session } of table) {
      if (this.#sweeps.has(session)) sendSignal(pid, 'SIGKILL');
    }
    this.#sweeps.clear();
  }

  #processes(): ProcessRow[] {
    const now = this.#clock.now();
    if (!this.#table || now - this.#table.readMs > TABLE_AGE_MS) {
      this.#table = { rows: readProcessTable(), readMs: now };
      // Not kept longer than it is of use: on a busy machine it is large.
      this.#clock.setTimer(TABLE_AGE_MS, () => {
        this.#table = undefined;
      });
    }
    return this.#table.rows;
  }
}

const sendSignal = (pid: number, signal: NodeJS.Signals): void => {
  try {
    process.kill(pid, signal);
  } catch {
    // It has ended.
  }
};
