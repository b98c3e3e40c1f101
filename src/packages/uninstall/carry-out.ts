import { ApiError, isNotFound } from '../../clients/api-error.ts';
import type { MarathonClient } from '../../clients/marathon-client.ts';
import type { MesosClient } from '../../clients/mesos-client.ts';
import type { Clock } from '../../runtime/clock.ts';
import { findFramework, planUninstall, type UninstallStep } from './plan-uninstall.ts';
import type { UninstallRecord } from './uninstall-record.ts';

export interface UninstallTools {
  readonly marathon: MarathonClient;
  readonly mesos: MesosClient;
  readonly clock: Clock;
  /** Resolves after a while; rejects when the service closes. */
  readonly pause: (delayMs: number) => Promise<void>;
  /** Makes the changed record durable. */
  readonly save: (record: UninstallRecord) => Promise<void>;
}

/** The uninstallation ends without having succeeded. */
export class UninstallFailure extends Error {
  readonly type: NonNullable<UninstallRecord['problemType']>;

  constructor(
    type: NonNullable<UninstallRecord['problemType']>,
    message: string,
    options: { cause?: unknown } = {},
  ) {
    super(message, options);
    this.name = 'UninstallFailure';
    this.type = type;
  }
}

/** A killed scheduler has this long to end before its framework is torn down all the same. */
const LONGEST_STOP_MS = 60_000;
const POLL_MS = 100;
const LONGEST_POLL_MS = 5_000;

/**
 * Takes an uninstallation to its end, from wherever it stands: removes the app, waits until its tasks have ended, tears
 * its framework down and frees what was reserved for it. Rejects with UninstallFailure when there is no point in trying
 * again, with anything else when there is.
 */
export const carryOut = async (record: UninstallRecord, tools: UninstallTools): Promise<UninstallRecord> => {
  let current = record;
  if (current.phase === 'STOPPING_APP') {
    current = await noteFramework(current, tools);
    await stopApp(current, tools);
    if (current.frameworkName === undefined) return current;
    current = { ...current, phase: 'TEARING_DOWN' };
    await tools.save(current);
  }
  for (let delayMs = POLL_MS; ; ) {
    const { steps, noted } = await look(current, tools);
    current = noted;
    if (steps.some(({ type }) => type === 'done')) return current;
    if (
      steps.some(({ type }) => type === 'destroy-volumes' || type === 'unreserve') &&
      current.phase !== 'FREEING_RESOURCES'
    ) {
      current = { ...current, phase: 'FREEING_RESOURCES' };
    }
    // Before the steps: after the teardown the master may forget which roles the framework had.
    await tools.save(current);
    let isRefused = false;
    for (const step of steps) isRefused = !(await take(step, tools)) || isRefused;
    // Refused as long as tasks are ending, because their volumes are in use; the next attempt finds them free.
    delayMs = isRefused ? Math.min(delayMs * 2, LONGEST_POLL_MS) : POLL_MS;
    await tools.pause(delayMs);
  }
};

/** While the framework is still there its roles can be read; a master that is away is asked again later. */
const noteFramework = async (
  record: UninstallRecord,
  { mesos, save }: UninstallTools,
): Promise<UninstallRecord> => {
  if (record.frameworkName === undefined) return record;
  const noted = await mesos.getFrameworks().then(
    (frameworks) => ({ ...record, ...findFramework({ frameworks }, record) }),
    () => record,
  );
  await save(noted);
  return noted;
};

const stopApp = async (
  { appId }: UninstallRecord,
  { marathon, clock, pause }: UninstallTools,
): Promise<void> => {
  await marathon.deleteApp(appId, { force: true }).catch((error: unknown) => {
    if (isNotFound(error)) return;
    const isFinal = error instanceof ApiError && error.kind === 'refused' && (error.status ?? 0) < 500;
    if (!isFinal) throw error;
    throw new UninstallFailure(
      'MarathonAppDeleteError',
      `Error while deleting marathon app '${appId}': ${error.message}`,
      {
        cause: error,
      },
    );
  });
  // A scheduler that still runs would register anew as soon as its framework is torn down.
  const deadline = clock.now() + LONGEST_STOP_MS;
  while (clock.now() < deadline) {
    const deployments = await marathon.getDeployments();
    if (!deployments.some(({ affectedApps }) => affectedApps.includes(appId))) return;
    await pause(POLL_MS);
  }
};

const look = async (
  record: UninstallRecord,
  { mesos }: UninstallTools,
): Promise<{ steps: readonly UninstallStep[]; noted: UninstallRecord }> => {
  const [frameworks, slaves] = await Promise.all([mesos.getFrameworks(), mesos.getSlaves()]);
  const noted = { ...record, ...findFramework({ frameworks }, record) };
  return { steps: planUninstall({ frameworks, slaves }, noted), noted };
};

/** False when the master refused the step, which a later attempt may not meet again. */
const take = async (step: UninstallStep, { mesos }: UninstallTools): Promise<boolean> => {
  switch (step.type) {
    case 'ambiguous':
      throw new UninstallFailure(
        'MultipleFrameworkIds',
        `Uninstalled package, but several frameworks have its name: ${step.frameworkIds.join(', ')}; none was torn down`,
      );
    case 'tear-down':
      return isTaken(mesos.teardown(step.frameworkId));
    case 'destroy-volumes':
      return isTaken(mesos.destroyVolumes(step.agentId, step.volumes));
    case 'unreserve':
      return isTaken(mesos.unreserveResources(step.agentId, step.resources));
    case 'done':
      return true;
  }
};

/** Refused means: not yet (tasks are still ending), or already done. The next look at the master tells. */
const isTaken = async (call: Promise<void>): Promise<boolean> => {
  try {
    await call;
    return true;
  } catch (error) {
    const isPassing = error instanceof ApiError && [400, 404, 409].includes(error.status ?? 0);
    if (!isPassing) throw error;
    return false;
  }
};
