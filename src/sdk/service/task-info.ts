import type { CommandInfoURI, HealthCheck, Resource, TaskInfo } from '../../mesos/generated/mesos.ts';
import type { LaunchContent } from './launch-content.ts';
import { portKey } from './names.ts';
import type { HealthSpec, ReadinessSpec, TaskSpec, UriSpec } from './spec.ts';
import type { InstanceRecord } from './state.ts';
import type { Target } from './turn.ts';

export interface TaskInfoParts {
  readonly id: string;
  readonly target: Target;
  readonly record: InstanceRecord;
  readonly content: LaunchContent;
  readonly resources: Resource[];
}

const seconds = (milliseconds: number): number => milliseconds / 1000;

/** A task as the master takes it. */
export const taskInfo = ({ id, target, record, content, resources }: TaskInfoParts): TaskInfo => {
  const { task, name } = target;
  return {
    name,
    task_id: { value: id },
    agent_id: { value: record.agentId },
    resources,
    command: {
      shell: true,
      value: content.command,
      environment: {
        variables: Object.entries(content.environment).map(([key, value]) => ({ name: key, value })),
      },
      ...(task.uris.length > 0 && { uris: task.uris.map(commandUri) }),
    },
    ...(task.image !== undefined && { container: imageContainer(task.image) }),
    ...(task.health && { health_check: healthCheck(task.health) }),
    ...(task.readiness?.type === 'command' && { check: commandCheck(task.readiness) }),
    ...(task.killGraceMs !== undefined && {
      kill_policy: { grace_period: { nanoseconds: task.killGraceMs * 1_000_000 } },
    }),
    ...(task.ports.length > 0 && { discovery: discovery(task, name, record) }),
  };
};

const imageContainer = (name: string): NonNullable<TaskInfo['container']> => ({
  type: 'MESOS',
  mesos: { image: { type: 'DOCKER', docker: { name } } },
});

const commandUri = ({ uri, outputFile, extract, executable, cache }: UriSpec): CommandInfoURI => ({
  value: uri,
  ...(outputFile !== undefined && { output_file: outputFile }),
  ...(extract !== undefined && { extract }),
  ...(executable !== undefined && { executable }),
  ...(cache !== undefined && { cache }),
});

const healthCheck = (health: HealthSpec): HealthCheck => ({
  type: 'COMMAND',
  command: { shell: true, value: health.command },
  delay_seconds: seconds(health.delayMs),
  interval_seconds: seconds(health.intervalMs),
  timeout_seconds: seconds(health.timeoutMs),
  grace_period_seconds: seconds(health.gracePeriodMs),
  consecutive_failures: health.maxConsecutiveFailures,
});

const commandCheck = (
  readiness: Extract<ReadinessSpec, { type: 'command' }>,
): NonNullable<TaskInfo['check']> => ({
  type: 'COMMAND',
  command: { command: { shell: true, value: readiness.command } },
  delay_seconds: seconds(readiness.delayMs),
  interval_seconds: seconds(readiness.intervalMs),
  timeout_seconds: seconds(readiness.timeoutMs),
});

/** Ports by name, for whoever looks at the cluster. */
const discovery = (
  task: TaskSpec,
  name: string,
  { ports }: InstanceRecord,
): NonNullable<TaskInfo['discovery']> => ({
  visibility: 'FRAMEWORK',
  name,
  ports: {
    ports: task.ports.flatMap((port) => {
      const number = ports[portKey(task.name, port.name)];
      return number === undefined ? [] : [{ number, name: port.name, protocol: 'tcp' }];
    }),
  },
});
