import type { Clock } from '../../runtime/clock.ts';
import { errorMessage } from '../../runtime/error-message.ts';
import type { Log } from '../../runtime/log.ts';
import type { Random } from '../../runtime/random.ts';
import type { Store } from '../../store/store.ts';
import type { ClusterClients } from '../cluster-clients.ts';
import { carryOut, UninstallFailure } from './carry-out.ts';
import type { UninstallRecord } from './uninstall-record.ts';

export interface UninstallsOptions {
  readonly store: Store;
  readonly clients: ClusterClients;
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Log;
  /** Removes what else is kept about an app, once it is gone. */
  readonly forget: (appId: string) => Promise<void>;
}

export type UninstallOrder = Pick<
  UninstallRecord,
  'packageName' | 'packageVersion' | 'appId' | 'postUninstallNotes' | 'frameworkName' | 'keepsData'
>;

/** Given up after this: an agent that never comes back must not keep an uninstallation for ever. */
const LONGEST_UNINSTALL_MS = 30 * 60_000;
const RETRY_MS = 1_000;
const LONGEST_RETRY_MS = 30_000;
/** Ended uninstallations that are remembered. */
const MOST_ENDED = 50;

/** Carries out uninstallations, several at a time; those that a restart cut short are taken up again. */
export class Uninstalls {
  readonly #options: UninstallsOptions;
  readonly #records = new Map<string, UninstallRecord>();
  readonly #running = new Map<string, Promise<void>>();
  readonly #closing = new AbortController();

  constructor(options: UninstallsOptions) {
    this.#options = options;
    for (const { value } of options.store.range('')) {
      const record = value as UninstallRecord;
      this.#records.set(record.id, record);
    }
  }

  /** Takes up what was under way when the service ended. */
  resume(): void {
    for (const record of this.pending()) this.#run(record.id, undefined);
  }

  pending(): readonly UninstallRecord[] {
    return [...this.#records.values()].filter(({ state }) => state === 'UNDER_WAY');
  }

  /** All that are known, the oldest first. */
  all(): readonly UninstallRecord[] {
    return [...this.#records.values()].sort((a, b) => a.startedAtMs - b.startedAtMs);
  }

  /**
   * Begins an uninstallation and resolves once it is durable; one of the same app that is under way is joined. The
   * caller's authorization is used as long as the service runs and never stored.
   */
  async begin(order: UninstallOrder, authorization: string | undefined): Promise<UninstallRecord> {
    const present = this.pending().find(({ appId }) => appId === order.appId);
    if (present) return present;
    const { clock, random } = this.#options;
    const record: UninstallRecord = {
      ...order,
      id: random.uuid(),
      frameworkIds: [],
      roles: [],
      state: 'UNDER_WAY',
      phase: 'STOPPING_APP',
      startedAtMs: clock.now(),
    };
    this.#records.set(record.id, record);
    await this.#save(record);
    this.#run(record.id, authorization);
    return record;
  }

  /** The record once it has ended, or as it is after the time. */
  async settled(id: string, withinMs: number): Promise<UninstallRecord | undefined> {
    await Promise.race([this.#running.get(id), this.#pause(withinMs).catch(() => undefined)]);
    return this.#records.get(id);
  }

  async close(): Promise<void> {
    this.#closing.abort();
    await Promise.all(this.#running.values());
  }

  #run(id: string, authorization: string | undefined): void {
    const running = this.#carryOn(id, authorization).finally(() => this.#running.delete(id));
    this.#running.set(id, running);
  }

  async #carryOn(id: string, authorization: string | undefined): Promise<void> {
    const { clients, clock, log } = this.#options;
    const tools = {
      marathon: clients.marathon(authorization),
      mesos: clients.mesos(authorization),
      clock,
      pause: (delayMs: number) => this.#pause(delayMs),
      save: (record: UninstallRecord) => this.#save(record),
    };
    for (
      let retryMs = RETRY_MS;
      !this.#closing.signal.aborted;
      retryMs = Math.min(retryMs * 2, LONGEST_RETRY_MS)
    ) {
      const record = this.#records.get(id);
      if (record === undefined) return;
      const { problem: _problem, problemType: _type, ...healthy } = record;
      try {
        const ended = await carryOut(healthy, tools);
        await this.#options.forget(record.appId);
        await this.#save({ ...ended, state: 'DONE', endedAtMs: clock.now() });
        log.info({ package: record.packageName, app: record.appId }, 'uninstalled a package');
        return;
      } catch (error) {
        if (this.#closing.signal.aborted) return;
        if (await this.#noteTrouble(id, error)) return;
        await this.#pause(retryMs).catch(() => undefined);
      }
    }
  }

  /** Writes down why it does not go on; true when it has ended with that. */
  async #noteTrouble(id: string, error: unknown): Promise<boolean> {
    const { clock, log } = this.#options;
    const record = this.#records.get(id);
    if (record === undefined) return true;
    const isLate = clock.now() - record.startedAtMs > LONGEST_UNINSTALL_MS;
    const hasFailed = error instanceof UninstallFailure || isLate;
    const problem = errorMessage(error);
    log.warn(
      { app: record.appId, phase: record.phase, problem, hasFailed },
      'an uninstallation does not go on',
    );
    const changed: UninstallRecord = {
      ...record,
      problem,
      problemType: error instanceof UninstallFailure ? error.type : 'IncompleteUninstall',
      ...(hasFailed ? { state: 'FAILED', endedAtMs: clock.now() } : {}),
    };
    // A store that cannot be written has been logged by whoever owns it; what is in memory is true either way.
    await this.#save(changed).catch(() => undefined);
    return hasFailed;
  }

  async #save(record: UninstallRecord): Promise<void> {
    this.#records.set(record.id, record);
    const forgotten = this.#forgetOld();
    await this.#options.store.write([
      { key: record.id, value: record },
      ...forgotten.map((id) => ({ key: id, value: undefined })),
    ]);
  }

  #forgetOld(): readonly string[] {
    const ended = this.all().filter(({ state }) => state !== 'UNDER_WAY');
    const old = ended.slice(0, Math.max(0, ended.length - MOST_ENDED)).map(({ id }) => id);
    for (const id of old) this.#records.delete(id);
    return old;
  }

  #pause(delayMs: number): Promise<void> {
    const { signal } = this.#closing;
    return new Promise((resolve, reject) => {
      if (signal.aborted) return reject(signal.reason);
      const stop = (): void => {
        timer.cancel();
        reject(signal.reason);
      };
      const timer = this.#options.clock.setTimer(delayMs, () => {
        signal.removeEventListener('abort', stop);
        resolve();
      });
      signal.addEventListener('abort', stop, { once: true });
    });
  }
}
