import type { SubscribeAgent } from '../../mesos/agent-protocol.ts';
import type { AgentInfo, AgentInfoCapability, Resource, Task } from '../../mesos/generated/mesos.ts';
import { withoutSecrets } from '../../mesos/without-secrets.ts';
import { isFrameworkActive } from './completion.ts';
import type { AgentSettings } from './settings.ts';
import type { AgentState, TaskRecord } from './state.ts';

/** What this agent can do (mesos.md 4.8). */
const CAPABILITIES: readonly AgentInfoCapability[] = [
  { type: 'MULTI_ROLE' },
  { type: 'HIERARCHICAL_ROLE' },
  { type: 'RESERVATION_REFINEMENT' },
  { type: 'RESIZE_VOLUME' },
  { type: 'AGENT_OPERATION_FEEDBACK' },
  { type: 'AGENT_DRAINING' },
  { type: 'TASK_RESOURCE_LIMITS' },
];

export const agentCapabilities = (): AgentInfoCapability[] => [...CAPABILITIES];

export const agentInfo = (state: AgentState, settings: AgentSettings, resources: Resource[]): AgentInfo => ({
  hostname: settings.hostname,
  port: settings.port,
  resources,
  ...(settings.domain === undefined ? {} : { domain: settings.domain }),
  ...(settings.attributes.length === 0 ? {} : { attributes: [...settings.attributes] }),
  ...(state.agentId === undefined ? {} : { id: { value: state.agentId } }),
});

/**
 * Everything that the master has to know about this agent, so that a master which never heard of it can go on from
 * there. `initialResources` are those without dynamic reservations and volumes.
 */
export const subscription = (
  state: AgentState,
  settings: AgentSettings,
  initialResources: Resource[],
): SubscribeAgent => ({
  // What an agent says of itself to others than the master does not have the field, as in Mesos.
  agent_info: { ...agentInfo(state, settings, initialResources), checkpoint: true },
  address: { hostname: settings.hostname, ip: settings.ip, port: settings.port },
  version: settings.version,
  capabilities: agentCapabilities(),
  checkpointed_resources: checkpointedResources(state.resources),
  tasks: [...state.tasks.values()].filter(isWanted(state)).map((task) => ({ task: toTask(state, task) })),
  executors: [...state.runs.values()]
    .filter(
      ({ record }) => record.kind !== 'command' && record.phase !== 'terminated' && isWanted(state)(record),
    )
    .map(({ record }) => ({ framework_id: { value: record.frameworkId }, executor_info: record.info })),
  frameworks: [...state.frameworks.values()]
    .filter((framework) => isFrameworkActive(framework) && !framework.isEnding)
    .map(({ info }) => info),
  operations: [...state.operations.values()].map(({ operation }) => operation),
});

/** What belongs to a framework that is being ended here is no master's business any more. */
const isWanted =
  (state: AgentState) =>
  ({ frameworkId }: { frameworkId: string }): boolean =>
    state.frameworks.get(frameworkId)?.isEnding === false;

/** Dynamic reservations and persistent volumes: what does not come from the agent's own flags. */
export const checkpointedResources = (resources: readonly Resource[]): Resource[] =>
  resources.filter(
    ({ disk, reservations }) =>
      disk?.persistence !== undefined || reservations?.some(({ type }) => type === 'DYNAMIC'),
  );

/** A task as the APIs show it. */
export const toTask = (state: AgentState, task: TaskRecord): Task => {
  const { info, frameworkId, statuses } = task;
  const last = statuses.at(-1);
  return {
    name: info.name,
    task_id: info.task_id,
    framework_id: { value: frameworkId },
    ...(info.executor === undefined ? {} : { executor_id: info.executor.executor_id }),
    agent_id: state.agentId === undefined ? info.agent_id : { value: state.agentId },
    state: task.state,
    ...(info.resources ? { resources: info.resources } : {}),
    ...(statuses.length > 0 ? { statuses } : {}),
    ...(last ? { status_update_state: last.state } : {}),
    ...(last?.uuid === undefined ? {} : { status_update_uuid: last.uuid }),
    ...(info.labels ? { labels: info.labels } : {}),
    ...(info.discovery ? { discovery: info.discovery } : {}),
    ...(info.container ? { container: withoutSecrets(info.container) } : {}),
    ...(info.health_check ? { health_check: info.health_check } : {}),
    ...(info.kill_policy ? { kill_policy: info.kill_policy } : {}),
    ...(info.command?.user === undefined ? {} : { user: info.command.user }),
    ...(info.limits ? { limits: info.limits } : {}),
  };
};
