import { type Bag, containsBag } from './bag.ts';

interface OfferFilter {
  readonly refused: Bag;
  readonly expiresMs: number;
  /** Runs over the agent before the filter was set: it outlasts the next one, so that it is of use at all. */
  readonly setAtRun: number;
  /** The last bag that was found to be in it. Bags never change. */
  contained: Bag | undefined;
}

/** Beyond this, the one that expires first goes: refusals of one agent by one role add up only when they differ. */
const MAX_FILTERS = 32;

/** What a framework has refused for a while, by role and agent (mesos.md 1.14). */
export class OfferFilters {
  readonly #byRole = new Map<string, Map<string, OfferFilter[]>>();
  #lastExpiresMs = Number.NEGATIVE_INFINITY;

  add(role: string, agentId: string, filter: Omit<OfferFilter, 'contained'>): void {
    const agents = this.#byRole.get(role) ?? new Map<string, OfferFilter[]>();
    this.#byRole.set(role, agents);
    const { refused, expiresMs } = filter;
    const isOutdone = (other: OfferFilter): boolean =>
      other.expiresMs <= expiresMs && containsBag(refused, other.refused);
    const others = (agents.get(agentId) ?? []).filter((other) => !isOutdone(other));
    const filters = [...others, { ...filter, contained: undefined }];
    filters.sort((one, other) => one.expiresMs - other.expiresMs);
    agents.set(agentId, filters.slice(-MAX_FILTERS));
    this.#lastExpiresMs = Math.max(this.#lastExpiresMs, expiresMs);
  }

  /**
   * After a run over all agents: forgets the filters when all of them are over. Those of a framework that wants nothing more
   * would never be met again, and it has one for every agent that it refused.
   */
  sweep(nowMs: number): void {
    if (this.#byRole.size > 0 && nowMs >= this.#lastExpiresMs) this.#byRole.clear();
  }

  /**
   * Until when the resources of the agent are refused; undefined when they are not. More or other resources than were refused
   * pass. Filters that are over are forgotten on the way.
   */
  refusedUntilMs(role: string, agent: AgentRuns, resources: Bag, nowMs: number): number | undefined {
    const agents = this.#byRole.get(role);
    const filters = agents?.get(agent.id);
    if (!agents || !filters) return undefined;
    if (filters.some((filter) => isOver(filter, agent, nowMs))) {
      this.#dropOver(agents, agent, nowMs);
    }
    for (const filter of agents.get(agent.id) ?? []) {
      if (filter.contained !== resources) {
        if (!containsBag(filter.refused, resources)) continue;
        filter.contained = resources;
      }
      return filter.expiresMs;
    }
    return undefined;
  }

  clear(role?: string): void {
    if (role === undefined) this.#byRole.clear();
    else this.#byRole.delete(role);
  }

  removeAgent(agentId: string): void {
    for (const [role, agents] of this.#byRole) {
      if (agents.delete(agentId) && agents.size === 0) this.#byRole.delete(role);
    }
  }

  /** Adds up the filters in force by role. */
  countInto(
    counts: Map<string, number>,
    nowMs: number,
    agentOf: (id: string) => AgentRuns | undefined,
  ): void {
    for (const [role, agents] of this.#byRole) {
      for (const [agentId, filters] of agents) {
        const agent = agentOf(agentId);
        const count = agent ? filters.filter((filter) => !isOver(filter, agent, nowMs)).length : 0;
        if (count > 0) counts.set(role, (counts.get(role) ?? 0) + count);
      }
    }
  }

  #dropOver(agents: Map<string, OfferFilter[]>, agent: AgentRuns, nowMs: number): void {
    const left = (agents.get(agent.id) ?? []).filter((filter) => !isOver(filter, agent, nowMs));
    if (left.length > 0) agents.set(agent.id, left);
    else agents.delete(agent.id);
  }
}

/** An agent, and how many runs over it came to their end. */
export interface AgentRuns {
  readonly id: string;
  readonly runs: number;
}

const isOver = ({ expiresMs, setAtRun }: OfferFilter, { runs }: AgentRuns, nowMs: number): boolean =>
  nowMs >= expiresMs && runs > setAtRun;
