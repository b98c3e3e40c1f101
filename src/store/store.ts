/** A change of one key; a value of undefined removes it. Values are JSON. */
export interface Change {
  key: string;
  value: unknown;
}

/**
 * Durable state of one server: a map from keys to JSON values. Keys are paths such as `apps/web/2026-01-01`; they sort by
 * their bytes. Reads see everything that was acknowledged; what is still being written they may see or not.
 */
export interface Store {
  get(key: string): unknown;
  /** Entries whose key starts with the prefix, in key order. */
  range(prefix: string): Iterable<{ key: string; value: unknown }>;
  /**
   * Applies all changes or none. Resolves once they survive power loss; writes that are under way together share one
   * flush. Rejects when the disk refuses (full, read-only), and then nothing was changed.
   */
  write(changes: readonly Change[]): Promise<void>;
  /** The same store under a prefix of its own. */
  within(prefix: string): Store;
}

/** A store together with the resource behind it. */
export interface OpenStore extends Store {
  /** Waits for writes under way and lets the files go. */
  close(): Promise<void>;
}
