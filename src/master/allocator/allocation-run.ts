import type { AgentRecord } from './agent-record.ts';
import type { AllocatorState } from './allocator-state.ts';
import type { AllocatedOffer } from './allocator-types.ts';
import { addBags, type Bag, filterBag, type Piece, resourcesOf, scalarsOf, subtractBag } from './bag.ts';
import { claimsOf, heldHeadroom, topRole } from './held-guarantees.ts';
import { isUnderQuota } from './kind.ts';
import { allocate } from './ledger.ts';
import { isAllocatable } from './min-allocatable.ts';
import { increaseAll, type MutableQuantities, type Quantities } from './quantities.ts';
import { type RoleNode, unsatisfiedGuarantee } from './role-tree.ts';
import { shrinkBag } from './shrink.ts';
import { shuffle } from './shuffle.ts';
import { minAllocatableFor, type OfferedShared, type Taker, takersOf } from './takers.ts';

/**
 * One run (mesos.md 5.4). First roles with a guarantee get what they lack of it; then everything is shared out: of each agent, the
 * framework whose turn it is gets all that it may have. A run is coarse on purpose: fairness decides who goes first, not how much.
 *
 * Two things hold back unreserved resources. A limit holds back what is above it from its role. Guarantees that are not met yet
 * are headroom: as much has to stay free in the cluster, for frameworks that come later.
 */
interface Run {
  readonly state: AllocatorState;
  readonly nowMs: number;
  /** Roles that lack something of their guarantee. */
  readonly lacking: Map<string, RoleNode>;
  /** Still to be kept free for guarantees. */
  readonly required: MutableQuantities;
  /** Free. */
  readonly headroom: MutableQuantities;
  /** Agents whose free resources are part of it; undefined: all. */
  readonly headroomAgents: ReadonlySet<AgentRecord> | undefined;
  readonly offers: Map<AgentRecord, Map<string, Draft>>;
  readonly offeredShared: OfferedShared;
  /** The first moment at which a filter that was met in this run, by agent, is over. */
  readonly refusedUntilMs: Map<AgentRecord, number>;
}

type Draft = Omit<AllocatedOffer, 'resources'> & { bag: Bag };

/** Allocates what the agents, or all of them, have left. */
export const runAllocation = (
  state: AllocatorState,
  nowMs: number,
  agentIds?: ReadonlySet<string>,
): AllocatedOffer[] => {
  const agents = candidatesOf(state, agentIds);
  const run = startRun(state, nowMs);
  const fertile = agents.filter((agent) => !isBarren(run, agent));
  if (run.lacking.size > 0) satisfyGuarantees(run, shuffle([...fertile], state.random));
  shareOut(run, shuffle([...fertile], state.random));
  for (const agent of fertile) noteBarrenness(run, agent);
  for (const agent of agents) agent.runs++;
  if (!agentIds) for (const { filters } of state.frameworks.values()) filters.sweep(nowMs);
  return offersOf(run);
};

const offersOf = (run: Run): AllocatedOffer[] => {
  const offers: AllocatedOffer[] = [];
  for (const drafts of run.offers.values()) {
    for (const { frameworkId, role, agentId, bag } of drafts.values()) {
      offers.push({ frameworkId, role, agentId, resources: resourcesOf(bag, role) });
    }
  }
  return offers;
};

/** The agents that a run is about: of those that are named, or all, the ones that may be offered. */
export const candidatesOf = (
  state: AllocatorState,
  agentIds: ReadonlySet<string> | undefined,
): AgentRecord[] => {
  const { whitelist } = state;
  const agents = agentIds
    ? [...agentIds].flatMap((id) => state.agents.get(id) ?? [])
    : [...state.agents.values()];
  return agents.filter(({ isActive, info }) => isActive && whitelist?.has(info.hostname) !== false);
};

