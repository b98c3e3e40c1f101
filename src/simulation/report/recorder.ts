import { isTerminal } from '../../mesos/task-state.ts';
import type { Amounts, RolePlan } from '../scenario/scenario.ts';
import type { Stage } from '../world/play-timeline.ts';
import { AmountSum, dominantShare } from './amounts.ts';
import { type Demand, demandsOf } from './demands.ts';
import { fairShares, type Holding } from './fair-shares.ts';
import { WaitWatch } from './waits.ts';

/** Values over time, one for each moment of the series. */
export interface Track {
  readonly tasks: number[];
  readonly waiting: number[];
  /** Dominant share, of the cluster as it was. */
  readonly share: number[];
  readonly entitled: number[];
  readonly used: Record<string, number[]>;
}

export interface Series {
  /** Virtual milliseconds since the beginning. */
  readonly atMs: number[];
  readonly agents: number[];
  readonly capacity: Record<string, number[]>;
  readonly used: Record<string, number[]>;
  readonly roles: Record<string, Track>;
  readonly frameworks: Record<string, Track>;
  /** Jain's index over what each framework has of what it is entitled to. */
  readonly jain: number[];
  /** Whether each role with a guarantee had as much of it as it asked for. */
  readonly guaranteed: Record<string, boolean[]>;
}

const TOLERANCE = 1e-6;

/** Looks at the cluster again and again, and keeps what it saw. */
export class Recorder {
  readonly series: Series = {
    atMs: [],
    agents: [],
    capacity: {},
    used: {},
    roles: {},
    frameworks: {},
    jain: [],
    guaranteed: {},
  };
  readonly waits = new WaitWatch();
  readonly #stage: Stage;

  constructor(stage: Stage) {
    this.#stage = stage;
  }

  sample(): void {
    const { world } = this.#stage;
    const { state, allocator } = world.master;
    const { series } = this;
    const index = series.atMs.length;
    series.atMs.push(world.elapsedMs());
    series.agents.push(state.agents.size);
    const capacity = allocator.totals().total;
    const demands = demandsOf(this.#stage);
    this.waits.note(this.#stage, demands, world.elapsedMs());
    const { frameworks, roles } = this.#holdings(demands);
    const whole = new AmountSum();
    for (const { used } of roles.values()) whole.addAmounts(used.amounts());
    append(series.capacity, capacity, index);
    append(series.used, whole.amounts(), index);
    const fair = fairShares(frameworks, roles, capacity, this.#planOf);
    series.jain.push(fair.jain);
    this.#track(series.frameworks, frameworks, capacity, index, fair.frameworks);
    this.#track(series.roles, roles, capacity, index, fair.roles);
    for (const [role, { guarantee }] of this.#plans()) {
      if (guarantee) this.#noteGuarantee(role, guarantee, roles.get(role), index);
    }
  }

  readonly #planOf = (role: string): RolePlan => {
    const { quotas, weights } = this.#stage.world.master.state;
    const config = quotas.get(role);
    const weight = weights.get(role);
    return {
      ...(weight === undefined ? {} : { weight }),
      ...(config?.guarantees ? { guarantee: valuesOf(config.guarantees) } : {}),
      ...(config?.limits ? { limit: valuesOf(config.limits) } : {}),
    };
  };

  #plans(): [string, RolePlan][] {
    return [...this.#stage.world.master.state.quotas.keys()].map((role) => [role, this.#planOf(role)]);
  }

  /** What everybody has by the master's books, and what it wants besides. */
  #holdings(demands: readonly Demand[]): {
    frameworks: Map<string, Holding>;
    roles: Map<string, Holding>;
  } {
    const frameworks = new Map<string, Holding>();
    const roles = new Map<string, Holding>();
    const names = new Map<string, string>();
    for (const { framework, frameworkId, role, needs, waiting } of demands) {
      if (frameworkId !== undefined) names.set(frameworkId, framework);
      for (const holding of [holdingOf(frameworks, framework, role), holdingOf(roles, role, role)]) {
        holding.waiting += waiting;
        holding.demand.addAmounts(needs, waiting);
      }
    }
    for (const { id, tasks } of this.#stage.world.master.state.frameworks.values()) {
      const name = names.get(id) ?? id;
      for (const { state, resources = [] } of tasks.values()) {
        if (isTerminal(state)) continue;
        const role = resources[0]?.allocation_info?.role ?? '*';
        for (const holding of [holdingOf(frameworks, name, role), holdingOf(roles, role, role)]) {
          holding.tasks++;
          holding.used.add(resources);
          holding.demand.add(resources);
        }
      }
    }
    return { frameworks, roles };
  }

  #track(
    tracks: Record<string, Track>,
    holdings: ReadonlyMap<string, Holding>,
    capacity: Amounts,
    index: number,
    entitled: ReadonlyMap<string, number>,
  ): void {
    for (const [name, { used, tasks, waiting }] of holdings) {
      tracks[name] ??= { tasks: [], waiting: [], share: [], entitled: [], used: {} };
      const track = tracks[name];
      const amounts = used.amounts();
      put(track.tasks, index, tasks);
      put(track.waiting, index, waiting);
      put(track.share, index, dominantShare(amounts, capacity));
      put(track.entitled, index, entitled.get(name) ?? 0);
      append(track.used, amounts, index);
    }
  }

  #noteGuarantee(role: string, guarantee: Amounts, holding: Holding | undefined, index: number): void {
    const used = holding?.used.amounts() ?? {};
    const demand = holding?.demand.amounts() ?? {};
    const isKept = Object.entries(guarantee).every(
      ([name, amount]) => (used[name] ?? 0) >= Math.min(amount, demand[name] ?? 0) - TOLERANCE,
    );
    this.series.guaranteed[role] ??= [];
    const kept = this.series.guaranteed[role];
    while (kept.length < index) kept.push(true);
    kept[index] = isKept;
  }
}

const holdingOf = (holdings: Map<string, Holding>, name: string, role: string): Holding => {
  let holding = holdings.get(name);
  if (!holding) {
    holding = { used: new AmountSum(), demand: new AmountSum(), roles: new Set(), tasks: 0, waiting: 0 };
    holdings.set(name, holding);
  }
  holding.roles.add(role);
  return holding;
};

/** Whoever was not there yet had nothing. */
const put = (values: number[], index: number, value: number): void => {
  while (values.length < index) values.push(0);
  values[index] = value;
};

const append = (columns: Record<string, number[]>, amounts: Amounts, index: number): void => {
  for (const name of Object.keys(amounts)) columns[name] ??= [];
  for (const [name, values] of Object.entries(columns)) put(values, index, amounts[name] ?? 0);
};

const valuesOf = (scalars: Readonly<Record<string, { value: number }>>): Amounts =>
  Object.fromEntries(Object.entries(scalars).map(([name, { value }]) => [name, value]));
