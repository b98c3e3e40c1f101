/**
 * What was made of parts that never change: tasks, offers, views of agents. A part that is replaced takes what was made of it
 * along, and when nobody has read for a while most is let go.
 */
export class Fragments {
  readonly #kinds = new Map<string, WeakMap<object, unknown>>();

  /** What `make` gives for the part, which may be made of fragments itself; `kind` names the function. */
  of<Part extends object, Fragment>(
    kind: string,
    part: Part,
    make: (part: Part, fragments: Fragments) => Fragment,
  ): Fragment {
    let made = this.#kinds.get(kind);
    if (!made) {
      made = new WeakMap();
      this.#kinds.set(kind, made);
    }
    // Under a kind stands what its function gave.
    const known = made.get(part) as Fragment | undefined;
    if (known !== undefined) return known;
    const fragment = make(part, this);
    made.set(part, fragment);
    return fragment;
  }

  /** Lets go of all but what is of these kinds. */
  keepOnly(kinds: readonly string[]): void {
    for (const kind of [...this.#kinds.keys()]) if (!kinds.includes(kind)) this.#kinds.delete(kind);
  }
}
