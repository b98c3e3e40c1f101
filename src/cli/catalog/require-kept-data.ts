import { isNotFound } from '../../clients/api-error.ts';
import type { CosmosClient } from '../../clients/cosmos-client.ts';
import { CliError } from '../errors/cli-error.ts';

/**
 * Throws CliError when the package service is not Plenum's: others take no notice of what they do not know, and let
 * services remove their own data.
 */
export const requireKeptData = async (packages: CosmosClient): Promise<void> => {
  try {
    await packages.getUninstalls();
  } catch (error) {
    if (!isNotFound(error)) throw error;
    throw new CliError('failed', 'This package service cannot be told to keep data', {
      hint: 'Nothing was sent',
    });
  }
};