const startRun = (state: AllocatorState, nowMs: number): Run => {
  const required: MutableQuantities = new Map();
  const lacking = new Map<string, RoleNode>();
  for (const [role, node] of state.roles.withQuota()) {
    const unsatisfied = unsatisfiedGuarantee(node);
    if (unsatisfied.size > 0) lacking.set(role, node);
    increaseAll(required, unsatisfied, 1);
  }
  return {
    state,
    nowMs,
    lacking,
    required,
    ...headroomOf(state, lacking.size > 0),
    offers: new Map(),
    offeredShared: new Map(),
    refusedUntilMs: new Map(),
  };
};

const headroomOf = (state: AllocatorState, isLacking: boolean): Pick<Run, 'headroom' | 'headroomAgents'> => {
  if (!state.areGuaranteesHeld || !isLacking) {
    return { headroom: state.totals.headroom(), headroomAgents: undefined };
  }
  const { headroom, agents } = heldHeadroom(state, claimsOf(state));
  return { headroom, headroomAgents: agents };
};

/** Stage 1. Held guarantees are for the roles below theirs as well. */
const satisfyGuarantees = (run: Run, agents: readonly AgentRecord[]): void => {
  const { state, lacking, offeredShared } = run;
  for (const agent of agents) {
    if (lacking.size === 0) return;
    for (const role of state.roleSorter.order()) {
      if (agent.available.size === 0) break;
      const node = lacking.get(state.areGuaranteesHeld ? topRole(role) : role);
      if (!node || !agent.hasFor(role)) continue;
      for (const taker of takersOf(state, offeredShared, agent, role)) {
        const isOffered = guarantee(run, { agent, node, role }, taker);
        if (isOffered && unsatisfiedGuarantee(node).size === 0) {
          lacking.delete(node.role);
          break;
        }
      }
    }
  }
};

/** Offers what the role lacks of its guarantee, and with it what else the framework may have of the agent. */
const guarantee = (
  run: Run,
  { agent, node, role }: { agent: AgentRecord; node: RoleNode; role: string },
  taker: Taker,
): boolean => {
  const { state, required } = run;
  const { bag } = taker.candidate;
  const underQuota = filterBag(bag, isUnderQuota);
  const unsatisfied = unsatisfiedGuarantee(node);
  const guaranteed = shrinkBag(underQuota, (name) => unsatisfied.get(name) ?? 0, state.random);
  if (guaranteed.size === 0) return false;
  const amounts = scalarsOf(guaranteed);
  const extra = withinHeadroom(
    run,
    agent,
    withinLimits(run, node, subtractBag(underQuota, guaranteed), amounts),
  );
  const isOffered = offer(run, agent, role, taker, compose(bag, addBags(guaranteed, extra)));
  if (isOffered) increaseAll(required, amounts, -1);
  return isOffered;
};

/** Stage 2. */
const shareOut = (run: Run, agents: readonly AgentRecord[]): void => {
  const { state, offeredShared } = run;
  for (const agent of agents) {
    for (const role of state.roleSorter.order()) {
      if (agent.available.size === 0) break;
      // What is left is mostly reserved for a few roles: to ask the frameworks of all others took two thirds of a run.
      if (!agent.hasFor(role)) continue;
      const node = state.roles.withQuota().get(role);
      for (const taker of takersOf(state, offeredShared, agent, role)) {
        const { bag } = taker.candidate;
        const isFree = run.required.size === 0 && !node;
        offer(run, agent, role, taker, isFree ? bag : fairShare(run, agent, node, bag));
      }
    }
  }
};

const fairShare = (run: Run, agent: AgentRecord, node: RoleNode | undefined, bag: Bag): Bag =>
  compose(bag, withinHeadroom(run, agent, withinLimits(run, node, filterBag(bag, isUnderQuota))));

/** What the role's limits leave of `bag`, when it is to get `alreadyGiven` besides. */
const withinLimits = (
  { state }: Run,
  node: RoleNode | undefined,
  bag: Bag,
  alreadyGiven: Quantities = new Map(),
): Bag => {
  const limits = node?.quota?.limits;
  if (!node || !limits || limits.size === 0) return bag;
  const roomFor = (name: string): number => {
    const [limit, ...consumed] = [limits, node.reserved, node.unreserved, alreadyGiven].map((amounts) =>
      amounts.get(name),
    );
    if (limit === undefined) return Number.POSITIVE_INFINITY;
    return consumed.reduce<number>((room, amount = 0) => room - amount, limit);
  };
  return shrinkBag(bag, roomFor, state.random);
};

