import type { TaskInfo } from '../mesos/generated/mesos.ts';
import type { SchedulerCall, SchedulerConnection } from '../sdk/scheduler-connection.ts';

/** Environment variables that are secret, for a task of the service that is named. */
export type ServiceSecrets = (serviceName: string) => Readonly<Record<string, string>>;

/** The label of an app that is the scheduler of a service; who may run apps may run schedulers. */
const FRAMEWORK_LABEL = 'DCOS_PACKAGE_FRAMEWORK_NAME';

/**
 * A connection whose launches give schedulers of services what they need to register with a master that asks who they
 * are. Only here, on their way to the master: Marathon's own state, its API and its log never hold them.
 */
export const withServiceSecrets = (
  connection: SchedulerConnection,
  secretsOf: ServiceSecrets,
): SchedulerConnection => ({
  get isConnected() {
    return connection.isConnected;
  },
  get frameworkId() {
    return connection.frameworkId;
  },
  call: (call) => connection.call(withSecrets(call, secretsOf)),
  close: () => connection.close(),
});

const withSecrets = (call: SchedulerCall, secretsOf: ServiceSecrets): SchedulerCall => {
  if (call.type !== 'ACCEPT') return call;
  const operations = (call.accept.operations ?? []).map((operation) =>
    operation.type === 'LAUNCH'
      ? {
          ...operation,
          launch: {
            task_infos: (operation.launch.task_infos ?? []).map((task) => initiated(task, secretsOf)),
          },
        }
      : operation,
  );
  return { ...call, accept: { ...call.accept, operations } };
};

const initiated = (task: TaskInfo, secretsOf: ServiceSecrets): TaskInfo => {
  const name = task.labels?.labels?.find(({ key }) => key === FRAMEWORK_LABEL)?.value;
  if (name === undefined || task.command === undefined) return task;
  const added = Object.entries(secretsOf(name)).map(([variable, value]) => ({
    name: variable,
    type: 'SECRET' as const,
    secret: { type: 'VALUE' as const, value: { data: Buffer.from(value).toString('base64') } },
  }));
  const variables = [...(task.command.environment?.variables ?? []), ...added];
  return { ...task, command: { ...task.command, environment: { variables } } };
};
