/** Does what is about one thing one after the other, and what is about several side by side. */
export class KeyedTurns {
  readonly #latest = new Map<string, Promise<unknown>>();

  /** Settles as the step does, which begins when those before it for that key are over, however they ended. */
  run<Result>(key: string, step: () => Promise<Result>): Promise<Result> {
    const turn = (this.#latest.get(key) ?? Promise.resolve()).then(step);
    const quiet: Promise<unknown> = turn.catch(() => undefined);
    this.#latest.set(key, quiet);
    void quiet.then(() => this.#latest.get(key) === quiet && this.#latest.delete(key));
    return turn;
  }
}
