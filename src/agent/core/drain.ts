import type { DrainConfig, KillPolicy } from '../../mesos/generated/mesos.ts';
import { endTask } from './kill.ts';
import { DRAIN_KEY, type Turn } from './turn.ts';

/**
 * Draining (mesos.md 3.7): every task here is ended and none is taken on, until nothing is left that anybody has yet to
 * hear of. The master decides when that is; the agent forgets the drain by itself then.
 */

/** Ordered by the master, for the first time or again: after a restart, or with another grace period. */
export const startDrain = (turn: Turn, config: DrainConfig): void => {
  const { state, nowMs } = turn;
  state.drain = { config, startedMs: state.drain?.startedMs ?? nowMs };
  turn.save(DRAIN_KEY, state.drain);
  for (const task of [...state.tasks.values()]) {
    const policy = policyOf(config, task.info.kill_policy);
    endTask(turn, task, { cause: 'kill', policy });
  }
};

/** The drain's grace period where it is shorter than the task's own, or the task has none; undefined: the task's. */
const policyOf = (
  { max_grace_period: longest }: DrainConfig,
  own: KillPolicy | undefined,
): KillPolicy | undefined => {
  const ownNanoseconds = own?.grace_period?.nanoseconds ?? Number.POSITIVE_INFINITY;
  return longest && longest.nanoseconds < ownNanoseconds ? { grace_period: longest } : undefined;
};

/** Forgets the drain once every task is over and acknowledged, and the outcome of every operation, too. */
export const endDrainIfOver = (turn: Turn): void => {
  const { drain, tasks, operations } = turn.state;
  if (drain && tasks.size === 0 && operations.size === 0) forgetDrain(turn);
};

export const forgetDrain = (turn: Turn): void => {
  if (!turn.state.drain) return;
  turn.state.drain = undefined;
  turn.save(DRAIN_KEY, undefined);
};
