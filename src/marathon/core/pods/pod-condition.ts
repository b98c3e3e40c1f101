import type { Condition, ContainerTask } from '../instance.ts';
import { isLive } from './container-tasks.ts';

/** Of containers that have ended, the first of these that one of them has is the instance's. */
const WORST_FIRST: readonly Condition[] = ['Error', 'Failed', 'Gone', 'Dropped', 'Unknown', 'Killed'];
/** Of containers that go on, likewise: the instance is as far as the last of them. */
const SLOWEST_FIRST: readonly Condition[] = ['Provisioned', 'Staging', 'Starting'];

/**
 * The condition of a pod's instance, out of those of its containers. It ends when the last of them has ended, and is being
 * ended as soon as one has failed; one that has finished its work only leaves the others to theirs.
 */
export const podCondition = (containers: readonly ContainerTask[], before: Condition): Condition => {
  const live = new Set(containers.filter(isLive).map(({ condition }) => condition));
  const ended = new Set(containers.filter((one) => !isLive(one)).map(({ condition }) => condition));
  const worst = WORST_FIRST.find((condition) => ended.has(condition));
  if (live.size === 0) return worst ?? 'Finished';
  if (live.has('Unreachable')) return before === 'UnreachableInactive' ? before : 'Unreachable';
  if (worst !== undefined || live.has('Killing')) return 'Killing';
  return SLOWEST_FIRST.find((condition) => live.has(condition)) ?? 'Running';
};

/** One of them has ended in a way that the others must not outlive. */
export const hasFallen = (containers: readonly ContainerTask[]): boolean =>
  containers.some(({ condition }) => WORST_FIRST.includes(condition));
