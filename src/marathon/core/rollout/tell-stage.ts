import { isPod, type RunSpec } from '../../definitions/run-spec.ts';
import { type EarlyEnd, targetOf } from '../../engine.ts';
import { runSpecOf } from '../../groups/root-group.ts';
import type { StageEvent } from '../event.ts';
import type { Deployment } from '../state.ts';
import type { Turn } from '../turn.ts';
import { stageOf } from './rollout.ts';

type Told = Pick<StageEvent, 'eventType'> & Partial<Pick<StageEvent, 'reason' | 'replacedBy'>>;

/** Tells of the stage at which an app or pod is; nothing when it is at none. */
export const tellStage = (turn: Turn, spec: RunSpec, told: Told): void => {
  const stage = stageOf(turn.state, spec.id);
  if (stage === undefined) return;
  const { deployment, rollout, step, steps } = stage;
  const untilMs = rollout.pause?.untilMs;
  turn.publish({
    ...told,
    id: deployment.plan.id,
    ...(isPod(spec) ? { pod: spec.id } : { app: spec.id }),
    step: rollout.step + 1,
    totalSteps: steps,
    target: step.target,
    ready: turn.state.instances.counts(spec.id).currentReady,
    ...(untilMs !== undefined && { until: new Date(untilMs).toISOString() }),
  });
};

/** What a step of a deployment begins with: one that takes the place of another goes on where that was, perhaps paused. */
export const tellFirstStages = (turn: Turn, { plan, stepIndex }: Deployment): void => {
  for (const action of plan.steps[stepIndex]?.actions ?? []) {
    const spec = runSpecOf(turn.state.root, targetOf(action));
    const isPaused = spec && stageOf(turn.state, spec.id)?.rollout.pause !== undefined;
    const eventType = isPaused ? 'deployment_stage_paused' : 'deployment_stage_started';
    if (spec) tellStage(turn, spec, { eventType });
  }
};

/** The upgrades of a deployment that ends before they do. */
export const tellAborted = (
  turn: Turn,
  { rollouts = {} }: Deployment,
  { reason, replacedBy }: EarlyEnd,
): void => {
  for (const id of Object.keys(rollouts)) {
    const spec = runSpecOf(turn.state.root, id);
    const told = {
      eventType: 'deployment_stage_aborted',
      reason,
      ...(replacedBy && { replacedBy }),
    } as const;
    if (spec) tellStage(turn, spec, told);
  }
};
