import type { Amounts, RolePlan } from '../scenario/scenario.ts';
import { type AmountSum, dominantShare } from './amounts.ts';
import { entitledShares, jainIndex, type Sharer } from './entitled-shares.ts';

/** What somebody has, and wants. */
export interface Holding {
  readonly used: AmountSum;
  /** What it has and what it waits for. */
  readonly demand: AmountSum;
  readonly roles: Set<string>;
  tasks: number;
  waiting: number;
}

const TOLERANCE = 1e-6;

/**
 * What everybody is entitled to. A role's weight is shared by its frameworks that have or want something; of nested roles
 * each level divides what its parent has.
 */
export const fairShares = (
  frameworks: ReadonlyMap<string, Holding>,
  roles: ReadonlyMap<string, Holding>,
  capacity: Amounts,
  planOf: (role: string) => RolePlan,
): { frameworks: Map<string, number>; roles: Map<string, number>; jain: number } => {
  const weights = effectiveWeights([...roles.keys()], planOf);
  const counts = new Map<string, number>();
  for (const holding of frameworks.values()) {
    for (const role of holding.roles) counts.set(role, (counts.get(role) ?? 0) + (isEager(holding) ? 1 : 0));
  }
  const parts = new Map([...roles].map(([role, holding]) => [role, quotaParts(holding, planOf(role))]));
  const names = [...frameworks.keys()];
  const sharers = [...frameworks.values()].map((holding): Sharer => {
    const [role = '*'] = holding.roles;
    const part = parts.get(role) ?? { guaranteedPart: 0, limitedPart: 1 };
    const weight = (weights.get(role) ?? 1) / Math.max(1, counts.get(role) ?? 1);
    return { weight, demand: holding.demand.amounts(), ...part };
  });
  const shares = entitledShares(sharers, capacity);
  const entitled = new Map(names.map((name, index) => [name, shares[index] ?? 0]));
  const satisfaction = names.flatMap((name) => {
    const share = entitled.get(name) ?? 0;
    if (share < TOLERANCE) return [];
    return [dominantShare(frameworks.get(name)?.used.amounts() ?? {}, capacity) / share];
  });
  const entitledRoles = new Map<string, number>();
  names.forEach((name, index) => {
    const holding = frameworks.get(name);
    const [role = '*'] = holding?.roles ?? [];
    const sharer = sharers[index];
    const whole = dominantShare(sharer?.demand ?? {}, capacity);
    if (!sharer || whole === 0) return;
    entitledRoles.set(role, (entitledRoles.get(role) ?? 0) + (entitled.get(name) ?? 0));
  });
  return { frameworks: entitled, roles: entitledRoles, jain: jainIndex(satisfaction) };
};

const isEager = ({ tasks, waiting }: Holding): boolean => tasks + waiting > 0;

/** What part of its demand a role is guaranteed, and what part it is limited to. */
const quotaParts = (
  { demand }: Holding,
  { guarantee = {}, limit = {} }: RolePlan,
): Pick<Sharer, 'guaranteedPart' | 'limitedPart'> => {
  const wanted = demand.amounts();
  const part = (bounds: Amounts, usual: number): number => {
    const parts = Object.entries(bounds).flatMap(([name, bound]) =>
      (wanted[name] ?? 0) > 0 ? [Math.min(1, bound / (wanted[name] ?? 1))] : [],
    );
    return parts.length === 0 ? usual : Math.min(...parts);
  };
  return { guaranteedPart: part(guarantee, 0), limitedPart: part(limit, 1) };
};

/** Of roles that are there: their part of the whole, if all of them wanted more than they get. */
const effectiveWeights = (
  roles: readonly string[],
  planOf: (role: string) => RolePlan,
): Map<string, number> => {
  const parents = new Set(roles.flatMap((role) => ancestorsOf(role).slice(0, -1)));
  // What a parent has itself stands beside the roles below it (mesos.md 5.3: a virtual leaf).
  const leaves = roles.map((role) => ({ role, path: parents.has(role) ? `${role}/.` : role }));
  const weights = new Map<string, number>();
  const sums = new Map<string, number>();
  for (const { path } of leaves) {
    for (const node of ancestorsOf(path)) {
      if (weights.has(node)) continue;
      const weight = planOf(node).weight ?? 1;
      weights.set(node, weight);
      sums.set(parentOf(node), (sums.get(parentOf(node)) ?? 0) + weight);
    }
  }
  return new Map(
    leaves.map(({ role, path }) => [
      role,
      ancestorsOf(path).reduce(
        (product, node) => (product * (weights.get(node) ?? 1)) / (sums.get(parentOf(node)) ?? 1),
        1,
      ),
    ]),
  );
};

/** `a`, `a/b` and `a/b/c` of the last one. */
const ancestorsOf = (role: string): string[] => {
  const names = role.split('/');
  return names.map((_, depth) => names.slice(0, depth + 1).join('/'));
};

const parentOf = (role: string): string => role.slice(0, Math.max(0, role.lastIndexOf('/')));
