/** What has to be undone at the end, or when a start fails halfway: the latest first. */
export class Closing {
  readonly #actions: (() => unknown)[] = [];

  add(action: () => unknown): void {
    this.#actions.push(action);
  }

  /** Runs every action once, whatever becomes of the others; rejects with the first error. */
  async run(): Promise<void> {
    let failure: { error: unknown } | undefined;
    for (const action of this.#actions.splice(0).reverse()) {
      try {
        await action();
      } catch (error) {
        failure ??= { error };
      }
    }
    if (failure) throw failure.error;
  }
}
