import { isEnough } from './held-guarantees.ts';
import { increase, increaseAll, type MutableQuantities, type Quantities, shortfall } from './quantities.ts';

/** Something that can be taken from its owner: an offer that nobody answered, or tasks that end together. */
export interface Takeable {
  readonly type: 'offer' | 'tasks';
  readonly key: string;
  readonly agentId: string;
  /** At the top level. */
  readonly role: string;
  /** Unreserved and not revocable: what it gives back to everybody. */
  readonly freed: Quantities;
  /** 0 for offers. */
  readonly taskCount: number;
  /** What began last has the least to lose. */
  readonly startedMs: number;
}

export interface PreemptionClaim {
  readonly role: string;
  readonly lacking: Quantities;
  /** Agents that the role could use. */
  readonly agentIds: ReadonlySet<string>;
}

/** Of a role with a guarantee: what it has of it in tasks and reservations, and with its offers. */
export interface Protection {
  readonly guarantee: Quantities;
  readonly consumed: Quantities;
  readonly held: Quantities;
}

/** Everything in thousandths. Roles are those at the top level. */
export interface PreemptionPicture {
  /**
   * Agents that can be relied on: what is free there, or will be because it is being taken already, and how much of it there has
   * to be at the least so that anything can run.
   */
  readonly agents: ReadonlyMap<string, { readonly free: Quantities; readonly least: Quantities }>;
  /** Of roles that want offers, in the order in which they are served. */
  readonly claims: readonly PreemptionClaim[];
  readonly protections: ReadonlyMap<string, Protection>;
  readonly takeables: readonly Takeable[];
  /** By role; 1 when missing. */
  readonly weights: ReadonlyMap<string, number>;
}

export interface PreemptionPlan {
  readonly role: string;
  readonly taken: readonly Takeable[];
  /** What will still be missing then: there is nothing more that may be taken. */
  readonly missing: Quantities;
}

/** In one plan for one role; what is beyond comes with the next. */
const MAX_TAKEN = 200;
/** The best of more are looked at. */
const MAX_CANDIDATES = 5_000;
/** Shares are sums of quotients. */
const EPSILON = 1e-9;
const NOTHING: Quantities = new Map();

/**
 * Whose offers and tasks have to go so that guarantees can be served: a plan for each claim that what is free does not serve.
 *
 * Given what is lacking, the one that covers the largest part of it per task is taken, again and again (offers, which cost nobody
 * anything, come first); then whatever turned out not to be needed, the costliest first, is left alone. So no part of a plan could
 * be left out. Nothing is taken that its owner's own guarantee needs, and nothing that does not help.
 */
export const planPreemption = (picture: PreemptionPicture): PreemptionPlan[] => {
  const pool: Pool = {
    picture,
    free: new Map([...picture.agents].map(([id, { free }]) => [id, new Map(free)])),
    given: new Map(),
    taken: new Set(),
    sums: new Map(),
  };
  return picture.claims.map((claim) => serve(pool, claim));
};

interface Pool {
  readonly picture: PreemptionPicture;
  /** By agent; what one claim has got is not there for the next. */
  readonly free: Map<string, MutableQuantities>;
  /** By role: what is taken from it, as offers and in all. */
  readonly given: Map<string, { consumed: MutableQuantities; held: MutableQuantities }>;
  readonly taken: Set<Takeable>;
  /** Of what is usable on the agents of a claim. */
  readonly sums: Map<ReadonlySet<string>, MutableQuantities>;
}

const serve = (pool: Pool, claim: PreemptionClaim): PreemptionPlan => {
  const sum = usableSum(pool, claim.agentIds);
  const isServed = (): boolean => coverageOf(claim, sum) >= claim.lacking.size - EPSILON;
  const chosen: Takeable[] = [];
  const candidates = isServed() ? [] : candidatesFor(pool, claim);
  while (!isServed() && chosen.length < MAX_TAKEN) {
    const best = bestOf(pool, claim, candidates, sum);
    if (!best) break;
    take(pool, best, 1);
    chosen.push(best);
  }
  const covered = coverageOf(claim, sum);
  const needed = new Set(chosen);
  for (const one of chosen.toSorted(byCost)) {
    take(pool, one, -1);
    if (coverageOf(claim, sum) >= covered - EPSILON) needed.delete(one);
    else take(pool, one, 1);
  }
  const missing = shortfall(claim.lacking, sum);
  useUp(pool, claim);
  return { role: claim.role, taken: chosen.filter((one) => needed.has(one)), missing };
};

const candidatesFor = (pool: Pool, claim: PreemptionClaim): Takeable[] => {
  const scored: Scored[] = [];
  for (const one of pool.picture.takeables) {
    const isElsewhere = !claim.agentIds.has(one.agentId) || !pool.free.has(one.agentId);
    if (one.role === claim.role || isElsewhere || pool.taken.has(one)) continue;
    const gain = coverageOf(claim, one.freed);
    if (gain > EPSILON && mayBeTaken(pool, one)) scored.push({ one, gain });
  }
  if (scored.length > MAX_CANDIDATES) {
    scored.sort((first, second) => (isBetter(pool, claim, first, second) ? -1 : 1));
  }
  return scored.slice(0, MAX_CANDIDATES).map(({ one }) => one);
};

/** What is free where enough is free for anything to run; kept up to date from then on. */
const usableSum = (pool: Pool, agentIds: ReadonlySet<string>): Quantities => {
  const known = pool.sums.get(agentIds);
  if (known) return known;
  const sum: MutableQuantities = new Map();
  for (const id of agentIds) if (isUsable(pool, id)) increaseAll(sum, freeOf(pool, id), 1);
  pool.sums.set(agentIds, sum);
  return sum;
};

