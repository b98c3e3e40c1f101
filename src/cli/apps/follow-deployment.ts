import { orUndefinedIfMissing } from '../../clients/api-error.ts';
import type { MarathonClient } from '../../clients/marathon-client.ts';
import type { MarathonPodClient } from '../../clients/marathon-pod-client.ts';
import type { MarathonApp, MarathonDeployment, MarathonPodStatus } from '../../clients/marathon-types.ts';
import { CliError, interruption, isInterruption } from '../errors/cli-error.ts';
import { formatDuration } from '../output/format.ts';
import type { Progress } from '../output/progress.ts';
import { type WaitOptions, waitUntil } from '../waiting.ts';
import { describeEnd, findDeployment, outcomeError } from './deployment-outcome.ts';
import { describeDeployment, pauseHints, pauseText, stepText } from './describe-deployment.ts';
import { endingText, failureNotes, failureText, recentEndings, recentFailure } from './note-failures.ts';
import { whyWaiting } from './why-waiting.ts';

export interface FollowOptions extends WaitOptions {
  readonly marathon: MarathonClient;
  /** Without it nothing is told of what happens in pods. */
  readonly pods?: MarathonPodClient;
  readonly progress: Progress;
  /** How often the reasons for waiting are asked for: they change slowly, and cost the server more than the state does. */
  readonly askWhyEveryMs?: number;
}

/** Under a second, so that what is said first to those who see no moving line has the reasons in it. */
const ASK_WHY_EVERY_MS = 700;

/**
 * Waits until a deployment is done, and tells its steps and what it waits for. One that is undone by another is followed
 * to the end of that. Throws CliError: failed or replaced, with the reason; timed out with the reasons; interrupted, with
 * how to go on watching. Apache's Marathon does not tell how one ended: there it is taken for done.
 */
export const followDeployment = async (id: string, options: FollowOptions): Promise<void> => {
  await waitForEnd(id, options);
  const found = await findDeployment(options.marathon, id);
  if (found?.outcome === undefined || found.outcome === 'succeeded') return;
  const { rollbackId } = found;
  if (rollbackId === undefined) throw outcomeError(found);
  options.progress.note(`${describeEnd(found)}. Deployment ${rollbackId} undoes it`);
  throw outcomeError(found, { details: [await followRollback(rollbackId, options)] });
};

/** What became of a roll-back, in a line. Its failure must not hide that of what it undoes. */
const followRollback = async (id: string, options: FollowOptions): Promise<string> => {
  try {
    await followDeployment(id, options);
    return `Deployment ${id} has undone what it changed`;
  } catch (error) {
    if (!(error instanceof CliError) || isInterruption(error)) throw error;
    return [`It is not undone: ${error.message}`, ...error.details].join('; ');
  }
};

const waitForEnd = async (id: string, options: FollowOptions): Promise<void> => {
  const { marathon, pods, progress, askWhyEveryMs = ASK_WHY_EVERY_MS } = options;
  const noteFailures = failureNotes(progress);
  const notePause = pauseNotes(progress);
  const started = performance.now();
  let askedAt = started;
  let last: MarathonDeployment | undefined;
  let reasons: readonly string[] = [];
  const askWhy = async ({ affectedApps, affectedPods }: MarathonDeployment): Promise<void> => {
    const [waiting, apps, statuses] = await Promise.all([
      whyWaiting(marathon, [...affectedApps, ...affectedPods]),
      present(affectedApps, (id) => marathon.getApp(id)),
      pods ? present(affectedPods, (id) => pods.getStatus(id)) : [],
    ]);
    noteFailures(apps, statuses);
    reasons = [...waiting, ...apps.flatMap(whyNotHealthy), ...statuses.flatMap(whyNotStable)];
  };
  const isOver = async (): Promise<true | undefined> => {
    const deployment = (await marathon.getDeployments()).find((candidate) => candidate.id === id);
    if (deployment === undefined) return true;
    last = deployment;
    const now = performance.now();
    if (now - askedAt >= askWhyEveryMs) {
      askedAt = now;
      await askWhy(deployment);
    }
    notePause(deployment);
    progress.say([stepText(deployment), ...reasons].join(' · '));
    return undefined;
  };
  try {
    if (await waitUntil(isOver, options)) return;
    if (last) await askWhy(last);
  } catch (error) {
    throw options.signal.aborted
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

/** Those that there are. */
const present = async <Item>(ids: readonly string[], get: (id: string) => Promise<Item>): Promise<Item[]> => {
  const items = await Promise.all(ids.map((id) => orUndefinedIfMissing(get(id))));
  return items.filter((item) => item !== undefined);
};

/** Tells of each pause once, with what ends it. */
const pauseNotes = (progress: Progress): ((deployment: MarathonDeployment) => void) => {
  const told = new Set<string>();
  return (deployment) => {
    for (const rollout of deployment.rollouts ?? []) {
      const text = pauseText(rollout);
      if (text === undefined || told.has(text)) continue;
      told.add(text);
      progress.note([text, ...pauseHints(deployment)].join('; '));
    }
  };
};

const MOST_UNHEALTHY_TASKS = 3;

/** What keeps a pod from being stable, as far as its own status tells. */
const whyNotStable = (pod: MarathonPodStatus): string[] => {
  const ending = recentEndings(pod).at(-1);
  const unhealthy = (pod.instances ?? []).flatMap(({ id, containers = [] }) =>
    containers.flatMap(({ name, conditions = [] }) => {
      const health = conditions.find((condition) => condition.name === 'healthy');
      if (health === undefined || health.value === 'true') return [];
      const isUnheard = health.reason === 'health-unreported-by-mesos';
      return [
        `container ${name} of ${id} ${isUnheard ? 'has no answer of its health check' : 'is not healthy'}`,
      ];
    }),
  );
  return [...(ending ? [endingText(ending)] : []), ...unhealthy.slice(0, MOST_UNHEALTHY_TASKS)];
};

/** What keeps an app from being usable, as far as its own state tells. */
export const whyNotHealthy = (app: MarathonApp): string[] => {
  const failure = recentFailure(app);
  const unhealthy = (app.tasks ?? []).flatMap(({ id, healthCheckResults = [] }) =>
    healthCheckResults
      .filter(({ alive }) => !alive)
      .map(({ lastFailureCause = 'no answer yet' }) => `${id} is not healthy: ${lastFailureCause}`),
  );
  return [...(failure ? [failureText(failure)] : []), ...unhealthy.slice(0, MOST_UNHEALTHY_TASKS)];
};
