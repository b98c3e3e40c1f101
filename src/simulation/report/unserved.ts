import { Placement, satisfies } from '../../marathon/core/matcher/constraints.ts';
import type { MasterState } from '../../master/core/state.ts';
import { isActive } from '../../master/core/state.ts';
import type { Resource } from '../../mesos/generated/mesos.ts';
import type { Amounts } from '../scenario/scenario.ts';
import { durationText } from '../scenario/units.ts';
import { placeOf } from '../world/agent-pool.ts';
import type { Stage } from '../world/play-timeline.ts';
import type { VirtualAgent } from '../world/virtual-agent.ts';
import { AmountSum, amountsText } from './amounts.ts';
import { type Demand, demandsOf } from './demands.ts';

/** Tasks that are wanted and have no place, and why. */
export interface Unserved {
  readonly framework: string;
  readonly app: string;
  readonly role: string;
  readonly waiting: number;
  /** How many of them had a place before. */
  readonly displaced: number;
  readonly needs: Amounts;
  /** For people. */
  readonly reason: string;
  /** On how many agents each resource is too short. */
  readonly lacking: Readonly<Record<string, number>>;
  /** On how many agents there is room that constraints allow. */
  readonly room: number;
}

/** What is left of one agent. */
interface Remainder {
  readonly agent: VirtualAgent;
  readonly total: Amounts;
  /** By the role that it is reserved for; `*` is nobody's. */
  readonly free: ReadonlyMap<string, Amounts>;
}

export interface Leftovers {
  readonly free: Amounts;
  /** The most that one agent has left of each. */
  readonly largest: Amounts;
  readonly unserved: readonly Unserved[];
}

/** What is left free, and for what it is too little. What is offered at the moment counts as free. */
export const findLeftovers = (stage: Stage): Leftovers => {
  const remainders = remaindersOf(stage);
  const free = new AmountSum();
  const largest: Record<string, number> = {};
  for (const remainder of remainders) {
    const left = new AmountSum();
    for (const amounts of remainder.free.values()) left.addAmounts(amounts);
    const amounts = left.amounts();
    free.addAmounts(amounts);
    for (const [name, amount] of Object.entries(amounts)) {
      largest[name] = Math.max(largest[name] ?? 0, amount);
    }
  }
  return {
    free: free.amounts(),
    largest,
    unserved: demandsOf(stage)
      .filter(({ waiting }) => waiting > 0)
      .map((demand) => explain(stage.world.master.state, demand, remainders, stage)),
  };
};

/** Why each of these tasks has no place at the moment, in the order of the demands. */
export const explainDemands = (stage: Stage, demands: readonly Demand[]): Unserved[] => {
  const remainders = remaindersOf(stage);
  return demands.map((demand) => explain(stage.world.master.state, demand, remainders, stage));
};

const remaindersOf = ({ world, pool }: Stage): Remainder[] => {
  const { state, allocator } = world.master;
  return pool.agents.flatMap((agent): Remainder[] => {
    const known = agent.id === undefined ? undefined : state.agents.get(agent.id);
    if (!known || !isActive(known)) return [];
    const free = new Map<string, AmountSum>();
    const add = (resources: readonly Resource[]): void => {
      for (const resource of resources) {
        const role = resource.reservations?.at(-1)?.role ?? '*';
        const sum = free.get(role) ?? new AmountSum();
        free.set(role, sum);
        sum.add([resource]);
      }
    };
    add(allocator.available(known.id));
    for (const id of known.offerIds) add(state.offers.get(id)?.resources ?? []);
    const total = new AmountSum();
    total.add(known.total);
    return [
      {
        agent,
        total: total.amounts(),
        free: new Map([...free].map(([role, sum]) => [role, sum.amounts()])),
      },
    ];
  });
};