/** More is free on an agent (1), or less (-1). */
const changeFree = (pool: Pool, agentId: string, by: Quantities, times: 1 | -1): void => {
  const free = pool.free.get(agentId);
  if (!free) return;
  const sums = [...pool.sums].flatMap(([agentIds, sum]) => (agentIds.has(agentId) ? [sum] : []));
  if (isUsable(pool, agentId)) for (const sum of sums) increaseAll(sum, free, -1);
  increaseAll(free, by, times);
  if (isUsable(pool, agentId)) for (const sum of sums) increaseAll(sum, free, 1);
};

const freeOf = ({ free }: Pool, agentId: string): Quantities => free.get(agentId) ?? NOTHING;

const isUsable = (pool: Pool, agentId: string, free = freeOf(pool, agentId)): boolean => {
  const least = pool.picture.agents.get(agentId)?.least;
  return least !== undefined && isEnough(free, least);
};

/** How much of what is lacking there is: 1 for each resource of which there is enough. */
const coverageOf = ({ lacking }: PreemptionClaim, sum: Quantities, added = NOTHING): number => {
  let covered = 0;
  for (const [name, wanted] of lacking) {
    covered += Math.min((sum.get(name) ?? 0) + (added.get(name) ?? 0), wanted) / wanted;
  }
  return covered;
};

const bestOf = (
  pool: Pool,
  claim: PreemptionClaim,
  candidates: readonly Takeable[],
  sum: Quantities,
): Takeable | undefined => {
  const covered = coverageOf(claim, sum);
  let best: Scored | undefined;
  for (const one of candidates) {
    if (pool.taken.has(one)) continue;
    const gain = coverageOf(claim, sum, usefulPart(pool, one)) - covered;
    if (gain <= EPSILON || (best && !isBetter(pool, claim, { one, gain }, best))) continue;
    if (mayBeTaken(pool, one)) best = { one, gain };
  }
  return best?.one;
};

/** What would be usable on its agent beside what is: more than itself when only now there is enough for anything to run. */
const usefulPart = (pool: Pool, { agentId, freed }: Takeable): Quantities => {
  if (isUsable(pool, agentId)) return freed;
  const after: MutableQuantities = new Map(freeOf(pool, agentId));
  increaseAll(after, freed, 1);
  return isUsable(pool, agentId, after) ? after : NOTHING;
};

type Scored = Readonly<{ one: Takeable; gain: number }>;

const isBetter = ({ picture }: Pool, claim: PreemptionClaim, first: Scored, second: Scored): boolean => {
  const perTask = ({ one, gain }: Scored): number =>
    one.type === 'offer' ? 1e6 + gain : gain / one.taskCount;
  const rank = ({ one }: Scored): readonly number[] => [
    picture.protections.has(one.role) ? 1 : 0,
    picture.weights.get(one.role) ?? 1,
    sizeOf(claim, one),
    -one.startedMs,
  ];
  const difference = perTask(first) - perTask(second);
  if (Math.abs(difference) > EPSILON) return difference > 0;
  const [mine, theirs] = [rank(first), rank(second)];
  for (const [index, value] of mine.entries()) {
    const other = theirs[index] ?? 0;
    if (value !== other) return value < other;
  }
  return first.one.key < second.one.key;
};

/** More than is needed is a waste. */
const sizeOf = ({ lacking }: PreemptionClaim, { freed }: Takeable): number => {
  let size = 0;
  for (const [name, wanted] of lacking) size += (freed.get(name) ?? 0) / wanted;
  return size;
};

/** A role with a guarantee gives only what is beyond it: tasks as long as its tasks and reservations are, offers likewise. */
const mayBeTaken = ({ picture, given }: Pool, { type, role, freed }: Takeable): boolean => {
  const protection = picture.protections.get(role);
  if (!protection) return true;
  const before = given.get(role);
  const isBeyond = (has: Quantities, gave: Quantities | undefined): boolean => {
    for (const [name, amount] of freed) {
      const guaranteed = protection.guarantee.get(name);
      if (guaranteed === undefined || amount <= 0) continue;
      if ((has.get(name) ?? 0) - (gave?.get(name) ?? 0) - amount < guaranteed) return false;
    }
    return true;
  };
  if (!isBeyond(protection.held, before?.held)) return false;
  return type === 'offer' || isBeyond(protection.consumed, before?.consumed);
};

/** Takes it (1), or leaves it after all (-1). */
const take = (pool: Pool, one: Takeable, times: 1 | -1): void => {
  const { agentId, role, freed, type } = one;
  if (times > 0) pool.taken.add(one);
  else pool.taken.delete(one);
  changeFree(pool, agentId, freed, times);
  const given = pool.given.get(role) ?? { consumed: new Map(), held: new Map() };
  pool.given.set(role, given);
  increaseAll(given.held, freed, times);
  if (type === 'tasks') increaseAll(given.consumed, freed, times);
};

/** The costliest first. */
const byCost = (one: Takeable, other: Takeable): number =>
  other.taskCount - one.taskCount || total(other.freed) - total(one.freed) || (one.key < other.key ? -1 : 1);

const total = (quantities: Quantities): number =>
  [...quantities.values()].reduce((sum, thousandths) => sum + thousandths, 0);

/** What the claim will get is not there for others. */
const useUp = (pool: Pool, { lacking, agentIds }: PreemptionClaim): void => {
  const left = new Map(lacking);
  for (const id of agentIds) {
    if (left.size === 0) return;
    if (!isUsable(pool, id)) continue;
    const used: MutableQuantities = new Map();
    for (const [name, wanted] of left)
      increase(used, name, Math.min(wanted, freeOf(pool, id).get(name) ?? 0));
    changeFree(pool, id, used, -1);
    increaseAll(left, used, -1);
  }
};
