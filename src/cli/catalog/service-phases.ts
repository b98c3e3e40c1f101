import type { MarathonApp } from '../../clients/marathon-types.ts';

/** What is known of a service that is being deployed. */
export interface ServiceView {
  readonly app: MarathonApp;
  /** Whether Marathon is still at work on it. */
  readonly isDeploying: boolean;
  /** Name of the framework that the app starts; undefined for an app that starts none. */
  readonly frameworkName: string | undefined;
  /** Names of the frameworks that are registered and active; undefined when the master does not tell. */
  readonly activeFrameworks: ReadonlySet<string> | undefined;
}

/** A phase in the life of an installation or an update; each is reached after the one before it. */
export interface ServicePhase {
  readonly name: 'tasks running' | 'healthy' | 'ready';
  readonly isReached: boolean;
  /** How far it is, such as `1 of 2 healthy`. */
  readonly text: string;
}

/** Says for each phase whether it is reached; of an update only tasks of the new version count. */
export const servicePhases = (view: ServiceView): readonly ServicePhase[] => {
  const { app, isDeploying, frameworkName } = view;
  const { instances = 1, healthChecks = [] } = app;
  const { running, healthy } = isDeploying ? countsOfVersion(app) : countsOf(app);
  const isRunning = running >= instances;
  const isHealthy = isRunning && (healthChecks.length === 0 || healthy >= instances);
  const isRegistered =
    frameworkName === undefined || (view.activeFrameworks?.has(frameworkName) ?? true) || instances === 0;
  return [
    { name: 'tasks running', isReached: isRunning, text: `${running} of ${instances} running` },
    {
      name: 'healthy',
      isReached: isHealthy,
      text: healthChecks.length === 0 ? 'it has no health checks' : `${healthy} of ${instances} healthy`,
    },
    {
      name: 'ready',
      isReached: isHealthy && !isDeploying && isRegistered,
      text: isDeploying
        ? 'its deployment is not over'
        : isRegistered
          ? 'it can be used'
          : `its framework ${frameworkName} has not registered`,
    },
  ];
};

const countsOf = ({ tasksRunning = 0, tasksHealthy = 0 }: MarathonApp) => ({
  running: tasksRunning,
  healthy: tasksHealthy,
});

/** Tasks of the version before run beside those of the new one for a while. */
const countsOfVersion = ({ tasks = [], version }: MarathonApp) => {
  const running = tasks.filter((task) => task.state === 'TASK_RUNNING' && task.version === version);
  const healthy = running.filter(
    ({ healthCheckResults = [] }) =>
      healthCheckResults.length > 0 && healthCheckResults.every(({ alive }) => alive),
  );
  return { running: running.length, healthy: healthy.length };
};
