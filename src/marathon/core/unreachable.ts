import { definitionOf } from './definition-of.ts';
import type { Instance } from './instance.ts';
import { changeCondition, endInstance } from './instance-life.ts';
import type { Turn } from './turn.ts';

const NANOSECONDS_PER_MS = 1_000_000;

/** The master cannot reach the agent of a task; when it is given up depends on the app (marathon.md 3.14). */
export const becomeUnreachable = (
  turn: Turn,
  instance: Instance,
  sinceNanoseconds: number | undefined,
): void => {
  const { task } = instance;
  if (task === undefined) return;
  const unreachableAtMs =
    task.unreachableAtMs ??
    (sinceNanoseconds === undefined ? turn.nowMs : Math.round(sinceNanoseconds / NANOSECONDS_PER_MS));
  const known = { ...instance, task: { ...task, unreachableAtMs } };
  if (instance.condition === 'UnreachableInactive') return;
  changeCondition(turn, known, 'Unreachable');
  judgeUnreachable(turn);
};

/**
 * Gives up what has been unreachable for long enough: first it is replaced, later it is forgotten. What is to be ended
 * anyway is not waited for.
 */
export const judgeUnreachable = (turn: Turn): void => {
  const { state, nowMs } = turn;
  let nextMs = Number.POSITIVE_INFINITY;
  for (const id of [...state.instances.unreachable]) {
    const instance = state.instances.get(id);
    const sinceMs = instance?.task?.unreachableAtMs;
    if (instance === undefined || sinceMs === undefined) continue;
    if (instance.goal === 'Decommissioned') {
      endInstance(turn, instance, 'Decommissioned');
      continue;
    }
    const strategy = definitionOf(state, instance)?.unreachableStrategy;
    if (strategy === undefined || strategy === 'disabled') continue;
    const expungeAtMs = sinceMs + strategy.expungeAfterSeconds * 1000;
    const inactiveAtMs = sinceMs + strategy.inactiveAfterSeconds * 1000;
    if (nowMs >= expungeAtMs) {
      endInstance(turn, instance, 'Decommissioned');
      continue;
    }
    nextMs = Math.min(nextMs, expungeAtMs);
    if (instance.condition === 'UnreachableInactive') continue;
    if (nowMs >= inactiveAtMs) changeCondition(turn, instance, 'UnreachableInactive');
    else nextMs = Math.min(nextMs, inactiveAtMs);
  }
  if (nextMs < Number.POSITIVE_INFINITY) turn.setTimer('unreachable', nextMs - nowMs);
};
