import { affectedSpecs } from './planner.ts';
import type { Deployment } from './state.ts';
import type { Turn } from './turn.ts';

/**
 * Notes that a deployment with a deadline has got on: it is at another step, or more of its new instances are ready, or
 * fewer old ones left, than ever in this step. Instances that come and go are no progress.
 */
export const noteProgress = (turn: Turn, deployment: Deployment): Deployment => {
  const { deadline, stepIndex, plan } = deployment;
  if (deadline === undefined) return deployment;
  let score = 0;
  for (const id of affectedSpecs(plan.steps)) {
    const { currentReady, wanted, current, ending } = turn.state.instances.counts(id);
    score += currentReady - (wanted - current) - ending;
  }
  if (deadline.stepIndex === stepIndex && score <= deadline.best) return deployment;
  const noted = {
    ...deployment,
    deadline: { ...deadline, stepIndex, best: score, progressedAtMs: turn.nowMs },
  };
  turn.saveDeployment(noted);
  return noted;
};
