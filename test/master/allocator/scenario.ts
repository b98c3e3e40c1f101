import {
  type AgentChange,
  type AllocatedOffer,
  Allocator,
  type AllocatorOptions,
  type NewAgent,
  type NewFramework,
} from '../../../src/master/allocator/allocator.ts';
import type { OfferOperation, Resource } from '../../../src/mesos/generated/mesos.ts';
import { conversionOf } from '../../../src/mesos/resources/conversion.ts';
import { parseResources } from '../../../src/mesos/resources/parse-text.ts';
import { rangesText } from '../../../src/mesos/resources/summary.ts';

/** All that agents can have. */
export const AGENT_CAPABILITIES: NewAgent['capabilities'] = new Set([
  'MULTI_ROLE',
  'HIERARCHICAL_ROLE',
  'RESERVATION_REFINEMENT',
  'RESIZE_VOLUME',
]);

type Text = string | Resource[];
type AgentSettings = Partial<NewAgent> & { hostname?: string };
type Capability =
  | 'REVOCABLE_RESOURCES'
  | 'GPU_RESOURCES'
  | 'SHARED_RESOURCES'
  | 'RESERVATION_REFINEMENT'
  | 'REGION_AWARE';
type FrameworkExtras = Omit<Partial<NewFramework>, 'capabilities'> & { capabilities?: readonly Capability[] };

/**
 * A cluster of which only the allocator is real. What happens in it runs the allocator when a master would (mesos.md 5.2), and is
 * answered with the offers that were made: `A->f` when all of the agent was offered, or `A->f cpus:1;mem:10` for a part of it.
 */
export class Scenario {
  readonly allocator: Allocator;
  nowMs = 0;
  readonly #intervalMs: number;
  readonly #totals = new Map<string, Resource[]>();
  readonly #rolesOf = new Map<string, readonly string[]>();

  constructor(options: AllocatorOptions = {}) {
    this.allocator = new Allocator(options);
    this.#intervalMs = options.allocationIntervalMs ?? 1000;
  }

  addAgent(id: string, total: Text, settings: AgentSettings = {}): string[] {
    const { hostname = id, ...agent } = settings;
    const resources = resourcesOf(total);
    this.#totals.set(id, resources);
    this.allocator.addAgent(id, {
      info: { hostname },
      capabilities: AGENT_CAPABILITIES,
      ...agent,
      total: resources,
    });
    return this.run(id);
  }

  updateAgent(id: string, { total, ...change }: Omit<AgentChange, 'total'> & { total?: Text }): string[] {
    const resources = total === undefined ? {} : { total: resourcesOf(total) };
    if (resources.total) this.#totals.set(id, resources.total);
    this.allocator.updateAgent(id, { ...change, ...resources });
    return this.run(id);
  }

  /** `f@role1,role2`; always MULTI_ROLE. */
  addFramework(text: string, settings: FrameworkExtras = {}): string[] {
    const { id, ...framework } = this.#settings(text, settings);
    this.allocator.addFramework(id, { isActive: true, ...framework });
    return this.run();
  }

  /** Runs nothing: an UPDATE_FRAMEWORK does not either. */
  updateFramework(text: string, settings: FrameworkExtras = {}): void {
    const { id, ...framework } = this.#settings(text, settings);
    this.allocator.updateFramework(id, framework);
  }

  /** One allocation interval passes. */
  tick(): string[] {
    this.nowMs += this.#intervalMs;
    return this.run();
  }

