import type { Socket } from 'node:net';
import type { Clock, Timer } from '../../runtime/clock.ts';

export type OutputName = 'STDOUT' | 'STDERR';

/** Somebody who takes the output of a command. */
export interface OutputSink {
  /** False when it has no room for more; it calls `onRoom` when it has. */
  write(name: OutputName, chunk: Buffer): boolean;
  onRoom: () => void;
  /** All is said. */
  end(): void;
  /** It is given up. */
  cut(): void;
}

/** A guest that takes nothing for so long must not keep the command waiting any longer. */
const LONGEST_STALL_MS = 30_000;

/**
 * Passes what a command prints to everybody who listens. Nothing is read before there is somebody, nor while one of them
 * has no room: the command waits then, as it would for a slow terminal, and nothing piles up here.
 */
export class OutputFan {
  readonly #sources: readonly (readonly [OutputName, Socket])[];
  readonly #clock: Clock;
  readonly #sinks = new Set<OutputSink>();
  /** Those without room; guests with the time that they have. */
  readonly #full = new Map<OutputSink, Timer | undefined>();
  /** Resolves when everything that was printed has been passed on to somebody. */
  readonly ended: Promise<void>;
  #noteListener: () => void = () => undefined;
  #isPatientWith: OutputSink | undefined;

  constructor(sources: readonly (readonly [OutputName, Socket])[], clock: Clock) {
    this.#sources = sources;
    this.#clock = clock;
    for (const [name, source] of sources) {
      source.pause();
      source.on('data', (chunk: Buffer) => this.#pass(name, chunk));
      source.on('error', () => source.destroy());
    }
    const hasListener = new Promise<void>((resolve) => {
      this.#noteListener = resolve;
    });
    const closed = sources.map(
      ([, source]) => new Promise<void>((resolve) => source.once('close', () => resolve())),
    );
    // Also that there was nothing has to be said to somebody.
    this.ended = Promise.all([hasListener, ...closed]).then(() => undefined);
  }

  /** Whether somebody keeps the command waiting. */
  get isWaiting(): boolean {
    return this.#full.size > 0 || this.#sinks.size === 0;
  }

  /** The first one is the one that the command is for: it may take as long as it likes. */
  attach(sink: OutputSink): void {
    this.#isPatientWith ??= sink;
    this.#noteListener();
    this.#sinks.add(sink);
    sink.onRoom = () => this.#hasRoom(sink);
    this.#flow();
  }

  detach(sink: OutputSink): void {
    this.#sinks.delete(sink);
    this.#hasRoom(sink);
  }

  /** Tells everybody that this was all. */
  end(): void {
    for (const sink of this.#sinks) sink.end();
    this.#sinks.clear();
    for (const timer of this.#full.values()) timer?.cancel();
    this.#full.clear();
  }

  /** Nothing more is read. */
  close(): void {
    this.#noteListener();
    for (const [, source] of this.#sources) source.destroy();
  }

  #pass(name: OutputName, chunk: Buffer): void {
    for (const sink of this.#sinks) {
      if (sink.write(name, chunk) || this.#full.has(sink)) continue;
      const timer =
        sink === this.#isPatientWith
          ? undefined
          : this.#clock.setTimer(LONGEST_STALL_MS, () => {
              this.detach(sink);
              sink.cut();
            });
      this.#full.set(sink, timer);
    }
    if (this.#full.size > 0) for (const [, source] of this.#sources) source.pause();
  }

  #hasRoom(sink: OutputSink): void {
    this.#full.get(sink)?.cancel();
    this.#full.delete(sink);
    this.#flow();
  }

  #flow(): void {
    if (this.isWaiting) return;
    for (const [, source] of this.#sources) source.resume();
  }
}
