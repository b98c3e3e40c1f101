import type { AgentCall, AgentOperation } from '../../mesos/agent-protocol.ts';
import type { Operation, OperationStatus } from '../../mesos/generated/mesos.ts';
import type {
  CallAcknowledgeOperationStatus,
  CallReconcileOperations,
  CallReconcileOperationsOperation,
} from '../../mesos/generated/scheduler.ts';
import { type Agent, type Framework, isConnected } from './state.ts';
import type { Turn } from './turn.ts';

/**
 * What becomes of reservation and volume changes on their agents (mesos.md 1.11, 1.13). They count from the moment of their
 * acceptance; an outcome that is not success means that master and agent disagree, so the agent has to report afresh.
 */

type OperationUpdate = Extract<AgentCall, { type: 'OPERATION_UPDATE' }>['operation_update'];

/** An outcome. Whoever gave the operation an id hears of it and acknowledges it; for all others the master does. */
export const takeOperationUpdate = (turn: Turn, agent: Agent, { uuid, status }: OperationUpdate): void => {
  turn.count('master/messages_operation_status_update');
  const operation = agent.operations.get(uuid);
  if (!operation) {
    turn.count('master/invalid_operation_status_updates');
    acknowledge(turn, agent, uuid);
    return;
  }
  turn.count('master/valid_operation_status_updates');
  const { converted_resources: _converted, ...shown } = status;
  const statuses = [...(operation.statuses ?? []), shown].slice(-2);
  agent.operations.set(uuid, { ...operation, latest_status: shown, statuses });
  const framework = turn.state.frameworks.get(operation.framework_id?.value ?? '');
  if (operation.info.id === undefined || !framework) acknowledge(turn, agent, uuid);
  else sendOperationStatus(turn, framework, shown);
  // Said once: the agent repeats the outcome until the scheduler has acknowledged it.
  if (status.state === 'OPERATION_FINISHED' || operation.latest_status.state !== 'OPERATION_PENDING') return;
  turn.log(
    'an operation did not succeed on its agent',
    { agentId: agent.id, state: status.state, reason: status.message },
    'warn',
  );
  if (agent.streamId !== undefined) turn.do({ type: 'close-agent', streamId: agent.streamId });
};

const acknowledge = (turn: Turn, agent: Agent, uuid: string): void => {
  agent.operations.delete(uuid);
  turn.mayBeDrained(agent);
  turn.toAgent(agent, { type: 'ACKNOWLEDGE_OPERATION', acknowledge_operation: { uuid } });
};

/** The scheduler has the outcome. */
export const acknowledgeOperationStatus = (
  turn: Turn,
  framework: Framework,
  { agent_id, operation_id, uuid }: CallAcknowledgeOperationStatus,
): void => {
  turn.count('master/messages_operation_status_update_acknowledgement');
  const agent = turn.state.agents.get(agent_id?.value ?? '');
  const [key] =
    [...(agent?.operations ?? [])].find(
      ([, { framework_id, info, latest_status }]) =>
        framework_id?.value === framework.id &&
        info.id?.value === operation_id.value &&
        latest_status.uuid?.value === uuid,
    ) ?? [];
  if (!agent || !isConnected(agent) || key === undefined) {
    turn.count('master/invalid_operation_status_update_acknowledgements');
    return;
  }
  turn.count('master/valid_operation_status_update_acknowledgements');
  acknowledge(turn, agent, key);
};

/** After a subscription of the agent: what it never heard of is dropped, what this master never heard of is taken on. */
export const adoptOperations = (turn: Turn, agent: Agent, reported: readonly AgentOperation[]): void => {
  const uuids = new Set(reported.map(({ uuid }) => uuid));
  for (const [uuid, operation] of agent.operations) {
    if (uuids.has(uuid)) continue;
    agent.operations.delete(uuid);
    const framework = turn.state.frameworks.get(operation.framework_id?.value ?? '');
    if (framework && operation.info.id !== undefined) {
      sendOperationStatus(turn, framework, {
        operation_id: operation.info.id,
        state: 'OPERATION_DROPPED',
        message: 'The agent was not there to hear of the operation',
        agent_id: { value: agent.id },
      });
    }
  }
  for (const operation of reported) {
    if (!agent.operations.has(operation.uuid)) addOperation(agent, operation);
  }
};

