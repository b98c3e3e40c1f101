import type { ChildProcess } from 'node:child_process';
import { mkdirSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { Clock } from '../../runtime/clock.ts';
import { errorMessage } from '../../runtime/error-message.ts';
import type { ContainerPlan } from '../core/effect.ts';
import type { Exit } from '../core/exit.ts';
import type { ContainerRecord, ProcessIdentity } from '../core/state.ts';
import { prepareSandbox } from '../sandbox/prepare.ts';
import type { ProcessKiller } from './process-killer.ts';
import { identify, isAlive, isFromEarlierBoot } from './process-table.ts';
import { containerOfNotes, readShimNote, removeShimNotes, spawnShim } from './shim.ts';
import { findUser, type UserIdentity } from './system-user.ts';

/** What becomes of containers. Each that was started either fails, or is forked and later exits. */
export interface ContainerEvents {
  forked(containerId: string, process: ProcessIdentity): void;
  failed(containerId: string, message: string): void;
  exited(containerId: string, exit: Exit): void;
  /** Found after a restart: its command never ran. */
  unstarted(containerId: string): void;
}

/** Brings what a command needs into its sandbox. Rejects with a reason that a person understands. */
export type Fetch = (options: {
  plan: ContainerPlan;
  user: UserIdentity | undefined;
  stderr: number;
  signal: AbortSignal;
}) => Promise<void>;

export interface RunnerOptions {
  exitsFolder: string;
  fetch: Fetch;
  events: ContainerEvents;
  killer: ProcessKiller;
  clock: Clock;
}

/** How often containers that are no children of this process are looked at. */
const WATCH_EVERY_MS = 500;
/** How long what is left of a container is killed again and again before its waiting shell is killed, too. */
const SHELL_DEADLINE_MS = 1_000;

interface Entry {
  readonly abort: AbortController;
  child?: ChildProcess;
  process?: ProcessIdentity;
  isReleased: boolean;
}

/** Starts, watches and ends the processes of containers, also those that an earlier life of the agent started. */
export class ContainerRunner {
  readonly #options: RunnerOptions;
  readonly #entries = new Map<string, Entry>();
  /** Started before this process was. */
  readonly #inherited = new Map<string, ProcessIdentity>();
  #isClosed = false;

  constructor(options: RunnerOptions) {
    this.#options = options;
    mkdirSync(options.exitsFolder, { recursive: true });
  }

  start(plan: ContainerPlan): void {
    const entry: Entry = { abort: new AbortController(), isReleased: false };
    this.#entries.set(plan.id, entry);
    this.#launch(plan, entry).catch((error: unknown) => {
      this.#entries.delete(plan.id);
      if (!this.#isClosed) this.#options.events.failed(plan.id, errorMessage(error));
    });
  }

  /** Lets a forked container run its command. */
  release(containerId: string): void {
    const entry = this.#entries.get(containerId);
    if (!entry?.child?.stdin) return;
    entry.isReleased = true;
    entry.child.stdin.end('\n');
  }

  signal(containerId: string, signal: 'SIGTERM' | 'SIGKILL'): void {
    const entry = this.#entries.get(containerId);
    const identity = entry?.process ?? this.#inherited.get(containerId);
    if (entry && !entry.isReleased) {
      // Only its shell exists yet, or not even that: nothing has to be asked.
      entry.abort.abort(new Error('Killed before its command ran'));
      entry.child?.kill('SIGKILL');
    } else if (identity && signal === 'SIGTERM') this.#options.killer.ask(identity);
    else if (identity) this.#options.killer.kill(identity, SHELL_DEADLINE_MS);
  }

  /** Takes over what was started before: tells at once what has ended, and watches the rest. */
  recover(containers: readonly ContainerRecord[]): void {
    for (const { id, process } of containers) {
      if (process && isAlive(process)) this.#inherited.set(id, process);
      else {
        if (process && !isFromEarlierBoot(process)) this.#options.killer.sweep(process.pid);
        this.#tellEndOf(id, process);
      }
    }
    const known = new Set(containers.map(({ id }) => id));
    for (const name of readdirSync(this.#options.exitsFolder)) {
      if (!known.has(containerOfNotes(name))) rmSync(join(this.#options.exitsFolder, name), { force: true });
    }
    this.#watchInherited();
  }

  /** Removes what the waiting shell left behind; its container's end is recorded elsewhere by now. */
  forget(containerId: string): void {
    removeShimNotes(this.#exitFile(containerId));
  }

  /** Lets go of every container; those whose command runs go on. */
  close(): void {
    this.#isClosed = true;
    for (const entry of this.#entries.values()) {
      if (entry.isReleased) continue;
      entry.abort.abort(new Error('The agent stops'));
      entry.child?.kill('SIGKILL');
    }
  }

  async #launch(plan: ContainerPlan, entry: Entry): Promise<void> {
    if (plan.refusal !== undefined) throw new Error(plan.refusal);
    const { signal } = entry.abort;
    const user = plan.user === undefined ? undefined : findUser(plan.user);
    const output = prepareSandbox(plan, user);
    try {
      if ((plan.command.uris ?? []).length > 0) {
        await this.#options.fetch({ plan, user, stderr: output.stderr, signal });
      }
      signal.throwIfAborted();
      this.#spawn(plan, entry, { user, ...output });
    } finally {
      output.close();
    }
  }

  #spawn(
    { id, command, environment, sandbox }: ContainerPlan,
    entry: Entry,
    { user, stdout, stderr }: { user: UserIdentity | undefined; stdout: number; stderr: number },
  ): void {
    const exitFile = this.#exitFile(id);
    const child = spawnShim({ command, environment, sandbox, exitFile, stdout, stderr, identity: user });
    entry.child = child;
    child.stdin?.on('error', () => undefined);
    const process = child.pid === undefined ? undefined : identify(child.pid);
    if (process) entry.process = process;
    child.once('error', (error) => this.#fail(id, entry, errorMessage(error)));
    child.once('exit', () => {
      if (!entry.isReleased) return this.#fail(id, entry, 'Killed before its command ran');
      this.#entries.delete(id);
      if (process) this.#options.killer.sweep(process.pid);
      if (readShimNote(exitFile).type !== 'none') return this.#tellEndOf(id, process);
      // Not again at once, as it is after a restart: what was in the way is most likely still there.
      if (!this.#isClosed) this.#options.events.failed(id, 'The start of the command could not be noted');
    });
    if (process) this.#options.events.forked(id, process);
  }

  #fail(containerId: string, entry: Entry, message: string): void {
    if (this.#entries.get(containerId) !== entry) return;
    this.#entries.delete(containerId);
    if (!this.#isClosed) this.#options.events.failed(containerId, message);
  }

  #watchInherited(): void {
    if (this.#inherited.size === 0 || this.#isClosed) return;
    this.#options.clock.setTimer(WATCH_EVERY_MS, () => {
      if (this.#isClosed) return;
      for (const [id, process] of this.#inherited) {
        if (isAlive(process)) continue;
        this.#inherited.delete(id);
        this.#options.killer.sweep(process.pid);
        this.#tellEndOf(id, process);
      }
      this.#watchInherited();
    });
  }

  /** Without a note the command was never let run: its shell ended when the agent did. */
  #tellEndOf(containerId: string, process: ProcessIdentity | undefined): void {
    const { events } = this.#options;
    if (this.#isClosed) return;
    if (process && isFromEarlierBoot(process)) {
      events.exited(containerId, { type: 'rebooted' });
      return;
    }
    const note = readShimNote(this.#exitFile(containerId));
    if (note.type === 'ended') events.exited(containerId, note.exit);
    else if (note.type === 'started') events.exited(containerId, { type: 'unknown' });
    else events.unstarted(containerId);
  }

  #exitFile(containerId: string): string {
    return join(this.#options.exitsFolder, containerId);
  }
}
