import type { AppDefinition } from '../../definitions/app.ts';
import type { PathId } from '../../definitions/path-id.ts';
import { type DeploymentView, type MarathonEngine, type TaskFailure, targetOf } from '../../engine.ts';
import type { AppEmbed } from '../embeds.ts';
import { appJson } from './app-json.ts';
import { hasTask, listedTaskJson, time } from './task-json.ts';
import { taskStats } from './task-stats.ts';

/** Of so many instances or more the tasks are made one by one. */
const MANY = 200;

/**
 * Shows apps with what is known about them now (marathon.md 1.6.2), for `jsonPieces`. One for each request: it looks things
 * up once.
 */
export type ShowApp = (app: AppDefinition) => Record<string, unknown>;

export const appInfo = (engine: MarathonEngine, embeds: ReadonlySet<AppEmbed>, nowMs: number): ShowApp => {
  const deployments = embeds.has('deployments') || embeds.has('readiness') ? engine.deployments() : [];
  const deploymentIds = idsByApp(deployments);
  return (app) => {
    const { id } = app;
    const failure = embeds.has('lastTaskFailure') ? engine.lastTaskFailure(id) : undefined;
    return {
      ...appJson(app),
      ...(embeds.has('counts') && engine.counts(id)),
      ...(embeds.has('deployments') && { deployments: deploymentIds.get(id) ?? [] }),
      ...(embeds.has('tasks') && { tasks: tasksOf(engine, app) }),
      ...(embeds.has('readiness') && { readinessCheckResults: readinessOf(deployments, id) }),
      ...(failure && { lastTaskFailure: failureJson(failure) }),
      ...(embeds.has('taskStats') && { taskStats: taskStats(engine.instances(id), app, nowMs) }),
    };
  };
};

const tasksOf = (engine: MarathonEngine, app: AppDefinition): Iterable<unknown> =>
  app.instances < MANY ? [...eachTask(engine, app)] : eachTask(engine, app);

/** The tasks of an app as lists show them, made one by one. */
export function* eachTask(engine: MarathonEngine, app: AppDefinition): Iterable<Record<string, unknown>> {
  for (const instance of engine.instances(app.id)) {
    if (hasTask(instance)) yield listedTaskJson(instance, app);
  }
}

const idsByApp = (deployments: readonly DeploymentView[]): Map<PathId, { id: string }[]> => {
  const byApp = new Map<PathId, { id: string }[]>();
  for (const { id, affectedApps } of deployments) {
    for (const app of affectedApps) {
      const known = byApp.get(app);
      if (known) known.push({ id });
      else byApp.set(app, [{ id }]);
    }
  }
  return byApp;
};

const readinessOf = (deployments: readonly DeploymentView[], id: PathId): object[] =>
  deployments.flatMap(({ currentActions }) =>
    currentActions.flatMap((action) => (targetOf(action) === id ? action.readinessCheckResults : [])),
  );

const failureJson = (failure: TaskFailure): object => ({
  appId: failure.appId,
  host: failure.host,
  message: failure.message,
  state: failure.state,
  taskId: failure.taskId,
  timestamp: time(failure.timestampMs),
  version: failure.version,
  ...(failure.agentId !== undefined && { slaveId: failure.agentId }),
});
