/** A task that is wanted and has no place yet. */
export interface WaitingTask {
  /** Virtual milliseconds since the beginning. */
  readonly sinceMs: number;
  /** The one that it takes the place of, and where that was. */
  readonly replaces?: { readonly taskId: string; readonly hostname: string };
}

/** First in, first out; taking is as quick from a long queue as from a short one. */
class Queue<Item> {
  #items: Item[] = [];
  /** What is before was taken. */
  #first = 0;

  get size(): number {
    return this.#items.length - this.#first;
  }

  add(item: Item): void {
    this.#items.push(item);
  }

  first(): Item | undefined {
    return this.#items[this.#first];
  }

  take(): Item | undefined {
    const item = this.#items[this.#first];
    if (item === undefined) return undefined;
    this.#first++;
    if (this.#first * 2 > this.#items.length) {
      this.#items = this.#items.slice(this.#first);
      this.#first = 0;
    }
    return item;
  }

  all(): Item[] {
    return this.#items.slice(this.#first);
  }
}

/** Waiting tasks of one kind, the longest first; what was lost goes before what is new. */
export class WaitingTasks {
  readonly #lost = new Queue<WaitingTask>();
  readonly #new = new Queue<WaitingTask>();

  get size(): number {
    return this.#lost.size + this.#new.size;
  }

  add(task: WaitingTask): void {
    if (task.replaces === undefined) this.#new.add(task);
    else this.#lost.add(task);
  }

  first(): WaitingTask | undefined {
    return this.#lost.first() ?? this.#new.first();
  }

  take(): WaitingTask | undefined {
    return this.#lost.take() ?? this.#new.take();
  }

  /** Those that had to leave an agent. */
  lost(): WaitingTask[] {
    return this.#lost.all();
  }
}
