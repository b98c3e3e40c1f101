import { NotPaused, UnknownDeployment } from '../../engine.ts';
import { runSpecOf } from '../../groups/root-group.ts';
import type { Turn } from '../turn.ts';
import { goOn } from './pass-stages.ts';
import { stageOf } from './rollout.ts';

export interface Continuation {
  readonly id: string;
  /** Later pauses are left out too. */
  readonly all: boolean;
  /** Also when the new instances are not healthy any more. */
  readonly force: boolean;
}

/**
 * Ends the pauses of a deployment; gives the apps and pods that go on. Throws UnknownDeployment, and NotPaused when nothing
 * is paused or when what is paused is not healthy; then nothing has changed.
 */
export const continueDeployment = (turn: Turn, { id, all, force }: Continuation): string[] => {
  const { state } = turn;
  const deployment = state.deployments.get(id);
  if (deployment === undefined) throw new UnknownDeployment(id);
  const paused = Object.entries(deployment.rollouts ?? {}).flatMap(([specId, { pause }]) => {
    const stage = stageOf(state, specId);
    const spec = runSpecOf(state.root, specId);
    return pause && stage && spec ? [{ spec, stage }] : [];
  });
  if (paused.length === 0) throw new NotPaused(`Deployment ${id} is not paused`);
  for (const { spec, stage } of force ? [] : paused) {
    const { currentReady } = state.instances.counts(spec.id);
    const { target } = stage.step;
    if (currentReady >= target) continue;
    throw new NotPaused(
      `Of ${spec.id} ${currentReady} of ${target} new instances are healthy. It can be continued nevertheless with force=true.`,
    );
  }
  for (const { spec, stage } of paused) {
    const step = all ? stage.steps : stage.rollout.step + 1;
    goOn(turn, spec, { step, reason: 'Somebody had it continue' });
  }
  return paused.map(({ spec }) => spec.id);
};