  run(...agentIds: string[]): string[] {
    const offers = this.allocator.allocate(this.nowMs, agentIds.length > 0 ? new Set(agentIds) : undefined);
    return offers.map((offer) => this.#describe(offer)).sort();
  }

  /** Everything that the framework has of an agent comes back: `A->f`, or `A->f@role` for one of several roles. */
  giveAllBack(whose: string, refuseMs?: number): void {
    const owner = this.#owner(whose);
    this.#recover(owner, this.allocator.allocation(owner), refuseMs);
  }

  giveBack(whose: string, resources: Text, refuseMs?: number): void {
    const owner = this.#owner(whose);
    const allocated = resourcesOf(resources).map((resource) => ({
      ...resource,
      allocation_info: { role: owner.role },
    }));
    this.#recover(owner, allocated, refuseMs);
  }

  /** The framework does an operation with what it has. */
  accept(whose: string, operation: OfferOperation): void {
    const owner = this.#owner(whose);
    this.allocator.updateAllocation(owner, [conversionOf(operation)]);
    this.#setTotal(owner.agentId);
  }

  /** An operator does an operation with what nobody has. */
  operate(agentId: string, operation: OfferOperation): boolean {
    const isDone = this.allocator.updateAvailable(agentId, [conversionOf(operation)]);
    if (isDone) this.#setTotal(agentId);
    return isDone;
  }

  /** A guarantee and limit in one, as `cpus:1;mem:512`. */
  setQuota(role: string, amounts: string): void {
    this.allocator.setQuota(role, { guarantees: amountsOf(amounts), limits: amountsOf(amounts) });
  }

  allocation(whose: string): string {
    return describe(this.allocator.allocation(this.#owner(whose)));
  }

  #recover(owner: Owner, resources: Resource[], refuseMs: number | undefined): void {
    this.allocator.recoverResources({
      ...owner,
      resources,
      nowMs: this.nowMs,
      ...(refuseMs === undefined ? {} : { refuseMs }),
    });
  }

  #settings(text: string, { capabilities = [], ...settings }: FrameworkExtras) {
    const [id = '', roles = ''] = text.split('@');
    const list = roles === '' ? [] : roles.split(',');
    this.#rolesOf.set(id, list);
    return {
      roles: list,
      ...settings,
      id,
      capabilities: new Set(['MULTI_ROLE' as const, ...capabilities]),
    };
  }

  #owner(whose: string): Owner {
    const [agentId = '', to = ''] = whose.split('->');
    const [frameworkId = '', role = this.#rolesOf.get(frameworkId)?.[0] ?? ''] = to.split('@');
    return { frameworkId, agentId, role };
  }

  /** Operations leave the agent with everything that is allocated and available. */
  #setTotal(agentId: string): void {
    this.#totals.set(agentId, this.allocator.total(agentId));
  }

  #describe({ agentId, frameworkId, role, resources }: AllocatedOffer): string {
    const [ofRole] = this.#rolesOf.get(frameworkId)?.length === 1 ? [''] : [`@${role}`];
    const offered = describe(resources);
    const isAll = offered === describe(this.#totals.get(agentId) ?? []);
    return `${agentId}->${frameworkId}${ofRole}${isAll ? '' : ` ${offered}`}`;
  }
}

interface Owner {
  frameworkId: string;
  agentId: string;
  role: string;
}

export const amountsOf = (text: string): Record<string, number> =>
  Object.fromEntries(parseResources(text).map(({ name, scalar }) => [name, scalar?.value ?? 0]));

const resourcesOf = (text: Text): Resource[] => (typeof text === 'string' ? parseResources(text) : text);

/** `cpus(role):1;disk(role)[volume]:5`, in the order of the alphabet. */
export const describe = (resources: readonly Resource[]): string =>
  resources.map(describeOne).sort().join(';');

const describeOne = (resource: Resource): string => {
  const { name, reservations = [], disk, revocable, shared, scalar, type, set } = resource;
  const roles = reservations.map(({ role }) => role).join('>');
  const place = disk?.persistence?.id ?? disk?.source?.mount?.root;
  const ranges = type === 'RANGES' ? rangesText([resource], name) : undefined;
  const value = ranges ?? set?.item?.join(',') ?? scalar?.value;
  return [
    name,
    roles === '' ? '' : `(${roles})`,
    place === undefined ? '' : `[${place}]`,
    revocable ? '{REV}' : '',
    shared ? '<SHARED>' : '',
    `:${value}`,
  ].join('');
};
