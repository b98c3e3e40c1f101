import type { ContainerNews } from '../core/effect.ts';

type Listener = (news: ContainerNews) => void;

/** Tells those who wait for containers what has become of them, once that is durable. */
export class ContainerNewsDesk {
  readonly #listeners = new Map<string, Set<Listener>>();

  /** Gives the function that stops it. */
  listen(key: string, listener: Listener): () => void {
    const listeners = this.#listeners.get(key) ?? new Set();
    this.#listeners.set(key, listeners);
    listeners.add(listener);
    return () => {
      listeners.delete(listener);
      if (listeners.size === 0 && this.#listeners.get(key) === listeners) this.#listeners.delete(key);
    };
  }

  tell(key: string, news: ContainerNews): void {
    for (const listener of [...(this.#listeners.get(key) ?? [])]) listener(news);
  }
}
