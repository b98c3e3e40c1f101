import type { AppDetail } from './marathon.ts';

/** A phase in the life of an installation or an update; each is reached after the one before it. */
export interface Phase {
  readonly name: string;
  readonly isReached: boolean;
  /** How far it is. */
  readonly text: string;
}

/**
 * How far a service is that was installed or updated, by its app and by whether its framework (the name that its app has
 * as a label, if it starts one) is connected. Of an update only tasks of the new version count.
 */
export const phasesOf = (
  app: AppDetail,
  isConnected: (frameworkName: string) => boolean,
): readonly Phase[] => {
  const { instances, tasks = [], version, healthChecks = [], deployments = [], labels = {} } = app;
  const isDeploying = deployments.length > 0;
  const counted = tasks.filter(
    (task) => task.state === 'TASK_RUNNING' && (!isDeploying || task.version === version),
  );
  const healthy = counted.filter(
    ({ healthCheckResults = [] }) =>
      healthCheckResults.length > 0 && healthCheckResults.every(({ alive }) => alive),
  );
  const isRunning = counted.length >= instances;
  const isHealthy = isRunning && (healthChecks.length === 0 || healthy.length >= instances);
  const framework = labels.DCOS_PACKAGE_FRAMEWORK_NAME;
  const isRegistered = framework === undefined || instances === 0 || isConnected(framework);
  return [
    { name: 'Deployed', isReached: true, text: 'Marathon has taken it on' },
    { name: 'Tasks running', isReached: isRunning, text: `${counted.length} of ${instances}` },
    {
      name: 'Healthy',
      isReached: isHealthy,
      text: healthChecks.length === 0 ? 'no health checks' : `${healthy.length} of ${instances}`,
    },
    {
      name: 'Ready',
      isReached: isHealthy && !isDeploying && isRegistered,
      text: isDeploying
        ? 'its deployment is not over'
        : isRegistered
          ? 'it can be used'
          : `its framework ${framework} has not registered`,
    },
  ];
};
