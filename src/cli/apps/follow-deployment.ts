import { orUndefinedIfMissing } from '../../clients/api-error.ts';
import type { MarathonClient } from '../../clients/marathon-client.ts';
import type { MarathonApp, MarathonDeployment } from '../../clients/marathon-types.ts';
import { CliError, interruption, isInterruption } from '../errors/cli-error.ts';
import { formatDuration } from '../output/format.ts';
import type { Progress } from '../output/progress.ts';
import { type WaitOptions, waitUntil } from '../waiting.ts';
import { describeDeployment } from './describe-deployment.ts';
import { whyWaiting } from './why-waiting.ts';

export interface FollowOptions extends WaitOptions {
  readonly marathon: MarathonClient;
  readonly progress: Progress;
}

/** The reasons for waiting change slowly, and cost the server more than the state does. */
const ASK_WHY_EVERY_MS = 1_000;

/**
 * Waits until a deployment is no longer under way, and tells its steps and what it waits for. Throws CliError: timed out
 * with the reasons; interrupted, with how to go on watching.
 */
export const followDeployment = async (id: string, options: FollowOptions): Promise<void> => {
  const { marathon, progress, deadline } = options;
  const started = performance.now();
  let askedAt = started;
  let last: MarathonDeployment | undefined;
  let reasons: readonly string[] = [];
  const isOver = async (): Promise<true | undefined> => {
    const deployment = (await marathon.getDeployments()).find((candidate) => candidate.id === id);
    if (deployment === undefined) return true;
    last = deployment;
    const now = performance.now();
    if (now - askedAt >= ASK_WHY_EVERY_MS || now >= deadline) {
      askedAt = now;
      reasons = await whyStuck(marathon, deployment);
    }
    progress.say([describeDeployment(deployment), ...reasons].join(' · '));
    return undefined;
  };
  try {
    if (await waitUntil(isOver, options)) return;
  } catch (error) {
    throw isInterruption(error)
      ? interruption(`The deployment goes on: plenum marathon deployment watch ${id}`)
      : error;
  } finally {
    progress.stop();
  }
  throw new CliError(
    'timed-out',
    `Deployment ${id} is not done after ${formatDuration(performance.now() - started)}`,
    {
      details: [...(last ? [describeDeployment(last)] : []), ...reasons],
      hint: `It goes on: plenum marathon deployment watch ${id}; to give it up: plenum marathon deployment stop ${id}`,
    },
  );
};

const whyStuck = async (
  marathon: MarathonClient,
  { affectedApps }: MarathonDeployment,
): Promise<readonly string[]> => {
  const [waiting, apps] = await Promise.all([
    whyWaiting(marathon, affectedApps),
    Promise.all(affectedApps.map((id) => orUndefinedIfMissing(marathon.getApp(id)))),
  ]);
  return [...waiting, ...apps.flatMap((app) => (app ? whyNotHealthy(app) : []))];
};

/** What keeps an app from being usable, as far as its own state tells. */
export const whyNotHealthy = (app: MarathonApp): string[] => {
  const { id, tasks = [], lastTaskFailure: failure, version } = app;
  const isRecent = failure !== undefined && failure.version === version;
  const unhealthy = tasks.flatMap(({ id: taskId, healthCheckResults = [] }) =>
    healthCheckResults
      .filter(({ alive }) => !alive)
      .map(({ lastFailureCause = 'no answer yet' }) => `${taskId} is not healthy: ${lastFailureCause}`),
  );
  return [
    ...(isRecent
      ? [
          `the last task of ${id} to fail was ${failure.taskId} on ${failure.host} (${failure.state}): ${failure.message || 'no reason was given'}`,
        ]
      : []),
    ...unhealthy.slice(0, 3),
  ];
};
