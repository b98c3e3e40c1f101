import type { AppDefinition } from '../definitions/app.ts';
import { isBound } from '../definitions/run-spec.ts';
import { assess } from './assess.ts';
import type { Instance } from './instance.ts';
import { createInstance, endInstance } from './instance-life.ts';
import { failureKey } from './keys.ts';
import { goalOfEnded, resumeStopped } from './resident/resume-stopped.ts';
import { selectVictims } from './select-victims.ts';
import type { Turn } from './turn.ts';

/**
 * Brings an app to its number of instances (marathon.md 3.4): what is missing is created, what is too much is ended, the
 * named ones first. Those that do not exist any more but were named make no difference.
 */
export const scaleApp = (turn: Turn, app: AppDefinition, toKill: readonly string[] = []): void => {
  const { instances } = turn.state;
  const surplus = instances.counts(app.id).wanted - app.instances;
  if (surplus < 0) startInstances(turn, app, -surplus);
  if (surplus <= 0) return;
  const victims = selectVictims({
    app,
    candidates: wantedInstances(turn, app.id),
    count: surplus,
    named: new Set(toKill),
    assess: (instance) => assess(turn.state, instance),
  });
  for (const victim of victims) endInstance(turn, victim, goalOfEnded(victim));
};

export const startInstances = (turn: Turn, app: AppDefinition, count: number): void => {
  const resumed = isBound(app) ? resumeStopped(turn, app, count) : 0;
  for (let started = resumed; started < count; started++) createInstance(turn, app);
};

/** Instances that count: those that are unreachable for too long have been replaced. */
export const wantedInstances = (turn: Turn, appId: string): Instance[] =>
  turn.state.instances
    .ofApp(appId)
    .filter(({ goal, condition }) => goal === 'Running' && condition !== 'UnreachableInactive');

/** Ends everything of an app that is gone. True once nothing is left of it; then nothing more is known of it either. */
export const stopApp = (turn: Turn, appId: string): boolean => {
  const { state } = turn;
  for (const instance of state.instances.ofApp(appId)) {
    if (instance.goal !== 'Decommissioned') endInstance(turn, instance, 'Decommissioned');
  }
  if (state.instances.ofApp(appId).length > 0) return false;
  state.backOffs.delete(appId);
  state.formerApps.delete(appId);
  if (state.failures.delete(appId)) turn.save(failureKey(appId), undefined);
  return true;
};
