import type { OfferedAgent } from '../../mesos/agent-fields.ts';
import type { OfferOperation, Resource, TaskInfo } from '../../mesos/generated/mesos.ts';
import { topLevelGroupOf } from '../definitions/path-id.ts';
import type { PodDefinition } from '../definitions/pods/pod.ts';
import { isPod, type RunSpec } from '../definitions/run-spec.ts';
import { containerTaskIdOf, executorIdOf, taskIdOf } from './ids.ts';
import type { ContainerTask, Instance, InstanceTask } from './instance.ts';
import { changeCondition } from './instance-life.ts';
import { buildLaunchGroup } from './pods/launch-group.ts';
import { buildTask } from './task/build-task.ts';
import type { Turn } from './turn.ts';

/** Where an instance is launched, and on what. */
export interface Place {
  readonly agent: OfferedAgent;
  /** That the offer is for. */
  readonly role: string;
  readonly resources: readonly Resource[];
  readonly hostPorts: readonly number[];
}

/** What an offer is accepted for. */
export interface Launches {
  /** Of apps. */
  readonly tasks: TaskInfo[];
  /** Of pods. */
  readonly groups: OfferOperation[];
}

/** Notes that an instance is about to be launched, and adds what the master has to be told. */
export const provision = (
  turn: Turn,
  instance: Instance,
  { spec, place, launches }: { spec: RunSpec; place: Place; launches: Launches },
): void => {
  const { state, settings, random, nowMs } = turn;
  const { agent, role, resources, hostPorts } = place;
  const incarnation = instance.incarnation + 1;
  const task: InstanceTask = {
    ...tasksOf(spec, instance.id, incarnation, nowMs),
    hostPorts,
    stagedAtMs: nowMs,
  };
  changeCondition(
    turn,
    { ...instance, incarnation, appVersion: spec.version, role, agent, task },
    'Provisioned',
  );
  const group = state.root.groups.get(topLevelGroupOf(spec.id) ?? '/');
  const facts = {
    agentId: agent.id,
    hostname: agent.hostname,
    resources,
    isRoleEnforced: group?.enforceRole ?? false,
    bridgeName: settings.bridgeName,
  };
  if (isPod(spec)) {
    const { frameworkId } = state;
    const launch_group = buildLaunchGroup({ ...facts, pod: spec, task, frameworkId });
    launches.groups.push({ type: 'LAUNCH_GROUP', launch_group });
    return;
  }
  const { envVarsPrefix } = settings;
  launches.tasks.push(buildTask({ ...facts, app: spec, taskId: task.id, hostPorts, envVarsPrefix, random }));
};

const tasksOf = (
  spec: RunSpec,
  instanceId: string,
  incarnation: number,
  nowMs: number,
): Pick<InstanceTask, 'id' | 'containers'> =>
  isPod(spec)
    ? {
        id: executorIdOf(instanceId, incarnation),
        containers: containersOf(spec, (name) => containerTaskIdOf(instanceId, name, incarnation), nowMs),
      }
    : { id: taskIdOf(instanceId, incarnation) };

const containersOf = (
  { containers }: PodDefinition,
  taskIdOf: (name: string) => string,
  sinceMs: number,
): ContainerTask[] =>
  containers.map(({ name }) => ({ name, taskId: taskIdOf(name), condition: 'Provisioned', sinceMs }));
