import type { Resource } from '../../mesos/generated/mesos.ts';
import { addResources, subtractResources } from '../../mesos/resources/arithmetic.ts';
import { type Conversion, conversionOf } from '../../mesos/resources/conversion.ts';
import { allocatedTo, toStackFormat } from '../../mesos/resources/reservation-format.ts';
import { resourcesText } from '../../mesos/resources/resource-text.ts';
import { isPersistentVolume } from '../../mesos/resources/traits.ts';
import { isTerminal } from '../../mesos/task-state.ts';
import {
  type DiskOperation,
  diskOperationProblem,
  diskSource,
  isDiskOperation,
} from './disk-operation-problem.ts';
import { refuseOperation } from './drop-operation.ts';
import { offersOf, rescindOffer } from './offers.ts';
import { operationProblem, type ResourceOperation } from './operation-problem.ts';
import { addOperation } from './operation-status.ts';
import { leftText, type Purse } from './purse.ts';
import { type Agent, tasksOn, touch } from './state.ts';
import type { Turn } from './turn.ts';

/** A reservation or volume change on offered resources: counts at once, the agent hears of it (mesos.md 1.10). */
export const changeResources = (
  turn: Turn,
  purse: Purse,
  operation: ResourceOperation | DiskOperation,
): void => {
  const { framework, agent } = purse;
  if (isDiskOperation(operation)) {
    refuseOperation(turn, framework, operation, diskRefusal(purse, operation));
    return;
  }
  const requester = { type: 'framework', framework } as const;
  const problem = operationProblem(operation, requester, agent, volumesInUse(turn, agent));
  if (problem !== undefined) {
    refuseOperation(turn, framework, operation, `${problem}; on agent ${agent.id}`);
    return;
  }
  const conversion = conversionOf(operation);
  const left = subtractResources(purse.left, conversion.consumed);
  const total = subtractResources(agent.total, conversion.consumed);
  if (!left || !total) {
    const wanted = resourcesText(allocatedTo(conversion.consumed, purse.role));
    refuseOperation(turn, framework, operation, `${leftText(purse)} does not contain ${wanted}`);
    return;
  }
  takeFromOthers(turn, agent, operation);
  const owner = { frameworkId: framework.id, agentId: agent.id, role: purse.role };
  turn.allocator.updateAllocation(owner, [conversion]);
  purse.left = addResources(left, conversion.converted);
  agent.total = addResources(total, conversion.converted);
  touch(agent);
  order(turn, agent, operation, framework.id);
};

/** Agents have no resource providers, so that no offer holds a disk of one. */
const diskRefusal = (purse: Purse, operation: DiskOperation): string => {
  const problem = diskOperationProblem(operation);
  if (problem !== undefined) return `${problem}; on agent ${purse.agent.id}`;
  const wanted = allocatedTo([toStackFormat(diskSource(operation))], purse.role);
  return `${leftText(purse)} does not contain ${resourcesText(wanted)}`;
};

/** A shared volume that is destroyed may be in the hands of other frameworks. */
const takeFromOthers = (turn: Turn, agent: Agent, operation: ResourceOperation): void => {
  if (operation.type !== 'DESTROY') return;
  const ids = new Set(operation.destroy.volumes?.map(({ disk }) => disk?.persistence?.id));
  for (const offer of offersOf(turn, agent.offerIds)) {
    if (offer.resources.some(({ disk }) => disk?.persistence && ids.has(disk.persistence.id))) {
      rescindOffer(turn, offer);
    }
  }
};

/** Has the agent do it. */
export const order = (
  turn: Turn,
  agent: Agent,
  operation: ResourceOperation,
  frameworkId: string | undefined,
): void => {
  const framework_id = frameworkId === undefined ? {} : { framework_id: { value: frameworkId } };
  const ordered = { uuid: turn.uuid(), ...framework_id, operation };
  addOperation(agent, ordered);
  turn.count(`master/operations/${operation.type.toLowerCase()}/finished`);
  turn.toAgent(agent, { type: 'APPLY_OPERATION', apply_operation: ordered });
};

/** An operator's change, of resources that are free: counts at once. */
export const convertAvailable = (agent: Agent, { consumed, converted }: Conversion): void => {
  const left = subtractResources(agent.total, consumed);
  if (left) agent.total = addResources(left, converted);
  touch(agent);
};

/** Persistent volumes that tasks and executors on the agent use. */
export const volumesInUse = (turn: Turn, agent: Agent): Resource[] => {
  const used: Resource[] = [];
  for (const task of tasksOn(turn.state, agent)) {
    if (!isTerminal(task.state)) used.push(...(task.resources ?? []).filter(isPersistentVolume));
  }
  for (const executors of agent.executors.values()) {
    for (const { resources = [] } of executors.values()) used.push(...resources.filter(isPersistentVolume));
  }
  return used;
};
