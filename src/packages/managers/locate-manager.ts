import { isNotFound } from '../../clients/api-error.ts';
import type { MarathonClient } from '../../clients/marathon-client.ts';
import type { MarathonApp } from '../../clients/marathon-types.ts';
import { absoluteId } from '../../universe/render/render-package.ts';
import { cosmosError } from '../api/cosmos-error.ts';
import { marathonError } from '../endpoints/marathon-error.ts';
import { managerNotFound } from './manager-not-found.ts';

/**
 * Where the service of an app listens, as an admin router finds it: the labels of the app say which port is its API, and
 * by which scheme. No admin router is needed for it.
 */
export const locateManager = async (marathon: MarathonClient, managerId: string): Promise<string> => {
  const app = await marathon.getApp(absoluteId(managerId)).catch((error: unknown) => {
    throw isNotFound(error) ? managerNotFound(managerId) : marathonError(error);
  });
  const url = urlOf(app);
  if (url !== undefined) return url;
  throw cosmosError('ServiceUnavailable', `Service [${managerId}] is unavailable: no task of it is running`, {
    status: 503,
    data: { serviceName: managerId, status: 503 },
  });
};

const urlOf = ({ tasks = [], labels = {} }: MarathonApp): string | undefined => {
  const index = Number(labels.DCOS_SERVICE_PORT_INDEX ?? '0');
  const scheme = labels.DCOS_SERVICE_SCHEME === 'https' ? 'https' : 'http';
  for (const { state, host, ports = [] } of tasks) {
    const port = ports[index];
    if (state === 'TASK_RUNNING' && host !== undefined && port !== undefined)
      return `${scheme}://${host}:${port}`;
  }
  return undefined;
};
