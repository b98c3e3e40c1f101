import type { AgentInfo, Unavailability } from '../../mesos/generated/mesos.ts';
import type { AgentCapability } from './allocator-types.ts';
import { addBags, type Bag, EMPTY_BAG, filterBag, scalarsOf, subtractBag } from './bag.ts';
import { type Abilities, type AgentTraits, canTake } from './capabilities.ts';
import { isAllocatableTo, type Kind } from './kind.ts';
import type { Quantities } from './quantities.ts';

/** What could be offered, and its scalars in thousandths. */
export interface Candidate {
  readonly bag: Bag;
  readonly scalars: Quantities;
}

/** Nothing of the agent can be offered to anybody until one of these is no longer so. */
interface Barrenness {
  readonly epoch: number;
  readonly untilMs: number;
}

/** The agent will not be available for some time; whom the outstanding inverse offers are to. */
interface Maintenance {
  readonly unavailability: Unavailability;
  readonly asked: Set<string>;
}

/** An agent and what it has, who has what of it, and what is left. */
export class AgentRecord implements AgentTraits {
  readonly id: string;
  info: AgentInfo;
  capabilities: ReadonlySet<AgentCapability>;
  isActive: boolean;
  isRemote = false;
  hasGpus = false;
  /** How many runs had it among their agents. */
  runs = 0;
  barren: Barrenness | undefined;
  maintenance: Maintenance | undefined;
  #total: Bag = EMPTY_BAG;
  #allocated: Bag = EMPTY_BAG;
  #available: Bag | undefined;
  readonly #allocations = new Map<string, Map<string, Bag>>();
  readonly #candidates = new Map<string, Candidate>();

  constructor(id: string, info: AgentInfo, capabilities: ReadonlySet<AgentCapability>, isActive: boolean) {
    this.id = id;
    this.info = info;
    this.capabilities = capabilities;
    this.isActive = isActive;
  }

  get total(): Bag {
    return this.#total;
  }

  set total(total: Bag) {
    this.#total = total;
    this.hasGpus = [...total.values()].some(({ kind }) => kind.name === 'gpus');
    this.#changed();
  }

  /** Neither offered nor allocated; shared resources always, once. */
  get available(): Bag {
    this.#available ??= subtractBag(
      this.#total,
      filterBag(this.#allocated, ({ isShared }) => !isShared),
    );
    return this.#available;
  }

  /** Whether anything of what is available may go to the role. */
  hasFor(role: string): boolean {
    for (const { kind } of this.available.values()) if (isAllocatableTo(kind, role)) return true;
    return false;
  }

  /** Offered or allocated to anybody. */
  get allocated(): Bag {
    return this.#allocated;
  }

  allocation(frameworkId: string, role: string): Bag {
    return this.#allocations.get(frameworkId)?.get(role) ?? EMPTY_BAG;
  }

  /** By framework, then by role. */
  allocations(): ReadonlyMap<string, ReadonlyMap<string, Bag>> {
    return this.#allocations;
  }

  setAllocation(frameworkId: string, role: string, bag: Bag): void {
    const roles = this.#allocations.get(frameworkId) ?? new Map<string, Bag>();
    const before = roles.get(role) ?? EMPTY_BAG;
    if (bag.size > 0) roles.set(role, bag);
    else roles.delete(role);
    if (roles.size > 0) this.#allocations.set(frameworkId, roles);
    else this.#allocations.delete(frameworkId);
    this.#allocated = addBags(subtractBag(this.#allocated, before), bag);
    this.#changed();
  }

  /** What is available to a role and can be taken by frameworks of such abilities. Kept until something changes here. */
  candidate(role: string, abilities?: Abilities): Candidate {
    const key = `${abilities?.key ?? ''} ${role}`;
    let candidate = this.#candidates.get(key);
    if (!candidate) {
      const isOffered = (kind: Kind): boolean =>
        isAllocatableTo(kind, role) && (abilities === undefined || canTake(abilities, kind));
      const bag = filterBag(this.available, isOffered);
      const all = abilities && this.candidate(role);
      candidate = all?.bag === bag ? all : { bag, scalars: scalarsOf(bag) };
      this.#candidates.set(key, candidate);
    }
    return candidate;
  }

  #changed(): void {
    this.#available = undefined;
    this.barren = undefined;
    this.#candidates.clear();
  }
}
