import type { AgentOperation } from '../../mesos/agent-protocol.ts';
import type { OperationStatus, Resource } from '../../mesos/generated/mesos.ts';
import { addResources, subtractResources } from '../../mesos/resources/arithmetic.ts';
import { conversionOf, destroyedVolumes } from '../../mesos/resources/conversion.ts';
import { isPersistentVolume } from '../../mesos/resources/traits.ts';
import { errorMessage } from '../../runtime/error-message.ts';
import { checkpointedResources } from './registration.ts';
import { FIRST_RETRY_MS } from './settings.ts';
import type { AgentState, OperationRecord } from './state.ts';
import { uuidBytes } from './status.ts';
import { operationKey, RESOURCES_KEY, type Turn } from './turn.ts';
import { isSafeName } from './work-folder.ts';

/**
 * Changes of reservations and volumes. The new resources and the operation's outcome are checkpointed together; the
 * outcome is told until the master has acknowledged it. The same operation heard twice is applied once.
 */
export const applyOperation = (turn: Turn, operation: AgentOperation): void => {
  const known = turn.state.operations.get(operation.uuid);
  if (known) {
    tell(turn, known);
    return;
  }
  const record: OperationRecord = { operation, status: applied(turn, operation) };
  turn.state.operations.set(operation.uuid, record);
  turn.save(operationKey(operation.uuid), record);
  tell(turn, record);
};

const applied = (turn: Turn, { operation }: AgentOperation): OperationStatus => {
  const common: Pick<OperationStatus, 'operation_id' | 'uuid' | 'agent_id'> = {
    ...(operation.id ? { operation_id: operation.id, uuid: { value: uuidBytes(turn.uuid()) } } : {}),
    ...(turn.state.agentId === undefined ? {} : { agent_id: { value: turn.state.agentId } }),
  };
  try {
    const { consumed, converted } = conversionOf(operation);
    const left = subtractResources(turn.state.resources, consumed);
    if (!left) throw new Error('The agent does not have the resources that the operation is about');
    refuseUnsafeVolumes(converted);
    turn.state.resources = addResources(left, converted);
    turn.save(RESOURCES_KEY, checkpointedResources(turn.state.resources));
    for (const volume of destroyedVolumes(operation)) turn.do({ type: 'remove-volume', volume });
    return { ...common, state: 'OPERATION_FINISHED', converted_resources: converted };
  } catch (error) {
    return { ...common, state: 'OPERATION_DROPPED', message: errorMessage(error) };
  }
};

/** The id of a volume is the name of its folder. */
const refuseUnsafeVolumes = (resources: readonly Resource[]): void => {
  for (const { disk } of resources.filter(isPersistentVolume)) {
    const id = disk?.persistence?.id ?? '';
    if (!isSafeName(id)) throw new Error(`The persistence id '${id}' cannot be the name of a folder`);
  }
};

const tell = (turn: Turn, { operation, status }: OperationRecord): void => {
  const { agentId } = turn.state;
  if (agentId === undefined) return;
  turn.do({
    type: 'send-master',
    call: {
      type: 'OPERATION_UPDATE',
      agent_id: { value: agentId },
      operation_update: {
        ...(operation.framework_id ? { framework_id: operation.framework_id } : {}),
        uuid: operation.uuid,
        status,
      },
    },
  });
  turn.setTimer(`operation:${operation.uuid}`, FIRST_RETRY_MS);
};

export const retryOperation = (turn: Turn, uuid: string): void => {
  const record = turn.state.operations.get(uuid);
  if (record) tell(turn, record);
};

/** The master is back: every outcome that it has not acknowledged is told again. */
export const resendOperations = (turn: Turn): void => {
  for (const record of turn.state.operations.values()) tell(turn, record);
};

export const acknowledgeOperation = (turn: Turn, uuid: string): void => {
  if (!turn.state.operations.delete(uuid)) return;
  turn.save(operationKey(uuid), undefined);
  turn.do({ type: 'cancel-timer', timer: `operation:${uuid}` });
};

/** Persistent volumes that exist on this agent. */
export const volumesOf = ({ resources }: Pick<AgentState, 'resources'>): Resource[] =>
  resources.filter(isPersistentVolume);
