import type { MarathonClient } from '../../clients/marathon-client.ts';
import type { MarathonDeployment, MarathonEndedDeployment } from '../../clients/marathon-types.ts';
import { findDeployment } from './deployment-outcome.ts';
import { describeDeployment, pauseHints } from './describe-deployment.ts';
import { whyWaiting } from './why-waiting.ts';

export interface ExplainedDeployment {
  readonly id: string;
  /** Where it stands, in a line. */
  readonly summary: string;
  readonly why: readonly string[];
}

/** What holds a deployment: Marathon's own words, or those that its queue gives. Throws ApiError. */
export const explainDeployment = async (
  marathon: MarathonClient,
  deployment: MarathonDeployment,
): Promise<ExplainedDeployment> => {
  const { id, affectedApps, affectedPods } = deployment;
  const found = await findDeployment(marathon, id);
  if (found?.outcome !== undefined) return explainEnd(found);
  return {
    id,
    summary: describeDeployment(deployment),
    why: [
      ...(found?.why ?? (await whyWaiting(marathon, [...affectedApps, ...affectedPods]))),
      ...pauseHints(deployment),
    ],
  };
};

/** How one ended that is over. */
export const explainEnd = (ended: MarathonEndedDeployment): ExplainedDeployment => {
  const { id, outcome, reason, rollbackId, replacedBy, endedAt } = ended;
  const successor = rollbackId ?? replacedBy;
  return {
    id,
    summary: `deployment ${id}: ${outcome} at ${endedAt}`,
    why: [
      ...(reason === undefined ? [] : [reason]),
      ...(successor === undefined ? [] : [`plenum marathon deployment why ${successor} tells how that goes`]),
    ],
  };
};