/** What of `bag` is not needed for the guarantees of others. */
const withinHeadroom = (
  { state, headroom, headroomAgents, required }: Run,
  agent: AgentRecord,
  bag: Bag,
): Bag => {
  if (required.size === 0 || headroomAgents?.has(agent) === false) return bag;
  const roomFor = (name: string): number => (headroom.get(name) ?? 0) - (required.get(name) ?? 0);
  return shrinkBag(bag, roomFor, state.random);
};

/** All of `bag` that is not under quota, and `underQuota` of the rest, in the order of `bag`. */
const compose = (bag: Bag, underQuota: Bag): Bag => {
  let composed: Map<string, Piece> | undefined;
  for (const [key, whole] of bag) {
    const piece = underQuota.get(key);
    if (piece === whole || !isUnderQuota(whole.kind)) continue;
    composed ??= new Map(bag);
    if (piece) composed.set(key, piece);
    else composed.delete(key);
  }
  return composed ?? bag;
};

/** Makes an offer of it, unless it is too little or the framework has refused as much. */
const offer = (
  run: Run,
  agent: AgentRecord,
  role: string,
  { framework, candidate }: Taker,
  bag: Bag,
): boolean => {
  const { state, nowMs, refusedUntilMs } = run;
  if (bag.size === 0) return false;
  const scalars = bag === candidate.bag ? candidate.scalars : scalarsOf(bag);
  if (!isAllocatable(scalars, minAllocatableFor(state, framework, role))) return false;
  const untilMs = framework.filters.refusedUntilMs(role, agent, bag, nowMs);
  if (untilMs !== undefined) {
    refusedUntilMs.set(agent, Math.min(untilMs, refusedUntilMs.get(agent) ?? untilMs));
    return false;
  }
  allocate(state, { frameworkId: framework.id, role, agent }, bag);
  if (run.required.size > 0 && run.headroomAgents?.has(agent) !== false)
    increaseAll(run.headroom, scalarsOf(bag, isUnderQuota), -1);
  draft(run, agent, { frameworkId: framework.id, role, agentId: agent.id, bag });
  return true;
};

/** One offer per framework, role and agent, also when both stages gave something. */
const draft = ({ offers, offeredShared }: Run, agent: AgentRecord, offered: Draft): void => {
  const drafts = offers.get(agent) ?? new Map<string, Draft>();
  offers.set(agent, drafts);
  // Roles have no spaces in them.
  const key = `${offered.role} ${offered.frameworkId}`;
  const other = drafts.get(key);
  drafts.set(key, other ? { ...other, bag: addBags(other.bag, offered.bag) } : offered);
  for (const { kind } of offered.bag.values()) {
    if (!kind.isShared) continue;
    const keys = offeredShared.get(agent) ?? new Set<string>();
    offeredShared.set(agent, keys.add(kind.key));
  }
};

/**
 * An agent of which a run could offer nothing is left alone until something about it changes, somebody becomes able to get more,
 * or a filter is over: an idle cluster costs next to nothing. With quotas, what can be offered depends on other agents, too.
 */
const isBarren = ({ state, nowMs }: Run, { barren }: AgentRecord): boolean =>
  barren !== undefined &&
  barren.epoch === state.epoch &&
  nowMs < barren.untilMs &&
  state.roles.withQuota().size === 0;

const noteBarrenness = ({ state, offers, refusedUntilMs }: Run, agent: AgentRecord): void => {
  if (offers.has(agent) || state.roles.withQuota().size > 0) return;
  agent.barren = { epoch: state.epoch, untilMs: refusedUntilMs.get(agent) ?? Number.POSITIVE_INFINITY };
};
