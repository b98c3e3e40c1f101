import type { AllocatorState } from './allocator-state.ts';
import {
  abilityKey,
  type Claim,
  canServe,
  claimsOf,
  freeOn,
  isDependable,
  leastOn,
} from './held-guarantees.ts';
import type { PreemptionClaim, PreemptionPicture } from './plan-preemption.ts';
import { increaseAll, type Quantities } from './quantities.ts';

/** What the allocator knows of a preemption's picture; amounts in thousandths. */
export interface PreemptionFacts extends Pick<PreemptionPicture, 'agents' | 'claims'> {
  /** Roles with a guarantee: that, and what they have in reservations, tasks and offers. */
  readonly guarantees: ReadonlyMap<string, { readonly guarantee: Quantities; readonly held: Quantities }>;
}

/** undefined when nobody waits for what is guaranteed. */
export const preemptionFacts = (state: AllocatorState): PreemptionFacts | undefined => {
  const wanted = claimsOf(state).filter(({ waiting }) => waiting.length > 0);
  if (wanted.length === 0) return undefined;
  const agents = [...state.agents.values()].filter((agent) => isDependable(state, agent));
  // Most claims are of frameworks that can use the same agents: these are found, and summed up, once.
  const found = new Map<string, ReadonlySet<string>>();
  const agentsFor = (claim: Claim): ReadonlySet<string> => {
    const key = abilityKey(claim) ?? claim.node.role;
    const known = found.get(key);
    if (known) return known;
    const ids = new Set(agents.filter((agent) => canServe(claim, agent)).map(({ id }) => id));
    found.set(key, ids);
    return ids;
  };
  const claims = wanted.map(
    (claim): PreemptionClaim => ({
      role: claim.node.role,
      lacking: claim.lacking,
      agentIds: agentsFor(claim),
    }),
  );
  const guarantees = new Map<string, { guarantee: Quantities; held: Quantities }>();
  for (const [role, { quota, reserved, unreserved }] of state.roles.withQuota()) {
    if (!quota || quota.guarantees.size === 0) continue;
    const held = new Map(reserved);
    increaseAll(held, unreserved, 1);
    guarantees.set(role, { guarantee: quota.guarantees, held });
  }
  return {
    claims,
    guarantees,
    agents: new Map(agents.map((agent) => [agent.id, { free: freeOn(agent), least: leastOn(agent) }])),
  };
};
