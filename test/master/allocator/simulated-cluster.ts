import {
  type AllocatedOffer,
  type AllocationOwner,
  Allocator,
  type AllocatorOptions,
  type FrameworkCapability,
} from '../../../src/master/allocator/allocator.ts';
import type { OfferOperation, Resource } from '../../../src/mesos/generated/mesos.ts';
import { addResources, subtractResources } from '../../../src/mesos/resources/arithmetic.ts';
import { conversionOf } from '../../../src/mesos/resources/conversion.ts';
import { parseResources } from '../../../src/mesos/resources/parse-text.ts';
import type { Random } from '../../../src/runtime/random.ts';
import { mountDisk, reserved, revocable } from './resources.ts';
import { AGENT_CAPABILITIES, describe } from './scenario.ts';

export interface Held extends AllocationOwner {
  /** Without `allocation_info`. */
  resources: Resource[];
}

export const ROLES = ['*', 'a', 'a/b', 'a/b/c', 'a/d', 'e', 'e/f', 'g'];
export const TOP_LEVEL_ROLES = ['*', 'a', 'e', 'g'];
const CAPABILITIES = [
  'SHARED_RESOURCES',
  'REVOCABLE_RESOURCES',
  'RESERVATION_REFINEMENT',
  'GPU_RESOURCES',
] as const satisfies FrameworkCapability[];
const MAX_AGENTS = 8;
const MAX_FRAMEWORKS = 6;

/**
 * Does things at random to an allocator, as a master might, and keeps its own books of who has what. With a twin: another
 * allocator that hears of everything too, and must make the same offers.
 */
export class SimulatedCluster {
  readonly allocator: Allocator;
  readonly #twin: Allocator | undefined;
  readonly #random: Random;
  readonly agentIds = new Set<string>();
  readonly frameworkIds = new Set<string>();
  readonly #held = new Map<string, Held>();
  readonly offers: AllocatedOffer[] = [];
  nowMs = 0;
  #ids = 0;

  constructor(random: Random, options: AllocatorOptions, twin?: Allocator) {
    this.#random = random;
    this.allocator = new Allocator(options);
    this.#twin = twin;
  }

