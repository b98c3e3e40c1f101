import { ApiError, orUndefinedIfMissing } from '../../clients/api-error.ts';
import type { Connection } from '../../clients/connection.ts';

import type { MarathonApp } from '../../clients/marathon-types.ts';
import type { MesosClient } from '../../clients/mesos-client.ts';
import { createServiceSchedulerClient } from '../../clients/service-scheduler-client.ts';
import { findDeployment, outcomeError } from '../apps/deployment-outcome.ts';
import { type FollowOptions, followDeployment, whyNotHealthy } from '../apps/follow-deployment.ts';
import { failureNotes } from '../apps/note-failures.ts';
import { whyWaiting } from '../apps/why-waiting.ts';
import { CliError, interruption } from '../errors/cli-error.ts';
import { formatDuration } from '../output/format.ts';
import { waitUntil } from '../waiting.ts';
import { type ServicePhase, servicePhases } from './service-phases.ts';

export interface FollowServiceOptions extends FollowOptions {
  readonly mesos: MesosClient;
  /** Below which services answer. */
  readonly gateway: Connection;
  readonly appId: string;
  /** Default: the one that Marathon is at work on, because the package service does not tell it of an installation. */
  readonly deploymentId?: string | undefined;
  /** What goes on when the command is interrupted, and what to do about it: a line. */
  readonly goesOn: string;
}

/** What a package service has done with a request that it has accepted. */
export const PHASES_BEFORE_TASKS = [
  'validated: the options fit the package',
  'rendered: the app is complete',
  'deployed: Marathon has taken it on',
];

/** The label by which a package names the framework that its app starts (universe.md 1.15). */
const FRAMEWORK_LABEL = 'DCOS_PACKAGE_FRAMEWORK_NAME';
const SERVICE_LABEL = 'DCOS_SERVICE_NAME';
/** Steps of a service's plan that are told at a time. */
const MOST_STEPS = 3;
/** Reasons change slowly, and cost the server more than the state does. */
const ASK_WHY_EVERY_MS = 700;

/**
 * Waits until a service that was installed or changed is ready, and tells of each phase as it is reached. Throws CliError:
 * failed, with how its deployment ended; timed out, with the phase that is missing and the reasons; interrupted, with
 * what goes on.
 */
export const followService = async (options: FollowServiceOptions): Promise<void> => {
  const { appId, progress, signal, goesOn, askWhyEveryMs = ASK_WHY_EVERY_MS } = options;
  const noteFailures = failureNotes(progress);
  const started = performance.now();
  const told = new Set<string>();
  let askedAt = started;
  let reasons: readonly string[] = [];
  let missing: ServicePhase | undefined;
  let deploymentId = options.deploymentId;
  const look = async (): Promise<true | undefined> => {
    const app = await orUndefinedIfMissing(options.marathon.getApp(appId));
    if (app === undefined) throw await whyGone(deploymentId, options);
    deploymentId ??= app.deployments?.[0]?.id;
    const phases = await phasesOf(app, deploymentId, options);
    for (const { name, isReached, text } of phases) {
      if (isReached && !told.has(name)) progress.note(`${name}: ${text}`);
      if (!isReached) break;
      told.add(name);
    }
    missing = phases.find(({ isReached }) => !isReached);
    if (missing === undefined) return true;
    noteFailures([app]);
    const now = performance.now();
    if (now - askedAt >= askWhyEveryMs) {
      askedAt = now;
      reasons = await reasonsOf(app, options);
    }
    progress.say([`${appId}: ${missing.text}`, ...reasons].join(' · '));
    return undefined;
  };
  try {
    const isReady = await waitUntil(look, options);
    if (isReady) {
      if (deploymentId !== undefined) await refuseOtherEnd(deploymentId, options);
      return;
    }
    reasons = await reasonsOf({ id: appId }, options);
  } catch (error) {
    throw signal.aborted ? interruption(goesOn) : error;
  } finally {
    progress.stop();
  }
  const state = missing === undefined ? '' : `: ${missing.text}`;
  throw new CliError(
    'timed-out',
    `${appId} is not ready after ${formatDuration(performance.now() - started)}${state}`,
    { details: reasons, hint: goesOn },
  );
};

const phasesOf = async (
  app: MarathonApp,
  deploymentId: string | undefined,
  { mesos }: FollowServiceOptions,
): Promise<readonly ServicePhase[]> => {
  const isDeploying =
    deploymentId !== undefined && (app.deployments ?? []).some(({ id }) => id === deploymentId);
  const frameworkName = app.labels?.[FRAMEWORK_LABEL];
  const view = { app, isDeploying, frameworkName, activeFrameworks: undefined };
  const phases = servicePhases(view);
  const isOnlyFrameworkLeft = frameworkName !== undefined && phases.every(({ isReached }) => isReached);
  return isOnlyFrameworkLeft
    ? servicePhases({ ...view, activeFrameworks: await activeFrameworks(mesos) })
    : phases;
};

/** Undefined where the master does not tell: a cluster may keep it from its users. */
const activeFrameworks = async (mesos: MesosClient): Promise<ReadonlySet<string> | undefined> => {
  try {
    const { frameworks } = await mesos.getFrameworks();
    return new Set(frameworks.filter(({ active }) => active).map(({ name }) => name));
  } catch (error) {
    if (error instanceof ApiError && error.kind !== 'timed-out') return undefined;
    throw error;
  }
};

const reasonsOf = async (
  known: MarathonApp,
  { marathon, gateway, appId }: FollowServiceOptions,
): Promise<string[]> => {
  const [waiting, shown] = await Promise.all([
    whyWaiting(marathon, [appId]),
    orUndefinedIfMissing(marathon.getApp(appId)),
  ]);
  const app = shown ?? known;
  return [...waiting, ...whyNotHealthy(app), ...(await unfinishedSteps(app, gateway))];
};

/** What the scheduler of a service is still at: it knows best why its service is not healthy yet. */
const unfinishedSteps = async ({ labels = {} }: MarathonApp, gateway: Connection): Promise<string[]> => {
  const { [FRAMEWORK_LABEL]: framework, [SERVICE_LABEL]: service } = labels;
  if (framework === undefined || service === undefined) return [];
  try {
    const steps = await createServiceSchedulerClient(gateway, service).getDeploySteps();
    return steps
      .filter(({ status }) => status !== 'COMPLETE')
      .slice(0, MOST_STEPS)
      .map(({ name, status, message }) => `${name}: ${message === '' ? status.toLowerCase() : message}`);
  } catch (error) {
    // It has not begun to answer, or has no plan.
    if (error instanceof ApiError) return [];
    throw error;
  }
};

/** A deployment that was undone may leave an app that is usable, but it is not what was asked for. */
const refuseOtherEnd = async (deploymentId: string, options: FollowServiceOptions): Promise<void> => {
  const found = await findDeployment(options.marathon, deploymentId);
  if (found?.outcome === undefined || found.outcome === 'succeeded') return;
  await followDeployment(deploymentId, options);
};

const whyGone = async (
  deploymentId: string | undefined,
  { marathon, appId }: FollowServiceOptions,
): Promise<CliError> => {
  const found = deploymentId === undefined ? undefined : await findDeployment(marathon, deploymentId);
  if (found?.outcome !== undefined && found.outcome !== 'succeeded') return outcomeError(found);
  return new CliError('failed', `${appId} was removed while it was waited for`, {
    hint: 'Its deployment was probably rolled back: plenum marathon deployment list',
  });
};
