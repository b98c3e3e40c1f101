import { ancestorRoles } from '../../mesos/role-name.ts';
import type { Quota } from './allocator-types.ts';
import {
  increaseAll,
  type MutableQuantities,
  type Quantities,
  quantitiesOf,
  shortfall,
  toThousandths,
} from './quantities.ts';

/** A quota in thousandths. */
export interface RoleQuota {
  /** Without those of zero, which are none. */
  readonly guarantees: Quantities;
  /** A limit of zero is one. */
  readonly limits: Quantities;
  readonly asGiven: Quota;
}

export interface RoleNode {
  readonly role: string;
  readonly parent: RoleNode | undefined;
  childCount: number;
  weight: number | undefined;
  quota: RoleQuota | undefined;
  readonly frameworkIds: Set<string>;
  /** Scalars reserved to the subtree, allocated or not. */
  readonly reserved: MutableQuantities;
  /** Scalars offered or allocated to the subtree that are neither reserved nor revocable. */
  readonly unreserved: MutableQuantities;
}

/** Roles that have frameworks, a quota, a weight, reservations or resources, and the roles above them (mesos.md 5.1). */
export class RoleTree {
  readonly #roles = new Map<string, RoleNode>();
  readonly #withQuota = new Map<string, RoleNode>();

  get(role: string): RoleNode | undefined {
    return this.#roles.get(role);
  }

  all(): RoleNode[] {
    return [...this.#roles.values()];
  }

  /** Roles with a quota; there are none below the top level (3.4). */
  withQuota(): ReadonlyMap<string, RoleNode> {
    return this.#withQuota;
  }

  setQuota(role: string, quota: Quota | undefined): void {
    const node = this.#ensure(role);
    if (quota && Object.keys({ ...quota.guarantees, ...quota.limits }).length > 0) {
      const guarantees = Object.entries(quota.guarantees).filter(([, amount]) => toThousandths(amount) > 0);
      node.quota = {
        guarantees: quantitiesOf(Object.fromEntries(guarantees)),
        limits: quantitiesOf(quota.limits),
        asGiven: { guarantees: { ...quota.guarantees }, limits: { ...quota.limits } },
      };
      this.#withQuota.set(role, node);
    } else {
      node.quota = undefined;
      this.#withQuota.delete(role);
      this.#prune(node);
    }
  }

  setWeight(role: string, weight: number | undefined): void {
    const node = this.#ensure(role);
    node.weight = weight;
    this.#prune(node);
  }

  addFramework(role: string, frameworkId: string): void {
    this.#ensure(role).frameworkIds.add(frameworkId);
  }

  removeFramework(role: string, frameworkId: string): void {
    const node = this.#roles.get(role);
    node?.frameworkIds.delete(frameworkId);
    this.#prune(node);
  }

  /** Reservations came (1) or went (-1). */
  reservationsChanged(role: string, quantities: Quantities, times: 1 | -1): void {
    this.#changeUpwards(role, (node) => increaseAll(node.reserved, quantities, times));
  }

  /** Unreserved, not revocable scalars were offered or allocated (1) or given back (-1). */
  allocationChanged(role: string, quantities: Quantities, times: 1 | -1): void {
    this.#changeUpwards(role, (node) => increaseAll(node.unreserved, quantities, times));
  }

  #changeUpwards(role: string, change: (node: RoleNode) => void): void {
    const node = this.#ensure(role);
    for (let above: RoleNode | undefined = node; above; above = above.parent) change(above);
    this.#prune(node);
  }

  #ensure(role: string): RoleNode {
    let node = this.#roles.get(role);
    if (node) return node;
    for (const path of [...ancestorRoles(role), role]) {
      const parent: RoleNode | undefined = node;
      node = this.#roles.get(path) ?? this.#create(path, parent);
    }
    return node ?? this.#create(role, undefined);
  }

  #create(role: string, parent: RoleNode | undefined): RoleNode {
    if (parent) parent.childCount++;
    const node: RoleNode = {
      role,
      parent,
      childCount: 0,
      weight: undefined,
      quota: undefined,
      frameworkIds: new Set(),
      reserved: new Map(),
      unreserved: new Map(),
    };
    this.#roles.set(role, node);
    return node;
  }

  /** Forgets roles that nothing keeps, from here upwards. */
  #prune(node: RoleNode | undefined): void {
    for (let role = node; role && isIdle(role); role = role.parent) {
      this.#roles.delete(role.role);
      if (role.parent) role.parent.childCount--;
    }
  }
}

const isIdle = ({ childCount, weight, quota, frameworkIds, reserved, unreserved }: RoleNode): boolean =>
  childCount === 0 &&
  weight === undefined &&
  quota === undefined &&
  frameworkIds.size === 0 &&
  reserved.size === 0 &&
  unreserved.size === 0;

/** What a role lacks of its guarantee: reservations count towards it, allocated or not. */
export const unsatisfiedGuarantee = ({ quota, reserved, unreserved }: RoleNode): MutableQuantities =>
  quota ? shortfall(quota.guarantees, reserved, unreserved) : new Map();
