import { isNotFound } from '../../clients/api-error.ts';
import { CliError } from '../errors/cli-error.ts';

/** Only DC/OS Enterprise keeps links to other clusters; where there is no such page that is said. */
export const explainLinks = (error: unknown, cluster: string): unknown =>
  isNotFound(error)
    ? new CliError('not-found', `Cluster ${cluster} keeps no links to others`, {
        hint: 'Each cluster is chosen by itself: plenum cluster attach NAME, or --cluster NAME',
        cause: error,
      })
    : error;
