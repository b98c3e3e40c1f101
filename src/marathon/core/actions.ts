import { isBound, type RunSpec } from '../definitions/run-spec.ts';
import { type DeploymentAction, targetOf } from '../engine.ts';
import { runSpecOf } from '../groups/root-group.ts';
import { assess } from './assess.ts';
import { endInstance } from './instance-life.ts';
import { goalOfEnded } from './resident/resume-stopped.ts';
import { decideRestart } from './rolling-restart.ts';
import { boundsOf, passStages } from './rollout/pass-stages.ts';
import { stageOf } from './rollout/rollout.ts';
import { rememberFormer } from './root-versions.ts';
import { scaleApp, startInstances, stopApp } from './scale.ts';
import { selectVictims } from './select-victims.ts';
import type { Deployment } from './state.ts';
import type { Turn } from './turn.ts';

/**
 * Takes an action of a deployment as far as it goes now (marathon.md 3.4). It looks at what is there and does what is
 * missing, so it may be called at any time and any number of times. True once it is done.
 */
export const advanceAction = (turn: Turn, action: DeploymentAction, deployment: Deployment): boolean => {
  const id = targetOf(action);
  const app = runSpecOf(turn.state.root, id);
  switch (action.action) {
    case 'StopApplication':
    case 'StopPod':
      return advanceStop(turn, id);
    case 'StartApplication':
    case 'StartPod':
      return true;
    case 'ScaleApplication':
    case 'ScalePod':
      return app === undefined || advanceScale(turn, app, deployment.toKill[id]);
    case 'RestartApplication':
    case 'RestartPod':
      return app === undefined || advanceRestart(turn, app);
  }
};

const advanceStop = (turn: Turn, appId: string): boolean => {
  if (runSpecOf(turn.state.root, appId)) return true;
  if (!stopApp(turn, appId)) return false;
  turn.publish({ eventType: 'app_terminated_event', appId });
  return true;
};

const advanceScale = (turn: Turn, app: RunSpec, toKill?: readonly string[]): boolean => {
  scaleApp(turn, app, toKill);
  const { wanted, wantedReady, ending } = turn.state.instances.counts(app.id);
  return wanted === app.instances && wantedReady === app.instances && ending === 0;
};

const advanceRestart = (turn: Turn, app: RunSpec): boolean => {
  const { state } = turn;
  endReplaced(turn, app);
  passStages(turn, app);
  const counts = state.instances.counts(app.id);
  const stage = stageOf(state, app.id);
  const decision = decideRestart({
    instances: app.instances,
    ...app.upgradeStrategy,
    isResident: isBound(app),
    old: counts.wanted - counts.current,
    oldReady: counts.wantedReady - counts.currentReady,
    current: counts.current,
    currentReady: counts.currentReady,
    ending: counts.ending,
    ...(stage && {
      stage: boundsOf(stage.step, {
        present: app,
        former: stage.rollout.former,
        current: counts.current,
      }),
    }),
  });
  if (decision.kill > 0) endSome(turn, app, { isCurrent: false, count: decision.kill });
  if (decision.killCurrent > 0) endSome(turn, app, { isCurrent: true, count: decision.killCurrent });
  if (decision.startOld > 0 && stage) {
    rememberFormer(state, stage.rollout.former);
    startInstances(turn, stage.rollout.former, decision.startOld);
  }
  if (decision.start > 0) startInstances(turn, app, decision.start);
  return decision.isDone;
};

/** Old instances that were given up count no more, and must not come back once the restart is done. */
const endReplaced = (turn: Turn, app: RunSpec): void => {
  const { state } = turn;
  for (const id of [...state.instances.unreachable]) {
    const instance = state.instances.get(id);
    if (instance?.appId !== app.id || instance.condition !== 'UnreachableInactive') continue;
    if (!assess(state, instance).isCurrent) endInstance(turn, instance, 'Decommissioned');
  }
};

const endSome = (
  turn: Turn,
  app: RunSpec,
  { isCurrent, count }: { isCurrent: boolean; count: number },
): void => {
  const candidates = turn.state.instances.wanted(app.id, isCurrent);
  const victims = selectVictims({ app, candidates, count });
  for (const victim of victims) endInstance(turn, victim, goalOfEnded(victim));
};
