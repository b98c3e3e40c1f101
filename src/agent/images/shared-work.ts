/** Work that several ask for at once is done once, and ends early only when nobody wants it any more. */
export class SharedWork<Result> {
  readonly #running = new Map<string, { result: Promise<Result>; abort: AbortController; waiting: number }>();

  /** Rejects with the signal's reason as soon as it is aborted; the others' work goes on. */
  async run(
    key: string,
    signal: AbortSignal,
    work: (signal: AbortSignal) => Promise<Result>,
  ): Promise<Result> {
    signal.throwIfAborted();
    const running = this.#running.get(key) ?? this.#start(key, work);
    running.waiting++;
    let onAbort = (): void => undefined;
    const aborted = new Promise<never>((_resolve, reject) => {
      onAbort = () => reject(signal.reason);
      signal.addEventListener('abort', onAbort, { once: true });
    });
    try {
      return await Promise.race([running.result, aborted]);
    } finally {
      signal.removeEventListener('abort', onAbort);
      running.waiting--;
      if (running.waiting === 0) {
        // Whoever asks from now on must not be given what is being broken off.
        if (this.#running.get(key) === running) this.#running.delete(key);
        running.abort.abort(signal.aborted ? signal.reason : undefined);
        if (signal.aborted) await running.result.catch(() => undefined);
      }
    }
  }

  #start(key: string, work: (signal: AbortSignal) => Promise<Result>) {
    const abort = new AbortController();
    const running = { result: work(abort.signal), abort, waiting: 0 };
    running.result.catch(() => undefined);
    this.#running.set(key, running);
    return running;
  }
}

/** Lets so many work at a time; the others wait for their turn. */
export class Turns {
  readonly #waiting: (() => void)[] = [];
  #free: number;

  constructor(places: number) {
    this.#free = places;
  }

  async run<Result>(work: () => Promise<Result>): Promise<Result> {
    if (this.#free > 0) this.#free--;
    else await new Promise<void>((resolve) => this.#waiting.push(resolve));
    try {
      return await work();
    } finally {
      const next = this.#waiting.shift();
      if (next) next();
      else this.#free++;
    }
  }
}
