/** Which containers use what belongs to another one, such as its network namespace. */
export class Members {
  readonly #byOwner = new Map<string, Set<string>>();

  owners(): Set<string> {
    return new Set(this.#byOwner.keys());
  }

  ownerOf(containerId: string): string | undefined {
    return [...this.#byOwner].find(([, ids]) => ids.has(containerId))?.[0];
  }

  add(ownerId: string, containerId: string): void {
    this.#byOwner.set(ownerId, (this.#byOwner.get(ownerId) ?? new Set()).add(containerId));
  }

  has(ownerId: string): boolean {
    return this.#byOwner.has(ownerId);
  }

  /** The owner of a container that is gone, when that was the last one of its. */
  remove(containerId: string): string | undefined {
    const ownerId = this.ownerOf(containerId);
    if (ownerId === undefined) return undefined;
    const ids = this.#byOwner.get(ownerId);
    ids?.delete(containerId);
    if (ids?.size !== 0) return undefined;
    this.#byOwner.delete(ownerId);
    return ownerId;
  }
}
