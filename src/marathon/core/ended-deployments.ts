import type { DeploymentOutcome } from '../engine.ts';
import { endedDeploymentKey } from './keys.ts';
import { affectedBy } from './planner.ts';
import type { Deployment } from './state.ts';
import type { Turn } from './turn.ts';

/** So many ended deployments are remembered, the latest ones. */
export const MOST_ENDED = 200;
/** So many of the apps, and of the pods, that one concerned. */
const MOST_AFFECTED = 100;

/** How a deployment ended, for those who ask after it is gone. Durable with what ended it. */
export const rememberEnd = (turn: Turn, { plan }: Deployment, outcome: DeploymentOutcome): void => {
  const { endedDeployments } = turn.state;
  const { affectedApps, affectedPods } = affectedBy(plan.steps);
  const ended = {
    id: plan.id,
    version: plan.version,
    affectedApps: affectedApps.slice(0, MOST_AFFECTED),
    affectedPods: affectedPods.slice(0, MOST_AFFECTED),
    endedAtMs: turn.nowMs,
    ...outcome,
  };
  endedDeployments.set(plan.id, ended);
  turn.save(endedDeploymentKey(plan.id), ended);
  for (const id of endedDeployments.keys()) {
    if (endedDeployments.size <= MOST_ENDED) break;
    endedDeployments.delete(id);
    turn.save(endedDeploymentKey(id), undefined);
  }
};
