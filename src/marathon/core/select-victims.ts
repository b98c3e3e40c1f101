import { fieldValue } from '../../mesos/agent-fields.ts';
import type { AppDefinition } from '../definitions/app.ts';
import type { Condition, Instance } from './instance.ts';
import type { Assessed } from './instance-index.ts';

/** Instances that do least go first (marathon.md 3.6). */
const WEIGHTS: Partial<Record<Condition, number>> = {
  Scheduled: 0,
  Provisioned: 1,
  Unreachable: 2,
  Staging: 3,
  Starting: 4,
  Running: 5,
};
const HEAVIEST = 6;

export interface VictimOptions {
  readonly app: Pick<AppDefinition, 'constraints' | 'killSelection'>;
  /** Of those that run, the ones that do not serve go first, and then those of an old configuration. */
  readonly candidates: readonly Assessed[];
  readonly count: number;
  /** Ids of instances that somebody asked to be rid of. */
  readonly named?: ReadonlySet<string>;
}

/**
 * Chooses the instances that an app loses: those that were named, those whose going balances the groups of a GROUP_BY,
 * those that do least, and then the youngest or the oldest.
 */
export const selectVictims = ({ app, candidates, count, named = NOBODY }: VictimOptions): Instance[] => {
  const compare = (one: Assessed, other: Assessed): number =>
    Number(named.has(other.instance.id)) - Number(named.has(one.instance.id)) ||
    Number(one.assessment.isReady) - Number(other.assessment.isReady) ||
    weightOf(one.instance) - weightOf(other.instance) ||
    Number(one.assessment.isCurrent) - Number(other.assessment.isCurrent) ||
    byAge(app.killSelection, one.instance, other.instance);
  const fields = app.constraints.flatMap(([field, operator]) => (operator === 'GROUP_BY' ? [field] : []));
  if (fields.length > 0) return spreadVictims(candidates.toSorted(compare), { fields, count, named });
  // A restart ends one of many, again and again: for that nothing needs to be sorted.
  const first = count === 1 ? candidates.reduce(firstOf(compare), candidates[0]) : undefined;
  const chosen = first ? [first] : candidates.toSorted(compare).slice(0, count);
  return chosen.map(({ instance }) => instance);
};

const NOBODY: ReadonlySet<string> = new Set();

const firstOf =
  <Item>(compare: (one: Item, other: Item) => number) =>
  (first: Item | undefined, next: Item): Item =>
    first === undefined || compare(next, first) < 0 ? next : first;

/** Each victim that serves is taken from the largest groups, as they are after those before it. */
const spreadVictims = (
  order: readonly Assessed[],
  { fields, count, named }: { fields: readonly string[]; count: number; named: ReadonlySet<string> },
): Instance[] => {
  const groups = fields.map((field) => groupsBy(field, order));
  const left = [...order];
  const victims: Instance[] = [];
  while (victims.length < count && left.length > 0) {
    const isCrowded = ({ instance }: Assessed): boolean => groups.every((group) => group.isLargest(instance));
    const isFree = ({ instance, assessment }: Assessed): boolean =>
      named.has(instance.id) || !assessment.isReady;
    for (const group of groups) group.findLargest();
    const free = left.findIndex(isFree);
    const place = free >= 0 ? free : Math.max(0, left.findIndex(isCrowded));
    const [victim] = left.splice(place, 1);
    if (victim === undefined) break;
    victims.push(victim.instance);
    for (const group of groups) group.leave(victim.instance);
  }
  return victims;
};

interface Groups {
  /** Looks at the sizes as they are now. */
  findLargest(): void;
  isLargest(instance: Instance): boolean;
  leave(instance: Instance): void;
}

/** What is nowhere yet is in no group, and balances as well as any. */
const groupsBy = (field: string, all: readonly Assessed[]): Groups => {
  const sizes = new Map<string | undefined, number>();
  const change = ({ agent }: Instance, by: 1 | -1): void => {
    if (agent === undefined) return;
    const value = fieldValue(agent, field);
    sizes.set(value, (sizes.get(value) ?? 0) + by);
  };
  for (const { instance } of all) change(instance, 1);
  let largest = 0;
  return {
    findLargest: () => {
      largest = Math.max(...sizes.values());
    },
    isLargest: ({ agent }) => agent === undefined || sizes.get(fieldValue(agent, field)) === largest,
    leave: (instance) => change(instance, -1),
  };
};

const weightOf = ({ condition }: Instance): number => WEIGHTS[condition] ?? HEAVIEST;

const byAge = (selection: AppDefinition['killSelection'], one: Instance, other: Instance): number => {
  const age = startOf(one) - startOf(other);
  return selection === 'YOUNGEST_FIRST' ? -age : age;
};

const startOf = ({ task, sinceMs }: Instance): number => task?.startedAtMs ?? task?.stagedAtMs ?? sinceMs;
