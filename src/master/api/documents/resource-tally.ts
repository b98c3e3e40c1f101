import type { Resource, ValueRange } from '../../../mesos/generated/mesos.ts';
import { identityOf, isWhole } from '../../../mesos/resources/arithmetic.ts';

/** Changes of how many holders a number has, by the number: between two of them all numbers have as many. */
type Steps = Map<number, number>;

interface Entry {
  /** Any of those that were added: they differ in nothing but the amount. */
  readonly example: Resource;
  holders: number;
  thousandths: number;
  readonly steps: Steps;
  readonly items: Map<string, number>;
}

/**
 * A sum of resources that parts can be taken out of again, so that the sum over a hundred thousand tasks costs nothing when
 * one of them ends. `resources` gives what `addResources` would of all parts.
 */
export class ResourceTally {
  readonly #entries = new Map<string, Entry>();
  #sum: readonly Resource[] | undefined = [];

  add(resources: readonly Resource[]): void {
    for (const resource of resources) this.#change(resource, 1);
  }

  /** Of something that was added. */
  remove(resources: readonly Resource[]): void {
    for (const resource of resources) this.#change(resource, -1);
  }

  get isEmpty(): boolean {
    return this.#entries.size === 0;
  }

  get resources(): readonly Resource[] {
    return this.sumUp();
  }

  /** Does now what `resources` takes time for. */
  sumUp(): readonly Resource[] {
    this.#sum ??= [...this.#entries.values()].flatMap(shownOf);
    return this.#sum;
  }

  #change(resource: Resource, sign: 1 | -1): void {
    this.#sum = undefined;
    const identity = identityOf(resource);
    const known = this.#entries.get(identity);
    const entry = known ?? {
      example: resource,
      holders: 0,
      thousandths: 0,
      steps: new Map(),
      items: new Map(),
    };
    if (!known) this.#entries.set(identity, entry);
    entry.holders += sign;
    if (entry.holders === 0) {
      this.#entries.delete(identity);
      return;
    }
    entry.thousandths += sign * Math.round((resource.scalar?.value ?? 0) * 1000);
    for (const { begin, end } of resource.ranges?.range ?? []) {
      raise(entry.steps, begin, sign);
      raise(entry.steps, end + 1, -sign);
    }
    for (const item of resource.set?.item ?? []) raise(entry.items, item, sign);
  }
}

const raise = <Key>(counts: Map<Key, number>, key: Key, by: number): void => {
  const count = (counts.get(key) ?? 0) + by;
  if (count === 0) counts.delete(key);
  else counts.set(key, count);
};

const shownOf = ({ example, holders, thousandths, steps, items }: Entry): Resource[] => {
  if (isWhole(example)) return Array.from({ length: holders }, () => example);
  if (example.type === 'SCALAR') return [{ ...example, scalar: { value: thousandths / 1000 } }];
  if (example.type === 'SET') return [{ ...example, set: { item: [...items.keys()] } }];
  return [{ ...example, ranges: { range: rangesOf(steps) } }];
};

/** The stretches in which a number has any holder. */
const rangesOf = (steps: Steps): ValueRange[] => {
  const ranges: ValueRange[] = [];
  let holders = 0;
  let begin = 0;
  for (const [number, change] of [...steps].sort(([one], [other]) => one - other)) {
    const before = holders;
    holders += change;
    if (before === 0) begin = number;
    else if (holders === 0) ranges.push({ begin, end: number - 1 });
  }
  return ranges;
};
