import { isOutdated, viewPlan } from './plan.ts';
import { isEverythingKnown } from './reconcile.ts';
import type { ServiceState } from './state.ts';
import { isLive } from './state.ts';
import type { Target, Turn } from './turn.ts';
import { kill } from './updates.ts';

/** What follows from the state, whatever has changed it; at the end of every turn. */
export const advance = (turn: Turn): void => {
  const due = viewPlan(turn).due;
  for (const target of due) {
    const task = turn.state.tasks.get(target.name);
    if (isLive(task) && !task.isEnding && isOutdated(turn, target)) {
      // Its turn had come before, though a scheduler that has lost its memory does not know what it has been since.
      turn.setTask(target.name, { ...task, wasDeployed: true });
      kill(turn, target.name);
    }
  }
  watchReadiness(turn);
  const { wanted, nextMs } = wantedTasks(turn, due);
  if (nextMs !== undefined) turn.setTimer('retry', nextMs - turn.nowMs);
  askForOffers(turn, wanted);
};

/**
 * Tasks to be launched as soon as there is an offer: those whose turn it is, and those that were deployed and have ended
 * since, because what has worked once must not wait for what does not yet. And when the next one may be.
 */
export const wantedTasks = (
  turn: Turn,
  due: readonly Target[] = viewPlan(turn).due,
): { wanted: Target[]; nextMs: number | undefined } => {
  const dueNames = new Set(due.map(({ name }) => name));
  const wanted: Target[] = [];
  let nextMs: number | undefined;
  for (const target of turn.targets.values()) {
    const task = turn.state.tasks.get(target.name);
    if (!task && !isEverythingKnown(turn)) continue;
    if (isLive(task) || task?.isDone || !(dueNames.has(target.name) || task?.wasDeployed)) continue;
    if (task && task.notBeforeMs > turn.nowMs) {
      nextMs = Math.min(nextMs ?? Number.POSITIVE_INFINITY, task.notBeforeMs);
    } else wanted.push(target);
  }
  return { wanted, nextMs };
};

/** Offers are asked for while something is wanted; else the other frameworks have them. */
const askForOffers = (turn: Turn, wanted: readonly Target[]): void => {
  const { state, spec } = turn;
  if (!state.isConnected || state.interest === 'refused') return;
  const roles = [spec.role];
  const names = new Set(wanted.map(({ name }) => name));
  const isNew = [...names].some((name) => !state.wantedBefore.has(name));
  state.wantedBefore = names;
  if (names.size > 0 || state.abandoned.size > 0) {
    // What was declined before may be just what the new one needs.
    if (state.interest !== 'revived' || isNew) turn.call({ type: 'REVIVE', revive: { roles } });
    state.interest = 'revived';
  } else if (state.interest !== 'suppressed') {
    turn.call({ type: 'SUPPRESS', suppress: { roles } });
    state.interest = 'suppressed';
  }
};

/** Tasks that run and are not ready are asked, those that the scheduler asks itself, until they are. */
const watchReadiness = (turn: Turn): void => {
  for (const target of turn.targets.values()) {
    const { readiness } = target.task;
    if (readiness === undefined || readiness.type === 'command') continue;
    const id = idToProbe(turn.state, target.name);
    const probed = turn.state.probes.get(target.name);
    if (id === probed) continue;
    if (id === undefined) {
      turn.state.probes.delete(target.name);
      turn.cancelTimer(`probe ${target.name}`);
    } else {
      turn.state.probes.set(target.name, id);
      turn.setTimer(`probe ${target.name}`, readiness.delayMs);
    }
  }
};

/** The run of a task that is to be asked whether it is ready. */
export const idToProbe = ({ tasks }: ServiceState, name: string): string | undefined => {
  const task = tasks.get(name);
  return task?.state === 'TASK_RUNNING' && !task.isReady ? task.id : undefined;
};
