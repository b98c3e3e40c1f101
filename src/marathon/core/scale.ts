import { isBound, type RunSpec } from '../definitions/run-spec.ts';
import { createInstance, endInstance } from './instance-life.ts';
import { failureKey } from './keys.ts';
import { forgetEndings } from './pods/pod-ending.ts';
import { goalOfEnded, resumeStopped } from './resident/resume-stopped.ts';
import { selectVictims } from './select-victims.ts';
import type { Turn } from './turn.ts';

/**
 * Brings an app to its number of instances (marathon.md 3.4): what is missing is created, what is too much is ended, the
 * named ones first. Those that do not exist any more but were named make no difference.
 */
export const scaleApp = (turn: Turn, app: RunSpec, toKill: readonly string[] = []): void => {
  const { instances } = turn.state;
  const surplus = instances.counts(app.id).wanted - app.instances;
  if (surplus < 0) startInstances(turn, app, -surplus);
  if (surplus <= 0) return;
  const victims = selectVictims({
    app,
    candidates: instances.wanted(app.id),
    count: surplus,
    named: new Set(toKill),
  });
  for (const victim of victims) endInstance(turn, victim, goalOfEnded(victim));
};

export const startInstances = (turn: Turn, app: RunSpec, count: number): void => {
  const resumed = isBound(app) ? resumeStopped(turn, app, count) : 0;
  for (let started = resumed; started < count; started++) createInstance(turn, app);
};

/** Ends everything of an app that is gone. True once nothing is left of it; then nothing more is known of it either. */
export const stopApp = (turn: Turn, appId: string): boolean => {
  const { state } = turn;
  // Each end of one of many instances has this asked again: what was decided once is not gone through anew.
  const undecided = state.instances.counts(appId).kept > 0 ? state.instances.ofApp(appId) : [];
  for (const instance of undecided) {
    if (instance.goal !== 'Decommissioned') endInstance(turn, instance, 'Decommissioned');
  }
  if (state.instances.counts(appId).total > 0) return false;
  state.backOffs.delete(appId);
  state.formerApps.delete(appId);
  if (state.failures.delete(appId)) turn.save(failureKey(appId), undefined);
  forgetEndings(turn, appId);
  return true;
};
