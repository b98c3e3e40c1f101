import type { Pod } from '../model/pod-service.ts';
import { type App, type MarathonView, waitingSpecs } from '../model/services.ts';
import { ask } from './request.ts';

const MARATHON = '/service/marathon/v2';

/** What Marathon runs and what waits, or undefined when it does not answer. */
export const readMarathon = async (): Promise<MarathonView | undefined> => {
  try {
    const [apps, pods, queue, deployments] = await Promise.all([
      ask<{ apps: App[] }>(`${MARATHON}/apps?embed=apps.counts&embed=apps.deployments`),
      // The oldest Marathons have none.
      ask<Pod[]>(`${MARATHON}/pods/::status`).catch(() => []),
      ask(`${MARATHON}/queue`),
      ask<readonly unknown[]>(`${MARATHON}/deployments`),
    ]);
    return { apps: apps.apps, pods, waiting: waitingSpecs(queue), deploymentCount: deployments.length };
  } catch {
    return undefined;
  }
};

/** The name that the cluster was given. */
export const readClusterName = async (): Promise<string> => {
  try {
    const config = await ask<{ clusterConfiguration: { name: string } }>('/dcos-metadata/ui-config.json');
    return config.clusterConfiguration.name;
  } catch {
    return '';
  }
};