/** The agent is not there to say what became of operations: whoever gave one an id hears that much. */
export const announceFate = (
  turn: Turn,
  agent: Agent,
  state: 'OPERATION_UNREACHABLE' | 'OPERATION_GONE_BY_OPERATOR',
  message: string,
): void => {
  for (const { framework_id, info, latest_status } of agent.operations.values()) {
    const framework = turn.state.frameworks.get(framework_id?.value ?? '');
    if (!framework || info.id === undefined || latest_status.state !== 'OPERATION_PENDING') continue;
    const agent_id = { value: agent.id };
    sendOperationStatus(turn, framework, { operation_id: info.id, state, message, agent_id });
  }
};

/** Adds an operation that is on its way. */
export const addOperation = (agent: Agent, { uuid, framework_id, operation }: AgentOperation): void => {
  const record: Operation = {
    ...(framework_id === undefined ? {} : { framework_id }),
    agent_id: { value: agent.id },
    info: operation,
    latest_status: {
      ...(operation.id === undefined ? {} : { operation_id: operation.id }),
      state: 'OPERATION_PENDING',
      agent_id: { value: agent.id },
    },
    uuid: { value: Buffer.from(uuid.replaceAll('-', ''), 'hex').toString('base64') },
  };
  agent.operations.set(uuid, record);
};

export const sendOperationStatus = (turn: Turn, framework: Framework, status: OperationStatus): void =>
  turn.toFramework(framework, { type: 'UPDATE_OPERATION_STATUS', update_operation_status: { status } });

/** What the master knows about operations, told on request. */
export const reconcileOperations = (
  turn: Turn,
  framework: Framework,
  { operations = [] }: CallReconcileOperations,
): void => {
  turn.count('master/messages_reconcile_operations');
  const known = [...turn.state.agents.values()]
    .flatMap((agent) => [...agent.operations.values()])
    .filter(({ framework_id, info }) => framework_id?.value === framework.id && info.id !== undefined);
  if (operations.length === 0) {
    for (const operation of known) sendOperationStatus(turn, framework, withoutUuid(operation));
  }
  for (const asked of operations) {
    const operation = known.find(({ info }) => info.id?.value === asked.operation_id.value);
    const status = operation ? withoutUuid(operation) : unknownStatus(turn, asked);
    sendOperationStatus(turn, framework, status);
  }
};

const withoutUuid = ({ latest_status }: Operation): OperationStatus => {
  const { uuid: _uuid, ...status } = latest_status;
  return status;
};

const unknownStatus = (
  { state: { recoveredAgents, agents, unreachableAgents, goneAgents } }: Turn,
  { operation_id, agent_id, resource_provider_id }: CallReconcileOperationsOperation,
): OperationStatus => {
  const common = {
    operation_id,
    ...(agent_id === undefined ? {} : { agent_id }),
    ...(resource_provider_id === undefined ? {} : { resource_provider_id }),
  };
  const id = agent_id?.value;
  if (id === undefined) {
    const message = "Reconciliation: Operation is unknown and no 'agent_id' was provided";
    return { ...common, state: 'OPERATION_UNKNOWN', message };
  }
  if (recoveredAgents.has(id)) {
    const message = 'Reconciliation: Agent is recovered but has not re-registered';
    return { ...common, state: 'OPERATION_RECOVERING', message };
  }
  if (agents.has(id)) {
    return { ...common, state: 'OPERATION_UNKNOWN', message: 'Reconciliation: Operation is unknown' };
  }
  if (unreachableAgents.has(id)) {
    const message = 'Reconciliation: Agent is unreachable';
    return { ...common, state: 'OPERATION_UNREACHABLE', message };
  }
  if (goneAgents.has(id)) {
    const message = 'Reconciliation: Agent marked gone by operator';
    return { ...common, state: 'OPERATION_GONE_BY_OPERATOR', message };
  }
  return {
    ...common,
    state: 'OPERATION_UNKNOWN',
    message: 'Reconciliation: Both operation and agent are unknown',
  };
};
