import type { ExecutorInfo, Resource } from '../../../mesos/generated/mesos.ts';
import { isTerminal } from '../../../mesos/task-state.ts';
import type { Agent, MasterState } from '../../core/state.ts';
import type { AgentView, PlacedExecutor } from './cluster-view.ts';

/** Whether a view of an agent still shows what the agent says of itself. What is held there is not looked at. */
export const isAsShown = (view: AgentView, agent: Agent): boolean =>
  view.info === agent.info &&
  view.total === agent.total &&
  view.streamId === agent.streamId &&
  view.address === agent.address &&
  view.version === agent.version &&
  view.capabilities === agent.capabilities &&
  view.isDeactivated === agent.isDeactivated &&
  view.drain === agent.drain &&
  view.drainStartedMs === agent.drainStartedMs &&
  view.reregisteredMs === agent.reregisteredMs &&
  view.unavailability === agent.unavailability;

const NO_EXECUTORS: ReadonlyMap<string, ReadonlyMap<string, ExecutorInfo>> = new Map();
const NONE_PLACED: readonly PlacedExecutor[] = [];

/** An agent as it is now. */
export const viewAgent = (state: MasterState, agent: Agent): AgentView => {
  const usedBy = usedByFrameworks(state, agent);
  const { id, info, address, version, capabilities, streamId, isDeactivated, drain, drainStartedMs } = agent;
  const { total, registeredMs, reregisteredMs, unavailability } = agent;
  return {
    ...{ id, info, address, version, capabilities, streamId, isDeactivated, drain, drainStartedMs },
    ...{ total, registeredMs, reregisteredMs, unavailability },
    usedBy,
    offered: offeredIn(state, agent.offerIds),
    ...viewExecutors(agent),
  };
};

/** Tasks that are not over, and executors. */
const usedByFrameworks = (state: MasterState, agent: Agent): Map<string, Resource[]> => {
  const used = new Map<string, Resource[]>();
  for (const [frameworkId, ids] of agent.taskIds) {
    const tasks = state.frameworks.get(frameworkId)?.tasks;
    const held: Resource[] = [];
    for (const id of ids) {
      const task = tasks?.get(id);
      if (task?.resources && !isTerminal(task.state)) held.push(...task.resources);
    }
    if (held.length > 0) used.set(frameworkId, held);
  }
  for (const [frameworkId, executors] of agent.executors) {
    const held = used.get(frameworkId) ?? [];
    for (const { resources = [] } of executors.values()) held.push(...resources);
    if (held.length > 0) used.set(frameworkId, held);
  }
  return used;
};

const offeredIn = ({ offers }: MasterState, offerIds: ReadonlySet<string>): Resource[] =>
  offerIds.size === 0 ? [] : [...offerIds].flatMap((id) => offers.get(id)?.resources ?? []);

/** What all frameworks hold on the agent. */
export const usedOn = ({ usedBy }: AgentView): Resource[] => [...usedBy.values()].flat();

const viewExecutors = ({ id, executors }: Agent): Pick<AgentView, 'executors' | 'placedExecutors'> => {
  if (executors.size === 0) return { executors: NO_EXECUTORS, placedExecutors: NONE_PLACED };
  return {
    executors: new Map([...executors].map(([frameworkId, some]) => [frameworkId, new Map(some)])),
    placedExecutors: [...executors].flatMap(([frameworkId, some]) =>
      [...some.values()].map((info) => ({ agentId: id, frameworkId, info })),
    ),
  };
};
