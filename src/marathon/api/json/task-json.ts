import { type Condition, isActive } from '../../core/instance.ts';
import type { AppDefinition } from '../../definitions/app.ts';
import { servicePortsOf } from '../../definitions/app-facts.ts';
import type { InstanceView } from '../../engine.ts';
import { localVolumesJson } from './local-volumes-json.ts';

/** Where an instance has a task, and thus is shown as one. */
export const hasTask = ({ task, condition }: InstanceView): boolean =>
  task !== undefined && condition !== 'Scheduled';

const STATES: Readonly<Partial<Record<Condition, string>>> = {
  Scheduled: 'TASK_STAGING',
  Provisioned: 'TASK_STAGING',
  UnreachableInactive: 'TASK_UNREACHABLE',
};

/** The state of the Mesos task behind a condition. */
export const taskState = (condition: Condition): string =>
  STATES[condition] ?? `TASK_${condition.toUpperCase()}`;

/** The id of its task; an instance without one, or with one for each container of a pod, is named itself. */
export const shownTaskId = ({ id, task }: InstanceView): string =>
  task === undefined || task.containers ? id : task.id;

/** The task of an instance as the API shows it (marathon.md 1.7). */
export const taskJson = (instance: InstanceView): Record<string, unknown> => {
  const { task, agent, condition, appId, appVersion } = instance;
  const isUp = isActive(condition);
  const times = task && {
    stagedAt: time(task.stagedAtMs),
    ...(task.startedAtMs !== undefined && { startedAt: time(task.startedAtMs) }),
    version: appVersion,
  };
  return {
    id: shownTaskId(instance),
    appId,
    host: agent?.hostname ?? '',
    ...(agent && { slaveId: agent.id }),
    state: taskState(condition),
    ...(isUp && times),
    ports: isUp ? (task?.hostPorts ?? []) : [],
    ipAddresses: task?.ipAddresses ?? [],
    healthCheckResults: instance.healthResults.map(healthJson),
    ...checkJson(instance),
    localVolumes: localVolumesJson(appId, instance.reservation?.volumes ?? []),
    ...(agent?.region !== undefined && { region: agent.region }),
    ...(agent?.zone !== undefined && { zone: agent.zone }),
    role: instance.role,
  };
};

/** The same with the service ports of its app, as lists of tasks show it. */
export const listedTaskJson = (instance: InstanceView, app: AppDefinition): Record<string, unknown> => ({
  ...taskJson(instance),
  servicePorts: servicePortsOf(app),
});

const healthJson = (result: InstanceView['healthResults'][number]): object => ({
  alive: result.alive,
  consecutiveFailures: result.consecutiveFailures,
  ...(result.firstSuccessMs !== undefined && { firstSuccess: time(result.firstSuccessMs) }),
  ...(result.lastSuccessMs !== undefined && { lastSuccess: time(result.lastSuccessMs) }),
  ...(result.lastFailureMs !== undefined && { lastFailure: time(result.lastFailureMs) }),
  ...(result.lastFailureCause !== undefined && { lastFailureCause: result.lastFailureCause }),
  instanceId: result.instanceId,
});

const checkJson = ({ task }: InstanceView): { checkResult?: object } => {
  const { http, tcp, command } = task?.checkStatus ?? {};
  if (http?.status_code !== undefined) return { checkResult: { http: { statusCode: http.status_code } } };
  if (tcp?.succeeded !== undefined) return { checkResult: { tcp: { succeeded: tcp.succeeded } } };
  if (command?.exit_code !== undefined) return { checkResult: { command: { exitCode: command.exit_code } } };
  return {};
};

/** Milliseconds since the epoch in the API's form. */
export const time = (ms: number): string => new Date(ms).toISOString();
