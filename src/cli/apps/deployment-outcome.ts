import { ApiError } from '../../clients/api-error.ts';
import type { MarathonClient } from '../../clients/marathon-client.ts';
import type { MarathonDeployment, MarathonEndedDeployment } from '../../clients/marathon-types.ts';
import { CliError, type CliErrorOptions } from '../errors/cli-error.ts';

/**
 * A deployment, under way or over. Undefined when this Marathon does not know it: Apache's knows no single deployments at
 * all, Plenum's forgets those that ended too long ago. Throws ApiError.
 */
export const findDeployment = async (
  marathon: MarathonClient,
  id: string,
): Promise<MarathonDeployment | MarathonEndedDeployment | undefined> => {
  try {
    return await marathon.getDeployment(id);
  } catch (error) {
    if (error instanceof ApiError && (error.status === 404 || error.status === 405)) return undefined;
    throw error;
  }
};

const WORDS = {
  succeeded: 'succeeded',
  failed: 'failed',
  'rolled-back': 'was rolled back',
  cancelled: 'was given up',
  superseded: 'was replaced by another one',
} as const;

/** How a deployment ended, in a line. */
export const describeEnd = ({ id, outcome, reason }: MarathonEndedDeployment): string =>
  `Deployment ${id} ${WORDS[outcome]}${outcome === 'failed' && reason !== undefined ? `: ${reason}` : ''}`;

/** What a command ends with that waited for a deployment in vain: a conflict when another one took its place. */
export const outcomeError = (ended: MarathonEndedDeployment, options: CliErrorOptions = {}): CliError =>
  ended.outcome === 'superseded'
    ? new CliError('conflict', describeEnd(ended), {
        hint: `plenum marathon deployment watch ${ended.replacedBy ?? ''} follows that one`,
        ...options,
      })
    : new CliError('failed', describeEnd(ended), options);
