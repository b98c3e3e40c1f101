import { fieldValue } from '../../mesos/agent-fields.ts';
import type { AppDefinition } from '../definitions/app.ts';
import type { Condition, Instance } from './instance.ts';
import type { Assessment } from './instance-index.ts';

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
  readonly candidates: readonly Instance[];
  readonly count: number;
  /** Ids of instances that somebody asked to be rid of. */
  readonly named?: ReadonlySet<string>;
  /** Of those that run, the ones that do not serve go first, and then those of an old configuration. */
  readonly assess: (instance: Instance) => Pick<Assessment, 'isReady' | 'isCurrent'>;
}

/**
 * Chooses the instances that an app loses: those that were named, those whose going balances the groups of a GROUP_BY,
 * those that do least, and then the youngest or the oldest.
 */
export const selectVictims = (options: VictimOptions): Instance[] => {
  const { app, candidates, count, named = new Set(), assess } = options;
  const assessments = new Map(candidates.map((candidate) => [candidate, assess(candidate)]));
  const isReady = (instance: Instance): boolean => assessments.get(instance)?.isReady ?? false;
  const isCurrent = (instance: Instance): boolean => assessments.get(instance)?.isCurrent ?? false;
  const order = candidates.toSorted(
    (one, other) =>
      Number(named.has(other.id)) - Number(named.has(one.id)) ||
      Number(isReady(one)) - Number(isReady(other)) ||
      weightOf(one) - weightOf(other) ||
      Number(isCurrent(one)) - Number(isCurrent(other)) ||
      byAge(app.killSelection, one, other),
  );
  const fields = app.constraints.flatMap(([field, operator]) => (operator === 'GROUP_BY' ? [field] : []));
  if (fields.length === 0) return order.slice(0, count);

  const victims: Instance[] = [];
  let left = order;
  while (victims.length < count && left.length > 0) {
    const isFree = (instance: Instance): boolean => named.has(instance.id) || !isReady(instance);
    const crowded = left.filter((instance) =>
      fields.every((field) => isInLargestGroup(left, instance, field)),
    );
    const victim = left.find(isFree) ?? crowded[0] ?? left[0];
    if (victim === undefined) break;
    victims.push(victim);
    left = left.filter((instance) => instance !== victim);
  }
  return victims;
};

const weightOf = ({ condition }: Instance): number => WEIGHTS[condition] ?? HEAVIEST;

const byAge = (selection: AppDefinition['killSelection'], one: Instance, other: Instance): number => {
  const age = startOf(one) - startOf(other);
  return selection === 'YOUNGEST_FIRST' ? -age : age;
};

const startOf = ({ task, sinceMs }: Instance): number => task?.startedAtMs ?? task?.stagedAtMs ?? sinceMs;

/** What is nowhere yet is in no group, and balances as well as any. */
const isInLargestGroup = (instances: readonly Instance[], instance: Instance, field: string): boolean => {
  if (instance.agent === undefined) return true;
  const sizes = new Map<string | undefined, number>();
  for (const { agent } of instances) {
    if (agent === undefined) continue;
    const value = fieldValue(agent, field);
    sizes.set(value, (sizes.get(value) ?? 0) + 1);
  }
  return sizes.get(fieldValue(instance.agent, field)) === Math.max(...sizes.values());
};
