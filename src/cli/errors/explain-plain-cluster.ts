import { isNotFound } from '../../clients/api-error.ts';
import { SYSTEM } from '../../clients/system-client.ts';
import type { CurrentCluster } from '../clusters/current-cluster.ts';
import { CliError } from './cli-error.ts';

/** The same error, with its reason where a Mesos master that stands alone was asked for what only DC/OS and Plenum have. */
export const explainPlainCluster = (error: unknown, { name, mesosUrl }: CurrentCluster): unknown =>
  mesosUrl === undefined || !isNotFound(error) || error.api !== SYSTEM.name
    ? error
    : new CliError(
        'not-found',
        `Cluster ${name} is a Mesos master that stands alone, which does not have this`,
        {
          hint: 'It is a service of DC/OS and of clusters of plenum up',
          cause: error,
        },
      );