  get held(): readonly Held[] {
    return [...this.#held.values()];
  }

  /** Does one thing, and says what. */
  step(): string {
    const steps: [number, string, () => void][] = [
      [4, 'agent added', () => this.#addAgent()],
      [1, 'agent removed', () => this.#removeAgent()],
      [2, 'agent changed', () => this.#flipAgent()],
      [3, 'framework added', () => this.#addFramework()],
      [1, 'framework removed', () => this.#removeFramework()],
      [2, 'framework changed', () => this.#changeFramework()],
      [8, 'tick', () => this.run()],
      [3, 'run of one agent', () => this.run(this.#pick([...this.agentIds]))],
      [10, 'given back', () => this.#giveBack()],
      [6, 'operation', () => this.#operate()],
      [2, 'quota', () => this.#setQuota()],
      [1, 'weight', () => this.#setWeight()],
    ];
    const byWeight = steps.flatMap((step) => Array<typeof step>(step[0]).fill(step));
    const [, name, doStep] = this.#pick(byWeight) ?? [0, '', () => undefined];
    doStep();
    return name;
  }

  /** Offers that are made in the run are in `offers`. */
  run(agentId?: string): void {
    if (agentId === undefined) this.nowMs += 1000;
    const agentIds = agentId === undefined ? undefined : new Set([agentId]);
    this.offers.splice(0, this.offers.length, ...this.allocator.allocate(this.nowMs, agentIds));
    const others = this.#twin?.allocate(this.nowMs, agentIds);
    if (others && JSON.stringify(others) !== JSON.stringify(this.offers)) {
      throw new Error(`The twin offers ${JSON.stringify(others)}, not ${JSON.stringify(this.offers)}`);
    }
    for (const offer of this.offers) {
      const resources = offer.resources.map(({ allocation_info: _role, ...resource }) => resource);
      this.#keep({ ...offer, resources: addResources(this.#of(offer).resources, resources) });
    }
  }

  /** Everybody gives everything back, and all go. */
  clear(): void {
    for (const held of this.held) this.#recover(held, held.resources, 0);
    for (const id of this.frameworkIds) this.#both((allocator) => allocator.removeFramework(id));
    for (const id of this.agentIds) this.#both((allocator) => allocator.removeAgent(id));
    for (const role of ROLES) {
      this.#both((allocator) => {
        allocator.setQuota(role, undefined);
        allocator.setWeight(role, undefined);
      });
    }
  }

  #addAgent(): void {
    if (this.agentIds.size >= MAX_AGENTS) return;
    const id = `A${this.#ids++}`;
    const total = [
      ...parseResources(`cpus:${this.#upTo(8)};mem:${this.#upTo(8) * 128};disk:${this.#upTo(1000)}`),
      ...(this.#chance(0.5) ? parseResources(`ports:[1-${this.#upTo(100)}]`) : []),
      ...(this.#chance(0.4)
        ? reserved(`cpus:${this.#upTo(4)};mem:256`, this.#pick(ROLES.slice(1)) ?? 'a')
        : []),
      ...(this.#chance(0.2) ? reserved('cpus:2;mem:64', 'a', 'a/b') : []),
      ...(this.#chance(0.3) ? [mountDisk('/m', this.#upTo(100))] : []),
      ...(this.#chance(0.2) ? [revocable('cpus', this.#upTo(4))] : []),
      ...(this.#chance(0.1) ? parseResources('gpus:1') : []),
    ];
    this.#both((allocator) =>
      allocator.addAgent(id, { info: { hostname: id }, capabilities: AGENT_CAPABILITIES, total }),
    );
    this.agentIds.add(id);
    this.run(id);
  }

  #removeAgent(): void {
    const id = this.#pick([...this.agentIds]);
    if (id === undefined) return;
    this.agentIds.delete(id);
    for (const held of this.held.filter(({ agentId }) => agentId === id))
      this.#keep({ ...held, resources: [] });
    this.#both((allocator) => allocator.removeAgent(id));
  }

  #flipAgent(): void {
    const id = this.#pick([...this.agentIds]);
    if (id === undefined) return;
    const isActive = this.#chance(0.7);
    const attributes = [{ name: 'level', type: 'SCALAR' as const, scalar: { value: this.#upTo(3) } }];
    this.#both((allocator) => {
      allocator[isActive ? 'activateAgent' : 'deactivateAgent'](id);
      allocator.updateAgent(id, { info: { hostname: id, attributes } });
    });
  }

  #addFramework(): void {
    if (this.frameworkIds.size >= MAX_FRAMEWORKS) return;
    const id = `f${this.#ids++}`;
    const settings = this.#settings();
    this.#both((allocator) => allocator.addFramework(id, { ...settings, isActive: true }));
    this.frameworkIds.add(id);
    this.run();
  }

  #settings() {
    const roles = ROLES.filter(() => this.#chance(0.3));
    return {
      roles,
      suppressedRoles: roles.filter(() => this.#chance(0.1)),
      capabilities: new Set(['MULTI_ROLE' as const, ...CAPABILITIES.filter(() => this.#chance(0.5))]),
    };
  }

  /** With or without giving back first what it has. */
  #removeFramework(): void {
    const id = this.#pick([...this.frameworkIds]);
    if (id === undefined) return;
    const held = this.held.filter(({ frameworkId }) => frameworkId === id);
    if (this.#chance(0.5)) for (const one of held) this.#recover(one, one.resources, 0);
    this.frameworkIds.delete(id);
    this.#both((allocator) => allocator.removeFramework(id));
  }

  #changeFramework(): void {
    const id = this.#pick([...this.frameworkIds]);
    if (id === undefined) return;
    const role = this.#pick(ROLES) ?? '*';
    const settings = this.#settings();
    const changes: ((allocator: Allocator) => void)[] = [
      (allocator) => allocator.updateFramework(id, settings),
      (allocator) => allocator.suppress(id, [role]),
      (allocator) => allocator.revive(id),
      (allocator) => allocator.revive(id, [role]),
      (allocator) => allocator.deactivateFramework(id),
      (allocator) => allocator.activateFramework(id),
    ];
    this.#both(this.#pick(changes) ?? (() => undefined));
  }

  #giveBack(): void {
    const held = this.#pick(this.held);
    if (!held) return;
    const refuseMs = this.#chance(0.5) ? this.#upTo(5000) : 0;
    const resources = this.#chance(0.5) ? held.resources : held.resources.filter(() => this.#chance(0.5));
    this.#recover(held, resources, refuseMs);
  }

  /** Reserves, unreserves, creates or destroys one of the resources that somebody has or, for the operator, nobody. */
  #operate(): void {
    const held = this.#pick(this.held);
    const agentId = this.#pick([...this.agentIds]);
    if (agentId !== undefined && this.#chance(0.3)) {
      const operation = this.#operationOn(
        this.#pick(this.allocator.available(agentId)),
        this.#pick(ROLES) ?? '*',
      );
      if (operation) this.#both((allocator) => allocator.updateAvailable(agentId, [conversionOf(operation)]));
    } else if (held) {
      const operation = this.#operationOn(this.#pick(held.resources), held.role);
      if (!operation) return;
      const conversion = conversionOf(operation);
      this.#both((allocator) => allocator.updateAllocation(held, [conversion]));
      const left = subtractResources(held.resources, conversion.consumed) ?? [];
      this.#keep({ ...held, resources: addResources(left, conversion.converted) });
    }
  }

  #operationOn(resource: Resource | undefined, role: string): OfferOperation | undefined {
    if (!resource || resource.revocable || resource.shared || resource.disk?.source) return undefined;
    if (resource.disk?.persistence) return { type: 'DESTROY', destroy: { volumes: [resource] } };
    const last = resource.reservations?.at(-1);
    if (resource.name === 'disk' && last && this.#chance(0.7)) {
      const shared = this.#chance(0.5) ? { shared: {} } : {};
      const disk = { persistence: { id: `v${this.#ids++}` } };
      return { type: 'CREATE', create: { volumes: [{ ...resource, disk, ...shared }] } };
    }
    if (last?.type === 'DYNAMIC') return { type: 'UNRESERVE', unreserve: { resources: [resource] } };
    if (last || role === '*') return undefined;
    const reservations = [{ type: 'DYNAMIC' as const, role }];
    return { type: 'RESERVE', reserve: { resources: [{ ...resource, reservations }] } };
  }

  #setQuota(): void {
    const role = this.#pick(TOP_LEVEL_ROLES) ?? '*';
    const guarantees = this.#chance(0.7) ? { cpus: this.#upTo(6), mem: this.#upTo(6) * 128 } : {};
    const limits = this.#chance(0.7) ? { cpus: 6 + this.#upTo(6), disk: this.#upTo(900) } : {};
    const quota = this.#chance(0.3) ? undefined : { guarantees, limits };
    this.#both((allocator) => allocator.setQuota(role, quota));
  }

  #setWeight(): void {
    const role = this.#pick(ROLES) ?? '*';
    const weight = this.#chance(0.3) ? undefined : this.#upTo(5);
    this.#both((allocator) => allocator.setWeight(role, weight));
  }

  #recover(held: Held, resources: Resource[], refuseMs: number): void {
    const allocated = resources.map((resource) => ({ ...resource, allocation_info: { role: held.role } }));
    const recovered = { ...held, resources: allocated, refuseMs, nowMs: this.nowMs };
    this.#both((allocator) => allocator.recoverResources(recovered));
    const left = subtractResources(held.resources, resources);
    if (!left) throw new Error(`${describe(resources)} is not part of ${describe(held.resources)}`);
    this.#keep({ ...held, resources: left });
  }

  #both(change: (allocator: Allocator) => void): void {
    change(this.allocator);
    if (this.#twin) change(this.#twin);
  }

  #of({ frameworkId, agentId, role }: AllocationOwner): Held {
    return this.#held.get(keyOf(frameworkId, agentId, role)) ?? { frameworkId, agentId, role, resources: [] };
  }

  #keep({ frameworkId, agentId, role, resources }: Held): void {
    const key = keyOf(frameworkId, agentId, role);
    if (resources.length > 0) this.#held.set(key, { frameworkId, agentId, role, resources });
    else this.#held.delete(key);
  }

  #chance(part: number): boolean {
    return this.#random.next() < part;
  }

  /** From 1. */
  #upTo(most: number): number {
    return 1 + Math.floor(this.#random.next() * most);
  }

  #pick<Item>(items: readonly Item[]): Item | undefined {
    return items[Math.floor(this.#random.next() * items.length)];
  }
}

const keyOf = (...parts: string[]): string => parts.join(' ');
