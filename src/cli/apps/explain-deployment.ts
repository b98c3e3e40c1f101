import { ApiError } from '../../clients/api-error.ts';
import type { MarathonClient } from '../../clients/marathon-client.ts';
import type { MarathonDeployment } from '../../clients/marathon-types.ts';
import { describeDeployment } from './describe-deployment.ts';
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
  const why = await ownWords(marathon, id);
  return {
    id,
    summary: describeDeployment(deployment),
    why: why ?? (await whyWaiting(marathon, [...affectedApps, ...affectedPods])),
  };
};

/** Undefined where single deployments are unknown, as to Apache's Marathon, and when it has ended meanwhile. */
const ownWords = async (marathon: MarathonClient, id: string): Promise<readonly string[] | undefined> => {
  try {
    return (await marathon.getDeployment(id)).why;
  } catch (error) {
    if (error instanceof ApiError && (error.status === 404 || error.status === 405)) return undefined;
    throw error;
  }
};
