import { orUndefinedIfMissing } from '../../clients/api-error.ts';
import type { MarathonApp, MarathonTask } from '../../clients/marathon-types.ts';
import { CliError } from '../errors/cli-error.ts';
import { formatDuration } from '../output/format.ts';
import { waitUntil } from '../waiting.ts';
import { type FollowOptions, followDeployment, whyNotHealthy } from './follow-deployment.ts';
import { failureNotes } from './note-failures.ts';
import { whyWaiting } from './why-waiting.ts';

/**
 * Waits for a deployment and then until the app has all its instances running, each of them healthy where it has health
 * checks. The answer is the app as it is then. Throws CliError with the reason when it does not come to that.
 */
export const waitForApp = async (
  { appId, deploymentId }: { appId: string; deploymentId: string },
  options: FollowOptions,
): Promise<MarathonApp> => {
  await followDeployment(deploymentId, options);
  return waitUntilUsable(appId, options);
};

/** Waits until none of the killed tasks is left and the app is usable again. */
export const waitForReplacement = async (
  appId: string,
  killed: readonly MarathonTask[],
  options: FollowOptions,
): Promise<MarathonApp> => {
  const killedIds = new Set(killed.map(({ id }) => id));
  return waitUntilUsable(appId, options, ({ tasks = [] }) => !tasks.some(({ id }) => killedIds.has(id)));
};

/** Waits until an app has all its instances running and healthy, and whatever else is asked for. */
export const waitUntilUsable = async (
  appId: string,
  options: FollowOptions,
  isAlso: (app: MarathonApp) => boolean = () => true,
): Promise<MarathonApp> => {
  const { marathon, progress } = options;
  const goesOn = `${appId} goes on by itself: plenum marathon app show ${appId} shows how far it is`;
  const noteFailures = failureNotes(progress);
  const started = performance.now();
  let latest: MarathonApp | undefined;
  try {
    const usable = await waitUntil(
      async () => {
        latest = await orUndefinedIfMissing(marathon.getApp(appId));
        if (latest === undefined) throw gone(appId);
        if (isUsable(latest) && isAlso(latest)) return latest;
        noteFailures([latest]);
        progress.say(`${appId}: ${countsOf(latest)}`);
        return undefined;
      },
      { ...options, goesOn },
    );
    if (usable) return usable;
  } finally {
    progress.stop();
  }
  const details = [...(latest ? whyNotHealthy(latest) : []), ...(await whyWaiting(marathon, [appId]))];
  const counts = latest ? `: ${countsOf(latest)}` : '';
  throw new CliError(
    'timed-out',
    `${appId} is not usable after ${formatDuration(performance.now() - started)}${counts}`,
    { details, hint: `plenum marathon app show ${appId} shows it, plenum task log ${appId} what it prints` },
  );
};

const gone = (appId: string): CliError =>
  new CliError('failed', `${appId} was removed while it was waited for`, {
    hint: 'Its deployment was probably rolled back: plenum marathon deployment list',
  });

/** Without health checks a running task counts. */
export const isUsable = (app: MarathonApp): boolean => {
  const { instances = 1, tasksRunning = 0, tasksHealthy = 0, healthChecks = [] } = app;
  return tasksRunning >= instances && (healthChecks.length === 0 || tasksHealthy >= instances);
};

const countsOf = ({
  instances = 1,
  tasksRunning = 0,
  tasksHealthy = 0,
  healthChecks = [],
}: MarathonApp): string =>
  `${tasksRunning} of ${instances} running${healthChecks.length > 0 ? `, ${tasksHealthy} healthy` : ''}`;
