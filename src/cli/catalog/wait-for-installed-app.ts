import type { MarathonApp } from '../../clients/marathon-types.ts';
import type { FollowOptions } from '../apps/follow-deployment.ts';
import { waitForApp, waitUntilUsable } from '../apps/wait-for-app.ts';

/** Waits until the app of a package is usable. Its deployment is asked for, because the package service does not tell. */
export const waitForInstalledApp = async (appId: string, options: FollowOptions): Promise<MarathonApp> => {
  const { deployments = [] } = await options.marathon.getApp(appId);
  const [deployment] = deployments;
  return deployment === undefined
    ? waitUntilUsable(appId, options)
    : waitForApp({ appId, deploymentId: deployment.id }, options);
};
