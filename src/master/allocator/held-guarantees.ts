import type { AgentRecord } from './agent-record.ts';
import type { AllocatorState } from './allocator-state.ts';
import { scalarsOf } from './bag.ts';
import { canUseAgent } from './capabilities.ts';
import { type FrameworkRecord, isServed } from './framework-record.ts';
import { isUnderQuota } from './kind.ts';
import { increaseAll, type MutableQuantities, type Quantities } from './quantities.ts';
import { type RoleNode, unsatisfiedGuarantee } from './role-tree.ts';

/**
 * Guarantees that hold (`--preemption`). Mesos keeps as much free as is guaranteed and missing, wherever that may be: on agents
 * that are away, that the role cannot use, or in crumbs. Here only what the role could have counts as kept free, so that what is
 * freed for it does not go to others.
 */

/** A framework that waits for offers in a role. */
interface Waiting {
  readonly framework: FrameworkRecord;
  readonly role: string;
}

/** A role that lacks something of its guarantee. */
export interface Claim {
  readonly node: RoleNode;
  /** Thousandths by name. */
  readonly lacking: Quantities;
  /** Frameworks of the role and the roles below it that want offers. */
  readonly waiting: readonly Waiting[];
}

export const topRole = (role: string): string => {
  const slash = role.indexOf('/');
  return slash < 0 ? role : role.slice(0, slash);
};

export const claimsOf = (state: AllocatorState): Claim[] => {
  const lacking = new Map<string, { node: RoleNode; lacking: Quantities; waiting: Waiting[] }>();
  for (const [role, node] of state.roles.withQuota()) {
    const missing = unsatisfiedGuarantee(node);
    if (missing.size > 0) lacking.set(role, { node, lacking: missing, waiting: [] });
  }
  if (lacking.size === 0) return [];
  for (const framework of state.frameworks.values()) {
    for (const role of framework.demands.roles) {
      if (isServed(framework, role)) lacking.get(topRole(role))?.waiting.push({ framework, role });
    }
  }
  return [...lacking.values()];
};

/** Nobody's guarantee is kept on an agent that is out of use, or soon will be. */
export const isDependable = ({ whitelist }: AllocatorState, agent: AgentRecord): boolean =>
  agent.isActive && !agent.maintenance && whitelist?.has(agent.info.hostname) !== false;

/** Whether any framework that waits could be offered something of the agent; with nobody waiting, anybody may come. */
export const canServe = ({ waiting }: Claim, agent: AgentRecord): boolean =>
  waiting.length === 0 ||
  waiting.some(
    ({ framework: { demands }, role }) =>
      demands.constraints.get(role)?.(agent.info) !== false && canUseAgent(demands.abilities, role, agent),
  );

/** Equal for claims that the same agents can serve; undefined when that depends on constraints of their frameworks. */
export const abilityKey = ({ waiting }: Claim): string | undefined => {
  const kinds = new Set<string>();
  for (const { framework, role } of waiting) {
    if (framework.demands.constraints.has(role)) return undefined;
    const { gpuAgents, remoteAgents, multiRole } = framework.demands.abilities;
    kinds.add([gpuAgents, remoteAgents, multiRole, role.includes('/')].map(Number).join(''));
  }
  // No role has a blank in it.
  return `any of ${[...kinds].sort().join(' ')}`;
};

/** The least that a task takes (mesos.md B.1), where the agent has such resources at all. */
const LEAST: Quantities = new Map([
  ['cpus', 10],
  ['mem', 32_000],
]);

/** What has to be free on an agent so that anything can run there. */
export const leastOn = ({ total }: AgentRecord): Quantities => {
  const has = scalarsOf(total);
  return new Map([...LEAST].filter(([name]) => has.has(name)));
};

/** Free on an agent for anybody: neither offered nor allocated, reserved nor revocable. */
export const freeOn = ({ available }: AgentRecord): Quantities => scalarsOf(available, isUnderQuota);

export const isEnough = (free: Quantities, least: Quantities): boolean => {
  for (const [name, thousandths] of least) if ((free.get(name) ?? 0) < thousandths) return false;
  return true;
};

export interface HeldHeadroom {
  readonly headroom: MutableQuantities;
  /** Agents that count for it: what is given away elsewhere does not matter. */
  readonly agents: ReadonlySet<AgentRecord>;
}

/** What is free where those that lack something of their guarantees could have it. */
export const heldHeadroom = (state: AllocatorState, claims: readonly Claim[]): HeldHeadroom => {
  const headroom: MutableQuantities = new Map();
  const agents = new Set<AgentRecord>();
  for (const agent of state.agents.values()) {
    if (!isDependable(state, agent)) continue;
    const free = freeOn(agent);
    if (!isEnough(free, leastOn(agent)) || !claims.some((claim) => canServe(claim, agent))) continue;
    agents.add(agent);
    increaseAll(headroom, free, 1);
  }
  return { headroom, agents };
};
