import type { Resource } from '../../mesos/generated/mesos.ts';
import type { QuotaConfig } from '../../mesos/generated/quota.ts';
import { isReserved, reservationRole } from '../../mesos/resources/traits.ts';
import { ancestorRoles } from '../../mesos/role-name.ts';
import type { MasterState } from '../core/state.ts';
import type { UsedBy } from './documents/cluster-view.ts';

/** Amounts by the name of a scalar resource, in whole units. */
export type Quantities = Readonly<Record<string, number>>;

/** A role with what its subtree has. */
export interface RoleView {
  readonly name: string;
  readonly weight: number;
  readonly quota: QuotaConfig | undefined;
  /** Subscribed to the role itself. */
  readonly frameworkIds: readonly string[];
  readonly allocated: Quantities;
  readonly offered: Quantities;
  readonly allocatedOrOffered: Quantities;
  /** On agents, used or not. */
  readonly reserved: Quantities;
  /** What counts against the quota (mesos.md 3.4): reservations, and what is allocated of the rest. */
  readonly consumed: Quantities;
}

type Amounts = Map<string, number>;

/** In thousandths, by name of the resource. */
interface Sums {
  readonly allocated: Amounts;
  readonly offered: Amounts;
  readonly allocatedOrOffered: Amounts;
  readonly reserved: Amounts;
  readonly consumed: Amounts;
  readonly frameworkIds: Set<string>;
}

/**
 * The roles that are known, by name: those with frameworks, a weight, a quota, reservations or allocations, and the roles
 * above them.
 */
export const roleViews = (state: MasterState, usedBy: UsedBy): RoleView[] => {
  const sums = collect(state, usedBy);
  return [...sums].sort(byName).map(([name, own]) => ({
    name,
    weight: state.weights.get(name) ?? 1,
    quota: state.quotas.get(name),
    frameworkIds: [...own.frameworkIds],
    allocated: quantities(own.allocated),
    offered: quantities(own.offered),
    allocatedOrOffered: quantities(own.allocatedOrOffered),
    reserved: quantities(own.reserved),
    consumed: quantities(own.consumed),
  }));
};

const collect = (state: MasterState, usedBy: UsedBy): Map<string, Sums> => {
  const roles = new Map<string, Sums>();
  const of = (role: string): Sums => {
    const known = roles.get(role);
    if (known) return known;
    for (const ancestor of ancestorRoles(role)) if (!roles.has(ancestor)) roles.set(ancestor, emptySums());
    const added = emptySums();
    roles.set(role, added);
    return added;
  };
  const add = (role: string, kinds: readonly AmountKind[], resource: Resource): void => {
    of(role);
    for (const one of [...ancestorRoles(role), role]) {
      for (const kind of kinds) addAmount(of(one)[kind], resource);
    }
  };
  for (const role of [...state.quotas.keys(), ...state.weights.keys()]) of(role);
  for (const agent of state.agents.values()) {
    for (const resource of agent.total.filter(isReserved)) {
      add(reservationRole(resource), ['reserved', 'consumed'], resource);
    }
  }
  for (const { role, resources } of state.offers.values()) {
    for (const resource of resources) add(role, ['offered', 'allocatedOrOffered'], resource);
  }
  for (const framework of state.frameworks.values()) {
    for (const role of framework.roles) of(role).frameworkIds.add(framework.id);
    for (const resource of usedBy.get(framework.id) ?? []) {
      const role = resource.allocation_info?.role ?? '*';
      // A reservation counts as consumed by being there.
      const isQuotaFree = isReserved(resource) || resource.revocable !== undefined;
      add(role, isQuotaFree ? ALLOCATED : ALLOCATED_AND_CONSUMED, resource);
    }
  }
  return roles;
};

type AmountKind = Exclude<keyof Sums, 'frameworkIds'>;

const ALLOCATED: readonly AmountKind[] = ['allocated', 'allocatedOrOffered'];
const ALLOCATED_AND_CONSUMED: readonly AmountKind[] = [...ALLOCATED, 'consumed'];

const emptySums = (): Sums => ({
  allocated: new Map(),
  offered: new Map(),
  allocatedOrOffered: new Map(),
  reserved: new Map(),
  consumed: new Map(),
  frameworkIds: new Set(),
});

const addAmount = (amounts: Amounts, { name, type, scalar }: Resource): void => {
  if (type !== 'SCALAR') return;
  amounts.set(name, (amounts.get(name) ?? 0) + Math.round((scalar?.value ?? 0) * 1000));
};

const quantities = (amounts: Amounts): Quantities =>
  Object.fromEntries(
    [...amounts]
      .filter(([, value]) => value > 0)
      .sort(byName)
      .map(([name, value]) => [name, value / 1000]),
  );

const byName = ([one]: readonly [string, unknown], [other]: readonly [string, unknown]): number =>
  one < other ? -1 : one > other ? 1 : 0;
