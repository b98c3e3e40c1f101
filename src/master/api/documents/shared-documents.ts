import { setMaxListeners } from 'node:events';
import { forgetFreeChunks, type LongBody, recycle } from '../../../http/long-body.ts';
import type { Clock, Timer } from '../../../runtime/clock.ts';
import { sharedSlices } from '../../../runtime/slices.ts';
import type { MasterState } from '../../core/state.ts';
import type { ClusterView, UsedBy } from './cluster-view.ts';
import { ClusterViews } from './cluster-views.ts';
import { Fragments } from './fragments.ts';

/** What is kept to make the next documents from is let go when none was asked for in this time. */
const IDLE_MS = 60_000;
/** All documents that somebody still reads may take together; then the oldest are cut off. */
const HELD_LIMIT_BYTES = 512 * 1024 * 1024;

/** Kept: the first who asks for /state would wait for seconds. */
const PREPARED_KINDS = ['v0 task', 'v0 agent'];

/** Makes a document out of a view, with pauses. */
export type MakeDocument = (view: ClusterView, fragments: Fragments) => Generator<void, LongBody>;

/** A document in the hands of somebody who reads it, to be given back. */
export interface HeldDocument {
  readonly body: LongBody;
  /** Fires when too much is held: whoever reads this one has taken too long. */
  readonly signal: AbortSignal;
  release(): void;
}

interface Batch {
  readonly onView: (() => void)[];
  readonly document: Promise<SharedDocument>;
  readers: number;
}

interface SharedDocument {
  readonly body: LongBody;
  readonly cut: AbortController;
}

/**
 * Documents about the whole state, for any number of readers. Of one kind one is made at a time. Who asks while no view was
 * taken for it yet shares it; who asks later waits for the next one, so that everybody reads of a state no older than the
 * question. It costs the event loop a few milliseconds now and then, whatever its size.
 */
export class SharedDocuments {
  readonly #views: ClusterViews;
  readonly #fragments = new Fragments();
  readonly #clock: Clock;
  readonly #heldLimitBytes: number;
  /** Batches whose view was not taken yet. */
  readonly #open = new Map<string, Batch>();
  /** By kind, the end of what is being made. */
  readonly #making = new Map<string, Promise<unknown>>();
  readonly #held = new Set<SharedDocument>();
  #idle: Timer | undefined;
  #sharedReads = 0;

  constructor({
    state,
    clock,
    heldLimitBytes,
  }: { state: MasterState; clock: Clock; heldLimitBytes?: number }) {
    this.#views = new ClusterViews(state);
    this.#clock = clock;
    this.#heldLimitBytes = heldLimitBytes ?? HELD_LIMIT_BYTES;
  }

  /** How often somebody was given what was made for another one. */
  get sharedReads(): number {
    return this.#sharedReads;
  }

  /**
   * The document of that kind; all that ask for one kind must ask with the same function. `onView` is called in the moment
   * that the document is about: what changes from then on is not in it.
   */
  async read(kind: string, make: MakeDocument, onView?: () => void): Promise<HeldDocument> {
    this.#postponeIdling();
    const open = this.#open.get(kind);
    if (open) this.#sharedReads++;
    const batch = open ?? this.#begin(kind, make);
    batch.readers++;
    if (onView) batch.onView.push(onView);
    const document = await batch.document;
    return {
      body: document.body,
      signal: document.cut.signal,
      release: () => {
        if (--batch.readers > 0) return;
        this.#held.delete(document);
        recycle(document.body);
      },
    };
  }

  /** Makes parts of documents ahead, with pauses, of kinds that are kept. */
  ahead(make: (views: ClusterViews, fragments: Fragments) => Generator<void, void>): Generator<void, void> {
    return make(this.#views, this.#fragments);
  }

  /** What frameworks hold now. */
  async usedBy(): Promise<UsedBy> {
    this.#postponeIdling();
    return sharedSlices.run(this.#views.usedBy());
  }

  close(): void {
    this.#idle?.cancel();
  }

  #begin(kind: string, make: MakeDocument): Batch {
    const onView: (() => void)[] = [];
    const takeOff = (): void => {
      if (this.#open.get(kind) === batch) this.#open.delete(kind);
    };
    const document = this.#make(kind, make, () => {
      takeOff();
      for (const tell of onView) tell();
    });
    const batch: Batch = { onView, document, readers: 0 };
    this.#open.set(kind, batch);
    document.catch(takeOff);
    const end = document.catch(() => undefined);
    this.#making.set(kind, end);
    void end.then(() => {
      if (this.#making.get(kind) === end) this.#making.delete(kind);
    });
    return batch;
  }

  async #make(kind: string, make: MakeDocument, onView: () => void): Promise<SharedDocument> {
    await this.#making.get(kind);
    const views = this.#views;
    const fragments = this.#fragments;
    const steps = function* (): Generator<void, LongBody> {
      yield* views.prepare();
      const view = views.take();
      onView();
      return yield* make(view, fragments);
    };
    const body = await sharedSlices.run(steps());
    const document = { body, cut: new AbortController() };
    setMaxListeners(0, document.cut.signal);
    this.#held.add(document);
    this.#cutOthers(document);
    return document;
  }

  #cutOthers(newest: SharedDocument): void {
    let held = [...this.#held].reduce((sum, { body }) => sum + body.length, 0);
    for (const document of this.#held) {
      if (held <= this.#heldLimitBytes || document === newest) return;
      held -= document.body.length;
      this.#held.delete(document);
      document.cut.abort();
    }
  }

  #postponeIdling(): void {
    this.#idle?.cancel();
    this.#idle = this.#clock.setTimer(IDLE_MS, () => {
      this.#fragments.keepOnly(PREPARED_KINDS);
      forgetFreeChunks();
    });
  }
}
