import { ApiError, isNotFound } from '../../clients/api-error.ts';
import type { MarathonClient } from '../../clients/marathon-client.ts';
import { CliError, type CliErrorOptions } from '../errors/cli-error.ts';

/** Whether a Marathon is Plenum's: it tells itself by knowing single deployments, which Apache's does not. */
export const isPlenum = async (marathon: MarathonClient): Promise<boolean> => {
  try {
    await marathon.getDeployment('none');
  } catch (error) {
    if (isNotFound(error) && error.message.startsWith('DeploymentPlan')) return true;
    if (!(error instanceof ApiError && error.kind === 'refused')) throw error;
  }
  return false;
};

/**
 * Throws CliError with this message when the Marathon is Apache's, which takes no notice of parameters that it does not
 * know, and would do something else than was asked for.
 */
export const requirePlenum = async (
  marathon: MarathonClient,
  message: string,
  options: CliErrorOptions = {},
): Promise<void> => {
  if (!(await isPlenum(marathon))) throw new CliError('failed', message, options);
};

/** Throws CliError when this Marathon would carry out what is only to be looked at. */
export const requireDryRun = (marathon: MarathonClient): Promise<void> =>
  requirePlenum(marathon, 'This Marathon knows no dry runs: it would carry the change out', {
    hint: 'Nothing was sent; compare with what plenum marathon app show prints',
  });
