import { ApiError, isNotFound } from '../../clients/api-error.ts';
import type { MarathonClient } from '../../clients/marathon-client.ts';
import { CliError, type CliErrorOptions } from '../errors/cli-error.ts';

/**
 * Throws CliError with this message when the Marathon is Apache's, which takes no notice of parameters that it does not
 * know, and would do something else than was asked for. Plenum's tells itself by knowing single deployments.
 */
export const requirePlenum = async (
  marathon: MarathonClient,
  message: string,
  options: CliErrorOptions = {},
): Promise<void> => {
  try {
    await marathon.getDeployment('none');
  } catch (error) {
    if (isNotFound(error) && error.message.startsWith('DeploymentPlan')) return;
    if (!(error instanceof ApiError && error.kind === 'refused')) throw error;
  }
  throw new CliError('failed', message, options);
};
