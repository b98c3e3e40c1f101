import { isInSubtree } from '../../mesos/role-name.ts';
import { rescindOffer } from './offers.ts';
import { weightKey } from './registry.ts';
import type { Turn } from './turn.ts';
import { wantAllocation } from './want-allocation.ts';

/** All offers are made again when the weight of a role changes that somebody uses (mesos.md 3.5). */
export const updateWeights = (turn: Turn, weights: readonly { role: string; weight: number }[]): void => {
  for (const { role, weight } of weights) setWeight(turn, role, weight);
  const isInUse = [...turn.state.frameworks.values()].some(({ roles }) =>
    roles.some((role) => weights.some((weight) => isInSubtree(role, weight.role))),
  );
  if (!isInUse) return;
  for (const offer of [...turn.state.offers.values()]) rescindOffer(turn, offer);
  wantAllocation(turn);
};

/** Those of the flag are for a cluster that has none yet: afterwards the registry is right. */
export const takeInitialWeights = (turn: Turn): void => {
  if (turn.state.weights.size > 0) return;
  for (const [role, weight] of turn.settings.initialWeights) setWeight(turn, role, weight);
};

const setWeight = (turn: Turn, role: string, weight: number): void => {
  turn.allocator.setWeight(role, weight);
  turn.state.weights.set(role, weight);
  turn.save(weightKey(role), weight);
};
