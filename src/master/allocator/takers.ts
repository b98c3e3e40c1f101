import type { AgentRecord, Candidate } from './agent-record.ts';
import type { AllocatorState } from './allocator-state.ts';
import { type Bag, filterBag, scalarsOf } from './bag.ts';
import { type Abilities, canUseAgent } from './capabilities.ts';
import type { FrameworkRecord } from './framework-record.ts';
import { isAllocatable, type MinAllocatable } from './min-allocatable.ts';

/** Shared resources that were offered in this run, by agent: keys of their kinds. They are offered once a run. */
export type OfferedShared = Map<AgentRecord, Set<string>>;

export interface Taker {
  framework: FrameworkRecord;
  /** What it could be offered of the agent in the role, were there no quotas. */
  candidate: Candidate;
}

/**
 * The frameworks of a role that something of an agent could go to, whose turn it is first (checks 1 to 3 of mesos.md 5.4). What was
 * offered between two of them is not in the candidate of the second.
 */
export function* takersOf(
  state: AllocatorState,
  offeredShared: OfferedShared,
  agent: AgentRecord,
  role: string,
): Generator<Taker> {
  for (const frameworkId of state.frameworkSorters.get(role)?.order() ?? []) {
    const framework = state.frameworks.get(frameworkId);
    if (!framework) continue;
    const { abilities, constraints } = framework.demands;
    const all = candidateFor(offeredShared, agent, role);
    if (all.bag.size === 0) return;
    if (constraints.get(role)?.(agent.info) === false) continue;
    if (!isAllocatable(all.scalars, minAllocatableFor(state, framework, role))) continue;
    if (!canUseAgent(abilities, role, agent)) continue;
    const candidate = candidateFor(offeredShared, agent, role, abilities);
    if (candidate.bag.size > 0) yield { framework, candidate };
  }
}

export const minAllocatableFor = (
  state: AllocatorState,
  { demands }: FrameworkRecord,
  role: string,
): MinAllocatable => demands.minAllocatable.get(role) ?? state.minAllocatable;

const candidateFor = (
  offeredShared: OfferedShared,
  agent: AgentRecord,
  role: string,
  abilities?: Abilities,
): Candidate => {
  const candidate = agent.candidate(role, abilities);
  const offered = offeredShared.get(agent);
  if (!offered) return candidate;
  const bag = filterBag(candidate.bag, ({ key }) => !offered.has(key));
  return bag === candidate.bag ? candidate : candidateOf(bag);
};

const candidateOf = (bag: Bag): Candidate => ({ bag, scalars: scalarsOf(bag) });
