import type { RunSpec } from '../../definitions/run-spec.ts';
import type { RestartSituation } from '../rolling-restart.ts';
import type { Turn } from '../turn.ts';
import { watchPauses } from './pauses.ts';
import { retarget } from './retarget.ts';
import { dropFormerBackOffs, isHeld, type Rollout, stageOf } from './rollout.ts';
import type { RolloutStep } from './rollout-steps.ts';
import { tellStage } from './tell-stage.ts';

/**
 * Takes the canary or blue-green upgrade of an app as far as it goes now. A stage is reached when its new instances are
 * healthy and ready; then it is paused as it says, and when that is over, and they still are, the next one follows.
 */
export const passStages = (turn: Turn, app: RunSpec): void => {
  for (;;) {
    const stage = stageOf(turn.state, app.id);
    if (stage === undefined) return;
    const { rollout, step } = stage;
    if (turn.state.instances.counts(app.id).currentReady < step.target) return;
    const { pause } = rollout;
    if (pause === undefined) {
      const { pauseSeconds = 0, untilContinued = false } = step;
      if (untilContinued || pauseSeconds > 0) {
        const until = untilContinued ? {} : { untilMs: turn.nowMs + pauseSeconds * 1000 };
        setRollout(turn, app.id, { ...rollout, pause: { sinceMs: turn.nowMs, ...until } });
        tellStage(turn, app, { eventType: 'deployment_stage_paused' });
        watchPauses(turn);
        return;
      }
    } else if (pause.untilMs === undefined || pause.untilMs > turn.nowMs) return;
    goOn(turn, app, { step: rollout.step + 1, reason: 'The pause is over' });
  }
};

/** Leaves the stages before this one behind; the reason is why a pause ends. */
export const goOn = (turn: Turn, app: RunSpec, { step, reason }: { step: number; reason: string }): void => {
  const rollout = stageOf(turn.state, app.id)?.rollout;
  if (rollout?.pause) tellStage(turn, app, { eventType: 'deployment_stage_continued', reason });
  if (rollout) setRollout(turn, app.id, { step, former: rollout.former });
  tellStage(turn, app, { eventType: 'deployment_stage_started' });
  turn.touched.add(app.id);
  if (isHeld(turn.state, app.id)) return;
  retarget(turn, app);
  dropFormerBackOffs(turn.state, [app.id]);
};

/** Getting to a stage, and beyond it, is progress. */
const setRollout = (turn: Turn, specId: string, rollout: Rollout): void => {
  const { deployments, locks } = turn.state;
  const deployment = deployments.get(locks.get(specId) ?? '');
  if (deployment === undefined) return;
  const { deadline, rollouts } = deployment;
  turn.saveDeployment({
    ...deployment,
    rollouts: { ...rollouts, [specId]: rollout },
    ...(deadline && { deadline: { ...deadline, progressedAtMs: turn.nowMs } }),
  });
};

/**
 * What a stage allows. When the app grows at the same time, the rest of it comes with the last stage; what there is more
 * of new ones than there should be stands for old ones.
 */
export const boundsOf = (
  { target, keepsAll }: RolloutStep,
  { present, former, current }: { present: RunSpec; former: RunSpec; current: number },
): NonNullable<RestartSituation['stage']> => {
  const least = Math.min(present.instances, former.instances);
  return { target, keepOld: keepsAll ? least : Math.max(0, least - Math.max(target, current)) };
};
