import { performance } from 'node:perf_hooks';
import type { Clock } from '../../runtime/clock.ts';
import type { ProcessIdentity } from '../core/state.ts';
import {
  descendantsOf,
  identify,
  isAlive,
  type ProcessRow,
  readProcessTable,
  treeOf,
} from './process-table.ts';

/** How long a look at all processes serves where that is the only way to find a tree. */
const TABLE_AGE_MS = 50;
/** Rounds are so many times as far apart as a look takes: on a machine of thousands of processes it is dear. */
const PAUSE_PER_LOOK = 20;
const ASK_REST_AFTER_MS = 50;
const KILL_AGAIN_MS = 50;
const SWEEP_AFTER_MS = 200;

/**
 * Ends the process trees of containers. A tree's root is the waiting shell, which leads a session of its own. What
 * descends from it is found at once by walking down. What has lost its parent, so that only its session tells whose it
 * is, is found a moment later by a look at all processes, one for all trees that are ended at about the same time.
 */
export class ProcessKiller {
  readonly #clock: Clock;
  /** Roots that were asked, with those outside of their group that were asked, too: nobody is asked twice. */
  readonly #asked = new Map<number, { root: ProcessIdentity; told: Set<number> }>();
  /** Roots of trees that are killed until they are gone, with the time after which the root is, too. */
  readonly #killed = new Map<number, { root: ProcessIdentity; deadlineMs: number }>();
  readonly #sweeps = new Set<number>();
  #table: { rows: ProcessRow[]; readMs: number } | undefined;
  #lastLookMs = 0;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Asks every process of a tree to end. The shell itself ignores it and waits for the command. */
  ask(root: ProcessIdentity): void {
    if (!isAlive(root)) return;
    const told = new Set<number>();
    // Found before the first signal: what loses its parent by it could not be found by walking down any more.
    const tree = this.#treeNow(root);
    sendSignal(-root.pid, 'SIGTERM');
    askOutsideOfGroup(root, tree, told);
    if (this.#asked.size === 0) this.#later(ASK_REST_AFTER_MS, () => this.#askRest());
    this.#asked.set(root.pid, { root, told });
  }

  /**
   * Kills every process of a tree, again and again until the shell has seen its command end. When the shell is still
   * there after the grace it is killed, too.
   */
  kill(root: ProcessIdentity, graceMs: number): void {
    if (!isAlive(root)) return;
    for (const { pid } of this.#treeNow(root)) sendSignal(pid, 'SIGKILL');
    if (this.#killed.has(root.pid)) return;
    if (this.#killed.size === 0) this.#later(KILL_AGAIN_MS, () => this.#killAgain());
    this.#killed.set(root.pid, { root, deadlineMs: this.#clock.now() + graceMs });
  }

  /**
   * Kills what a container's command left running when it ended. While anything of a session is left, no other process
   * gets the number of its leader; so a leader that lives is a stranger, and its session is let alone.
   */
  sweep(rootPid: number): void {
    if (identify(rootPid)) return;
    sendSignal(-rootPid, 'SIGKILL');
    if (this.#sweeps.size === 0) this.#later(SWEEP_AFTER_MS, () => this.#sweepSessions());
    this.#sweeps.add(rootPid);
  }

  #askRest(): void {
    const asked = [...this.#asked.values()].filter(({ root }) => isAlive(root));
    this.#asked.clear();
    if (asked.length === 0) return;
    const table = this.#look();
    for (const { root, told } of asked) askOutsideOfGroup(root, treeOf(root.pid, table), told);
  }

  #killAgain(): void {
    for (const [pid, { root }] of this.#killed) if (!isAlive(root)) this.#killed.delete(pid);
    if (this.#killed.size === 0) return;
    const table = this.#look();
    const nowMs = this.#clock.now();
    for (const [root, { deadlineMs }] of this.#killed) {
      for (const { pid } of treeOf(root, table)) sendSignal(pid, 'SIGKILL');
      if (deadlineMs <= nowMs) sendSignal(root, 'SIGKILL');
    }
    this.#later(KILL_AGAIN_MS, () => this.#killAgain());
  }

  #sweepSessions(): void {
    const table = this.#look();
    for (const { pid } of table) this.#sweeps.delete(pid);
    for (const { pid, session } of table) {
      if (this.#sweeps.has(session)) sendSignal(pid, 'SIGKILL');
    }
    this.#sweeps.clear();
  }

  #treeNow(root: ProcessIdentity): readonly { pid: number; group: number }[] {
    const descendants = descendantsOf(root.pid);
    if (descendants) return descendants;
    const now = this.#clock.now();
    if (!this.#table || now - this.#table.readMs > TABLE_AGE_MS) {
      this.#table = { rows: this.#look(), readMs: now };
      // Not kept longer than it is of use: on a busy machine it is large.
      this.#clock.setTimer(TABLE_AGE_MS, () => {
        this.#table = undefined;
      });
    }
    return treeOf(root.pid, this.#table.rows);
  }

  #look(): ProcessRow[] {
    const startedMs = performance.now();
    const rows = readProcessTable();
    this.#lastLookMs = performance.now() - startedMs;
    return rows;
  }

  #later(afterMs: number, run: () => void): void {
    this.#clock.setTimer(Math.max(afterMs, this.#lastLookMs * PAUSE_PER_LOOK), run);
  }
}

/** Its group has had the signal as a whole. */
const askOutsideOfGroup = (
  root: ProcessIdentity,
  tree: readonly { pid: number; group: number }[],
  told: Set<number>,
): void => {
  for (const { pid, group } of tree) {
    if (group === root.pid || told.has(pid)) continue;
    told.add(pid);
    sendSignal(pid, 'SIGTERM');
  }
};

const sendSignal = (pid: number, signal: NodeJS.Signals): void => {
  try {
    process.kill(pid, signal);
  } catch {
    // It has ended.
  }
};
