import { CliError } from '../errors/cli-error.ts';
import { type Choice, currentCluster } from './current-cluster.ts';
import { findKnownCluster, type KnownCluster } from './known-clusters.ts';

/** The cluster that is meant, as it is kept in a file. Throws CliError for one of this machine, or one that was not set up. */
export const requireKnownCluster = (choice: Choice): KnownCluster => {
  const { name, isLocal } = currentCluster(choice);
  const known = isLocal ? undefined : findKnownCluster(choice.home, name);
  if (known) return known;
  throw isLocal
    ? new CliError(
        'usage',
        `Cluster ${name} is one of this machine: nothing is kept of it that could be changed`,
      )
    : new CliError('usage', `${name} was not set up`, { hint: 'plenum cluster setup URL makes it known' });
};
