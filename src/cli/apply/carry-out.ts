import type { MarathonDefinitionsClient } from '../../clients/marathon-definitions-client.ts';
import type { ChangeOptions } from '../../clients/marathon-wire.ts';
import type { ApplyStep } from './plan-apply.ts';

export interface CarryOutOptions {
  readonly client: MarathonDefinitionsClient;
  readonly options: ChangeOptions;
  /** Told of each deployment as soon as there is one. */
  readonly onDeployment: (id: string, step: ApplyStep) => void;
  readonly follow: (deploymentId: string) => Promise<void>;
}

/** Marathon has a bound on deployments at a time, and others need some too. */
const MOST_AT_A_TIME = 50;

/**
 * Sends what has to be done, in order, and gives the deployments that are not followed to their ends yet. Rejects with
 * what a call or a deployment failed with; what was sent before that stays.
 */
export const carryOut = async (
  steps: readonly ApplyStep[],
  { client, options, onDeployment, follow }: CarryOutOptions,
): Promise<string[]> => {
  const underWay: string[] = [];
  for (const step of steps) {
    if (underWay.length >= MOST_AT_A_TIME) await follow(underWay.shift() ?? '');
    const id = await client.carryOut(step.change, options);
    onDeployment(id, step);
    if (id !== '') underWay.push(id);
  }
  return underWay;
};
