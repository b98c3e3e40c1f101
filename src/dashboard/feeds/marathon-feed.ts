import type { Pod } from '../model/pod-service.ts';
import { type App, type MarathonView, waitingSpecs } from '../model/services.ts';

const MARATHON = '/service/marathon/v2';
const TIMEOUT_MS = 10_000;

/** What Marathon runs and what waits, or undefined when it does not answer. */
export const readMarathon = async (): Promise<MarathonView | undefined> => {
  try {
    const [apps, pods, queue] = await Promise.all([
      get(`${MARATHON}/apps?embed=apps.counts&embed=apps.deployments`),
      // The oldest Marathons have none.
      get(`${MARATHON}/pods/::status`).catch(() => []),
      get(`${MARATHON}/queue`),
    ]);
    return { apps: (apps as { apps: App[] }).apps, pods: pods as Pod[], waiting: waitingSpecs(queue) };
  } catch {
    return undefined;
  }
};

/** The name that the cluster was given. */
export const readClusterName = async (): Promise<string> => {
  try {
    const config = (await get('/dcos-metadata/ui-config.json')) as { clusterConfiguration: { name: string } };
    return config.clusterConfiguration.name;
  } catch {
    return '';
  }
};

const get = async (path: string): Promise<unknown> => {
  const answer = await fetch(path, {
    headers: { Accept: 'application/json' },
    signal: AbortSignal.timeout(TIMEOUT_MS),
  });
  if (!answer.ok) throw new Error(`${path} answered ${answer.status}`);
  return answer.json();
};