const explain = (
  state: MasterState,
  demand: Demand,
  remainders: readonly Remainder[],
  stage: Stage,
): Unserved => {
  const { needs, role } = demand;
  const lacking: Record<string, number> = {};
  let roomy = 0;
  let room = 0;
  let largeEnough = 0;
  const placement = new Placement(
    demand.constraints,
    demand.placedOn(),
    demand.constraints.length === 0 ? [] : remainders.map(({ agent }) => placeOf(agent)),
  );
  for (const { agent, total, free } of remainders) {
    if (holds(total, needs)) largeEnough++;
    const usable = usableBy(free, role);
    const short = Object.keys(needs).filter((name) => isShort(usable[name], needs[name]));
    for (const name of short) lacking[name] = (lacking[name] ?? 0) + 1;
    if (short.length > 0) continue;
    roomy++;
    const place = placeOf(agent);
    if (demand.constraints.every((one) => satisfies(one, place, placement, demand.wanted))) room++;
  }
  const found = { agents: remainders.length, largeEnough, roomy, room, lacking };
  return {
    framework: demand.framework,
    app: demand.app,
    role,
    waiting: demand.waiting,
    displaced: demand.displacedFrom.length,
    needs,
    reason: reasonOf(state, demand, found, stage),
    lacking,
    room,
  };
};

interface Found {
  readonly agents: number;
  readonly largeEnough: number;
  readonly roomy: number;
  readonly room: number;
  readonly lacking: Readonly<Record<string, number>>;
}

const reasonOf = (state: MasterState, demand: Demand, found: Found, stage: Stage): string => {
  const { role, needs, constraints, delayLeftMs } = demand;
  const { agents, largeEnough, roomy, room, lacking } = found;
  if (agents === 0) return 'there are no agents';
  const limit = limitReached(state, role, needs, stage);
  if (limit !== undefined) return limit;
  if (largeEnough === 0) return `no agent is large enough for ${amountsText(needs)}`;
  if (roomy === 0) return `${lackingText(lacking, agents)}`;
  if (room === 0) {
    const texts = constraints.map((constraint) => constraint.join(' ')).join(', ');
    return `${roomy} of ${agents} agents have room, but ${texts} excludes them`;
  }
  if (delayLeftMs > 0) return `held back for ${durationText(delayLeftMs)} after failures`;
  if (demand.refusals !== '') return `offers were of no use: ${demand.refusals}`;
  const guaranteed = [...state.quotas.values()].filter((config) => config.guarantees && config.role !== role);
  if (guaranteed.length > 0) {
    return `${room} of ${agents} agents have room, which is kept for the guarantees of ${guaranteed.map((config) => config.role).join(', ')} or not offered yet`;
  }
  return `${room} of ${agents} agents have room: it is not offered yet`;
};

/** The scarcest first. */
const lackingText = (lacking: Readonly<Record<string, number>>, agents: number): string => {
  const short = Object.entries(lacking).sort(([, one], [, other]) => other - one);
  const everywhere = short.filter(([, count]) => count === agents).map(([name]) => name);
  if (everywhere.length > 0) return `too few ${everywhere.join(' and ')} on all ${agents} agents`;
  return short
    .map(([name, count]) => `too few ${name} on ${count}`)
    .join(', ')
    .concat(` of ${agents} agents`);
};

const limitReached = (
  state: MasterState,
  role: string,
  needs: Amounts,
  { world }: Stage,
): string | undefined => {
  const names = role.split('/');
  for (let depth = names.length; depth > 0; depth--) {
    const holder = names.slice(0, depth).join('/');
    const limits = state.quotas.get(holder)?.limits ?? {};
    const held = world.master.allocator.role(holder)?.offeredOrAllocatedUnreserved ?? {};
    for (const [name, { value }] of Object.entries(limits)) {
      const used = held[name] ?? 0;
      if (isShort(value - used, needs[name])) {
        return `the limit of ${holder} is reached: ${used} of ${value} ${name}`;
      }
    }
  }
  return undefined;
};

/** What is nobody's, and what is reserved for the role or one above it. */
const usableBy = (free: ReadonlyMap<string, Amounts>, role: string): Amounts => {
  const sum = new AmountSum();
  for (const [holder, amounts] of free) {
    if (holder === '*' || role === holder || role.startsWith(`${holder}/`)) sum.addAmounts(amounts);
  }
  return sum.amounts();
};

const isShort = (has = 0, needs = 0): boolean => Math.round(has * 1000) < Math.round(needs * 1000);

const holds = (has: Amounts, needs: Amounts): boolean =>
  Object.keys(needs).every((name) => !isShort(has[name], needs[name]));
