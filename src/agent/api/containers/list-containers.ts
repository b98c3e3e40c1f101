import type { Call, Response } from '../../../mesos/generated/agent.ts';
import type { AgentCore } from '../../core/agent-core.ts';
import { type OperatorContainer, rootRunOf } from '../../core/operator-containers.ts';
import { type ContainerRecord, containerIdOf, type Run } from '../../core/state.ts';
import type { Permission } from '../permission.ts';
import { nestedStatistics, type RunUsage } from '../statistics.ts';
import { userOfRun } from '../visible-state.ts';
import { userOfStandalone } from './demand-container.ts';

type Listed = NonNullable<Extract<Response, { type: 'GET_CONTAINERS' }>['get_containers']>;

/** As in Mesos there is no `get_containers` at all while there are no containers, or none that who asks may see. */
export const listContainers = (
  { get_containers: { show_nested, show_standalone } = {} }: Extract<Call, { type: 'GET_CONTAINERS' }>,
  core: AgentCore,
  nowMs: number,
  { usages, may }: { usages: readonly RunUsage[]; may: Permission['may'] },
): { get_containers?: Listed } => {
  const { state } = core;
  const isRunShown = (run: Run | undefined): boolean =>
    run !== undefined && may('view_containers', userOfRun(state, run));
  const shown = usages.filter(({ run }) => isRunShown(run));
  const executors = shown.map(({ run, pid, status, statistics }) => ({
    framework_id: { value: run.record.frameworkId },
    executor_id: { value: run.record.executorId },
    executor_name: run.record.info.name ?? '',
    container_id: { value: run.record.id },
    container_status: {
      container_id: { value: run.record.id },
      ...(pid === undefined ? {} : { executor_pid: pid }),
      ...status,
    },
    resource_statistics: statistics,
  }));
  const nested = [...state.containers.values()]
    .filter(({ parentId }) => show_nested && parentId !== undefined && isRunShown(state.runs.get(parentId)))
    .map((container) => ({
      container_id: { value: container.id },
      container_status: {
        container_id: containerIdOf(container),
        ...pidOf(container),
        ...(container.networks ? { network_infos: container.networks } : {}),
      },
      resource_statistics: nestedStatistics(taskOf(core, container), nowMs),
    }));
  const launched = [...state.operatorContainers.values()]
    .filter(({ kind, phase }) => phase !== 'ended' && (kind === 'standalone' ? show_standalone : show_nested))
    .filter((container) => {
      const run = rootRunOf(state, container.key);
      return run ? isRunShown(run) : may('view_standalone_containers', userOfStandalone(container));
    })
    .map((container) => ({
      container_id: { value: container.id.value },
      container_status: { container_id: container.id, ...pidOf(container) },
      resource_statistics: nestedStatistics(hasOwnResources(container) ? container : undefined, nowMs),
    }));
  const all = [...executors, ...nested, ...launched];
  return all.length === 0 ? {} : { get_containers: { containers: all } };
};

const hasOwnResources = ({ resources }: OperatorContainer): boolean => resources.length > 0;

const pidOf = ({ process }: Pick<ContainerRecord, 'process'>): { executor_pid?: number } =>
  process ? { executor_pid: process.pid } : {};

const taskOf = ({ state }: AgentCore, { parentId = '', taskId = '' }: ContainerRecord) =>
  state.runs.get(parentId)?.tasks.get(taskId)?.info;
