import type { SubscribeAgent } from '../../mesos/agent-protocol.ts';
import type { AgentInfo, Resource } from '../../mesos/generated/mesos.ts';
import { toStackFormat } from '../../mesos/resources/reservation-format.ts';
import { withCheckpointed } from '../../mesos/resources/with-checkpointed.ts';
import { isTerminal } from '../../mesos/task-state.ts';
import { isSameJson } from '../../runtime/is-same-json.ts';
import { agentKey } from './registry.ts';
import { type AdmittedAgent, type Agent, isActive, tasksOn } from './state.ts';
import type { Turn } from './turn.ts';
import { oversubscribedOf } from './update-agent.ts';

/** The records of agents, and what the registry and the allocator are told about them. */

/** The agent's own resources, all in the stack format. */
export const agentInfoOf = ({ agent_info }: SubscribeAgent, id: string): AgentInfo => ({
  ...agent_info,
  id: { value: id },
  resources: (agent_info.resources ?? []).map(toStackFormat),
});

/** Throws when its flags give the agent less than what is reserved on it. */
export const totalOf = ({
  agent_info,
  checkpointed_resources,
  oversubscribed_resources,
}: SubscribeAgent): Resource[] => [
  ...withCheckpointed(
    (agent_info.resources ?? []).map(toStackFormat),
    checkpointed_resources.map(toStackFormat),
  ),
  ...oversubscribedOf(oversubscribed_resources),
];

/** Makes the agent's admission outlive the master. `saved`, if known, is what the registry says of it now. */
export const saveAgent = (turn: Turn, agent: Agent, saved?: AdmittedAgent): void => {
  const value = admitted(agent);
  // Thousands that come back after a restart are all there already.
  if (saved === undefined || !isSameJson(value, saved)) turn.save(agentKey(agent.id), value);
};

export const admitted = ({ info, isDeactivated, drain, drainStartedMs }: Agent): AdmittedAgent => ({
  info,
  isDeactivated,
  ...(drain === undefined ? {} : { drain }),
  ...(drainStartedMs === undefined ? {} : { drainStartedMs }),
});

/** Tells the allocator all about an agent, from nothing: what it has and who uses how much of it. */
export const allocateFromRecord = (turn: Turn, agent: Agent): void => {
  turn.allocator.removeAgent(agent.id);
  turn.allocator.addAgent(agent.id, {
    info: agent.info,
    total: agent.total,
    capabilities: agent.capabilities,
    used: usedOn(turn, agent),
    isActive: isActive(agent),
    ...(agent.unavailability === undefined ? {} : { unavailability: agent.unavailability }),
  });
};

/** The allocator adds up what is alike. */
const usedOn = (turn: Turn, agent: Agent): Map<string, Resource[]> => {
  const used = new Map<string, Resource[]>();
  const add = (frameworkId: string, resources: readonly Resource[] = []): void => {
    const held = used.get(frameworkId) ?? [];
    for (const resource of resources) held.push(resource);
    used.set(frameworkId, held);
  };
  for (const task of tasksOn(turn.state, agent)) {
    if (!isTerminal(task.state)) add(task.framework_id.value, task.resources);
  }
  for (const [frameworkId, executors] of agent.executors) {
    for (const { resources } of executors.values()) add(frameworkId, resources);
  }
  return used;
};
