import type { Agent, Framework, MasterState } from '../../core/state.ts';
import { isAsShown, viewAgent } from './agent-view.ts';
import type { AgentView, ClusterView, FrameworkView, PlacedExecutor, UsedBy } from './cluster-view.ts';
import { ResourceTally } from './resource-tally.ts';

/** When fewer agents than this have changed in a round the rest is done at once. */
const FEW_AGENTS = 500;
const MAX_ROUNDS = 3;
const AGENTS_PER_STEP = 32;
const CHANGES_PER_STEP = 4;

interface KeptView {
  readonly agent: Agent;
  readonly changes: number;
  readonly view: AgentView;
}

/**
 * Takes views of the master's state. Tasks and offers are never changed in place, so that a list of them is a view; of every
 * agent a view is kept until something about it changes, and what frameworks hold is the sum over the agents. So a view of a
 * hundred thousand tasks is taken within a few milliseconds, in one step, and what is done with it afterwards has time.
 */
export class ClusterViews {
  readonly #state: MasterState;
  readonly #agents = new Map<string, KeptView>();
  readonly #usedBy = new Map<string, ResourceTally>();
  /** What the last view was taken of, in the order of the agents, which mostly stays the same. */
  #order: readonly KeptView[] = [];

  constructor(state: MasterState) {
    this.#state = state;
  }

  /** Looks into what has changed, with pauses, until little is left for `take`. */
  *prepare(): Generator<void, void> {
    for (let round = 0; round < MAX_ROUNDS; round++) {
      let changed = 0;
      let seen = 0;
      for (const agent of [...this.#state.agents.values()]) {
        if (++seen % AGENTS_PER_STEP === 0) yield;
        const kept = this.#agents.get(agent.id);
        if (kept && isKept(kept, agent) && (round > 0 || isAsShown(kept.view, agent))) continue;
        // It may have gone since.
        if (this.#state.agents.get(agent.id) !== agent) continue;
        this.#renew(agent);
        if (++changed % CHANGES_PER_STEP === 0) yield;
      }
      if (changed < FEW_AGENTS) break;
    }
    for (const tally of this.#usedBy.values()) {
      tally.sumUp();
      yield;
    }
  }

  /** The state of now. */
  take(): ClusterView {
    const state = this.#state;
    const order: KeptView[] = [];
    const executors = new Map<string, PlacedExecutor[]>();
    for (const agent of state.agents.values()) {
      const before = this.#order[order.length];
      const kept = before && isKept(before, agent) ? before : this.#keep(agent);
      order.push(kept);
      for (const executor of kept.view.placedExecutors) {
        const placed = executors.get(executor.frameworkId);
        if (placed) placed.push(executor);
        else executors.set(executor.frameworkId, [executor]);
      }
    }
    this.#order = order;
    if (this.#agents.size > order.length) this.#forgetRemoved();
    return {
      agents: order.map(({ view }) => view),
      agentOf: finder(order),
      recoveredAgents: [...state.recoveredAgents],
      unreachableAgents: state.unreachableAgents.size,
      frameworks: [...state.frameworks.values()].map((framework) =>
        this.#viewFramework(framework, executors.get(framework.id) ?? []),
      ),
      completedFrameworks: [...state.completedFrameworks.values()],
    };
  }

  /** What frameworks hold now, merged, by their ids. With pauses, one after another. */
  *usedBy(): Generator<void, UsedBy> {
    yield* this.prepare();
    for (const agent of this.#state.agents.values()) this.#keep(agent);
    if (this.#agents.size > this.#state.agents.size) this.#forgetRemoved();
    return new Map([...this.#usedBy].map(([id, tally]) => [id, tally.resources]));
  }

  /** The views of agents that are there, some of them older than the last change. */
  *kept(): Generator<AgentView, void> {
    for (const { view } of this.#agents.values()) yield view;
  }

  #keep(agent: Agent): KeptView {
    const kept = this.#agents.get(agent.id);
    return kept && isKept(kept, agent) ? kept : this.#renew(agent);
  }

  #renew(agent: Agent): KeptView {
    const before = this.#agents.get(agent.id);
    if (before) this.#count(before.view, 'remove');
    const kept: KeptView = { agent, changes: agent.changes, view: viewAgent(this.#state, agent) };
    this.#count(kept.view, 'add');
    this.#agents.set(agent.id, kept);
    return kept;
  }

  #count({ usedBy }: AgentView, how: 'add' | 'remove'): void {
    for (const [frameworkId, resources] of usedBy) {
      const tally = this.#usedBy.get(frameworkId) ?? new ResourceTally();
      tally[how](resources);
      if (tally.isEmpty) this.#usedBy.delete(frameworkId);
      else this.#usedBy.set(frameworkId, tally);
    }
  }

  #forgetRemoved(): void {
    for (const [id, { agent, view }] of this.#agents) {
      if (this.#state.agents.get(id) === agent) continue;
      this.#count(view, 'remove');
      this.#agents.delete(id);
    }
  }

  #viewFramework(framework: Framework, executors: readonly PlacedExecutor[]): FrameworkView {
    const { offers, inverseOffers } = this.#state;
    const { id, info, roles, capabilities, connection, offerConstraints, registeredMs } = framework;
    return {
      ...{ id, info, roles, capabilities, connection, offerConstraints, registeredMs },
      reregisteredMs: framework.reregisteredMs,
      tasks: [...framework.tasks.values()],
      unreachableTasks: [...framework.unreachableTasks.values()],
      completedTasks: [...framework.completedTasks],
      executors,
      used: this.#usedBy.get(id)?.resources ?? [],
      offers: [...framework.offerIds].flatMap((offerId) => offers.get(offerId) ?? []),
      inverseOffers: [...framework.inverseOfferIds].flatMap((offerId) => inverseOffers.get(offerId) ?? []),
    };
  }
}

const isKept = (kept: KeptView, agent: Agent): boolean =>
  kept.agent === agent && kept.changes === agent.changes;

/** Few documents look for single agents. */
const finder = (order: readonly KeptView[]): ClusterView['agentOf'] => {
  let byId: Map<string, AgentView> | undefined;
  return (id) => {
    byId ??= new Map(order.map(({ view }) => [view.id, view]));
    return byId.get(id);
  };
};
