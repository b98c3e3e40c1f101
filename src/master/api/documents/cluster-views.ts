import type { Agent, Framework, MasterState } from '../../core/state.ts';
import { isAsShown, viewAgent } from './agent-view.ts';
import type { AgentView, ClusterView, FrameworkView, PlacedExecutor, UsedBy } from './cluster-view.ts';
import { ResourceTally } from './resource-tally.ts';

/** With fewer agents to look into than this the rest is done at once. */
const FEW_AGENTS = 500;
const MAX_ROUNDS = 3;

interface KeptView {
  readonly agent: Agent;
  readonly holdingsVersion: number;
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

  constructor(state: MasterState) {
    this.#state = state;
  }

  /** Looks into what has changed, with pauses, until little is left for `take`. */
  *prepare(): Generator<void, void> {
    for (let round = 0; round < MAX_ROUNDS; round++) {
      const stale = [...this.#state.agents.values()].filter((agent) => !this.#isCurrent(agent));
      if (stale.length < FEW_AGENTS && round > 0) return;
      for (const agent of stale) {
        // It may have gone since.
        if (this.#state.agents.get(agent.id) === agent) this.viewOf(agent);
        yield;
      }
    }
  }

  /** The state of now. */
  take(): ClusterView {
    const state = this.#state;
    const agents: AgentView[] = [];
    const agentsById = new Map<string, AgentView>();
    const executors = new Map<string, PlacedExecutor[]>();
    for (const agent of state.agents.values()) {
      const view = this.viewOf(agent);
      agents.push(view);
      agentsById.set(agent.id, view);
      for (const executor of view.placedExecutors) {
        const placed = executors.get(executor.frameworkId);
        if (placed) placed.push(executor);
        else executors.set(executor.frameworkId, [executor]);
      }
    }
    if (this.#agents.size > agents.length) this.#forgetRemoved();
    return {
      agents,
      agentsById,
      recoveredAgents: [...state.recoveredAgents],
      unreachableAgents: state.unreachableAgents.size,
      frameworks: [...state.frameworks.values()].map((framework) =>
        this.#viewFramework(framework, executors.get(framework.id) ?? []),
      ),
      completedFrameworks: [...state.completedFrameworks.values()],
    };
  }

  /** What frameworks hold now, merged, by their ids. */
  usedBy(): UsedBy {
    for (const agent of this.#state.agents.values()) this.viewOf(agent);
    if (this.#agents.size > this.#state.agents.size) this.#forgetRemoved();
    return new Map([...this.#usedBy].map(([id, tally]) => [id, tally.resources]));
  }

  /** One agent of now. */
  viewOf(agent: Agent): AgentView {
    const kept = this.#agents.get(agent.id);
    if (kept && this.#isCurrent(agent)) return kept.view;
    if (kept) this.#count(kept.view, 'remove');
    const view = viewAgent(this.#state, agent);
    this.#count(view, 'add');
    this.#agents.set(agent.id, { agent, holdingsVersion: agent.holdingsVersion, view });
    return view;
  }

  /** Lets go of everything that was kept. */
  clear(): void {
    this.#agents.clear();
    this.#usedBy.clear();
  }

  #isCurrent(agent: Agent): boolean {
    const kept = this.#agents.get(agent.id);
    return (
      kept !== undefined &&
      kept.agent === agent &&
      kept.holdingsVersion === agent.holdingsVersion &&
      isAsShown(kept.view, agent)
    );
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
