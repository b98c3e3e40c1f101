import type { Clock } from '../runtime/clock.ts';
import { pause } from '../runtime/clock.ts';
import { errorMessage } from '../runtime/error-message.ts';
import type { Log } from '../runtime/log.ts';
import type { Finding } from '../universe/authoring/lint/finding.ts';
import { type BuiltPackages, buildPackages } from '../universe/building/build-packages.ts';
import type { MirrorManifest } from '../universe/mirroring/mirror-manifest.ts';
import type { TreeSource } from './tree-source.ts';

/** What is served at one moment. It is replaced as a whole. */
export interface ServedState extends BuiltPackages {
  readonly signature: string;
  /** In ms since 1970. */
  readonly sinceMs: number;
  /** What is hosted beside the packages, if they are a mirror. */
  readonly mirror: MirrorManifest | undefined;
}

export interface UniverseStatus extends ServedState {
  /** Why what the repository holds now is not served. Undefined: it is. */
  readonly trouble: string | undefined;
}

/** A folder that is being written is taken once it has been still for this long. */
const STILL_MS = 250;
const MOST_LOOKS = 40;
const MOST_DEFECTS_TOLD = 5;

/**
 * Follows a repository. A new state is built beside the one that is served and takes its place whole; one that is broken
 * does not: what was good goes on being served, and why is said. Broken packages that were there from the start are left
 * out, as there is nothing better to serve.
 */
export class ServedUniverse {
  readonly #source: TreeSource;
  readonly #clock: Clock;
  readonly #log: Log;
  #state: ServedState;
  #trouble: string | undefined;
  /** Of a state that was found broken, so that it is not built again and again. */
  #refused: string | undefined;
  #timer: { cancel(): void } | undefined;
  #isClosed = false;

  private constructor(
    source: TreeSource,
    { clock, log, first }: { clock: Clock; log: Log; first: ServedState },
  ) {
    this.#source = source;
    this.#clock = clock;
    this.#log = log;
    this.#state = first;
  }

  /** Reads the repository for the first time. Throws RepositoryError when it cannot be read. */
  static async open(
    source: TreeSource,
    {
      clock,
      log,
      intervalMs = source.usualIntervalMs,
    }: { clock: Clock; log: Log; intervalMs?: number | undefined },
  ): Promise<ServedUniverse> {
    const { signature, read, mirror } = await source.look();
    const first = { signature, mirror, ...(await buildPackages(await read())), sinceMs: clock.now() };
    const universe = new ServedUniverse(source, { clock, log, first });
    for (const defect of first.defects) log.warn({ ...defect }, 'a package is left out');
    universe.#followEvery(intervalMs);
    return universe;
  }

  get state(): ServedState {
    return this.#state;
  }

  status(): UniverseStatus {
    return { ...this.#state, trouble: this.#trouble };
  }

  close(): void {
    this.#isClosed = true;
    this.#timer?.cancel();
  }

  /** Looks now. Resolves once what is there is served, or was refused. */
  async refresh(): Promise<void> {
    try {
      const looked = await this.#stillState();
      if (looked.signature === this.#state.signature) return this.#recover();
      if (looked.signature === this.#refused) return;
      const built = await buildPackages(await looked.read(), this.#state.revisions);
      const added = built.defects.filter((defect) => !this.#knows(defect));
      if (added.length > 0) {
        this.#refused = looked.signature;
        return this.#refuse(
          added.map(({ file, line, column, message }) => `${file}:${line}:${column}: ${message}`),
        );
      }
      const { signature, mirror } = looked;
      this.#state = { signature, mirror, ...built, sinceMs: this.#clock.now() };
      this.#log.info({ revisions: built.packages.length }, 'a new state of the repository is served');
      this.#recover();
    } catch (error) {
      this.#refuse([errorMessage(error)]);
    }
  }

  #knows({ file, message }: Finding): boolean {
    return this.#state.defects.some((known) => known.file === file && known.message === message);
  }

  /** A folder is written file by file: it is looked at until it has stopped changing. */
  async #stillState(): ReturnType<TreeSource['look']> {
    let state = await this.#source.look();
    for (let look = 0; state.signature !== this.#state.signature && look < MOST_LOOKS; look++) {
      await pause(this.#clock, STILL_MS);
      const next = await this.#source.look();
      if (next.signature === state.signature) break;
      state = next;
    }
    return state;
  }

  #refuse(reasons: readonly string[]): void {
    const told = reasons.slice(0, MOST_DEFECTS_TOLD);
    const trouble = [
      ...told,
      ...(reasons.length > told.length ? [`and ${reasons.length - told.length} more`] : []),
    ].join('; ');
    if (trouble !== this.#trouble) {
      this.#log.warn({ trouble }, 'the repository as it is now is not served: the last good state is');
    }
    this.#trouble = trouble;
  }

  #recover(): void {
    if (this.#trouble !== undefined) this.#log.info({}, 'the repository is served as it is again');
    this.#trouble = undefined;
    this.#refused = undefined;
  }

  #followEvery(intervalMs: number): void {
    this.#timer = this.#clock.setTimer(intervalMs, () => {
      void this.refresh().then(() => {
        if (!this.#isClosed) this.#followEvery(intervalMs);
      });
    });
  }
}
