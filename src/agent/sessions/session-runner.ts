import { rmSync } from 'node:fs';
import { join } from 'node:path';
import type { Clock } from '../../runtime/clock.ts';
import { errorMessage } from '../../runtime/error-message.ts';
import type { Enter } from '../containerizers/container-entry.ts';
import type { SessionPlan } from '../core/effect.ts';
import type { Exit } from '../core/exit.ts';
import type { ProcessIdentity } from '../core/state.ts';
import type { HostPrograms } from '../processes/host-programs.ts';
import type { ProcessKiller } from '../processes/process-killer.ts';
import { type Session, startSession } from './session.ts';

/** What becomes of sessions: each fails, or is forked and exits. */
export interface SessionEvents {
  forked(key: string, process: ProcessIdentity): void;
  failed(key: string, message: string): void;
  exited(key: string, exit: Exit): void;
}

export interface SessionRunnerOptions {
  /** For what sessions need while they start and when they end; whatever is in there already is removed. */
  readonly folder: string;
  readonly enter: Enter;
  readonly events: SessionEvents;
  readonly programs: HostPrograms;
  readonly killer: ProcessKiller;
  readonly clock: Clock;
}

/** The sessions of an agent: commands inside of containers, which end with their caller's connection or the agent. */
export class SessionRunner {
  readonly #options: SessionRunnerOptions;
  readonly #sessions = new Map<string, Session>();
  /** Asked to end while they start. */
  readonly #unwanted = new Set<string>();
  #started = 0;
  #isClosed = false;

  constructor(options: SessionRunnerOptions) {
    this.#options = options;
    rmSync(options.folder, { recursive: true, force: true });
  }

  get(key: string): Session | undefined {
    return this.#sessions.get(key);
  }

  start(plan: SessionPlan): void {
    this.#start(plan).catch((error: unknown) => {
      this.#unwanted.delete(plan.key);
      this.#options.events.failed(plan.key, errorMessage(error));
    });
  }

  end(key: string): void {
    const session = this.#sessions.get(key);
    if (session) session.end();
    else this.#unwanted.add(key);
  }

  close(): void {
    this.#isClosed = true;
    for (const session of this.#sessions.values()) session.end();
  }

  async #start({ key, parentId, command, terminal }: SessionPlan): Promise<void> {
    const { enter, events, folder } = this.#options;
    const entry = enter(parentId);
    if (!entry) throw new Error(`Parent container ${parentId} is not running`);
    const place = join(folder, String(this.#started++));
    const session = await startSession(
      { entry, command, terminal },
      { ...this.#options, folder: join(place, 'pipes'), exitFile: join(place, 'exit') },
    ).catch((error: unknown) => {
      rmSync(place, { recursive: true, force: true });
      throw error;
    });
    this.#sessions.set(key, session);
    events.forked(key, session.identity);
    void session.ended.then((exit) => {
      this.#sessions.delete(key);
      rmSync(place, { recursive: true, force: true });
      // Whoever hears the end of the output may ask at once how it ended.
      if (!this.#isClosed) events.exited(key, exit);
      session.endOutput();
    });
    if (this.#unwanted.delete(key) || this.#isClosed) session.end();
  }
}
