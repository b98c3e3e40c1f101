/** Which layers somebody stands on right now: these are never removed. */
export class LayerUse {
  readonly #held = new Map<string, readonly string[]>();

  /** In place of what the holder held before. */
  hold(holder: string, diffIds: readonly string[]): void {
    this.#held.set(holder, diffIds);
  }

  release(holder: string): void {
    this.#held.delete(holder);
  }

  isUsed(diffId: string): boolean {
    for (const held of this.#held.values()) if (held.includes(diffId)) return true;
    return false;
  }
}
