import type { OfferOperation, OperationState, OperationStatus } from '../../../mesos/generated/mesos.ts';
import type { CallReconcileOperationsOperation } from '../../../mesos/generated/scheduler.ts';
import type { Turn } from '../turn.ts';
import type { Amounts } from './amounts.ts';
import { noteReleased, type ReleaseKind } from './note-released.ts';
import { putReservation } from './put-reservation.ts';

/** An operation whose end the master is to tell. Lost with the engine: then offers say how it ended. */
export type PendingOperation = {
  readonly instanceId: string;
  readonly agentId: string;
} & ({ readonly kind: 'reserve' } | { readonly kind: ReleaseKind; readonly amounts: Amounts });

/** Since Mesos 1.8 operations on an agent's own resources are told of (mesos.md 1.10). */
const FIRST_WITH_FEEDBACK = [1, 8] as const;
const MOST_PENDING = 10_000;
const FAILURES: ReadonlySet<OperationState> = new Set([
  'OPERATION_FAILED',
  'OPERATION_ERROR',
  'OPERATION_DROPPED',
  'OPERATION_GONE_BY_OPERATOR',
]);
const ENDS: ReadonlySet<OperationState> = new Set([...FAILURES, 'OPERATION_FINISHED', 'OPERATION_UNKNOWN']);

/** Whether a master of this version tells how operations end. */
export const tellsOperations = (version: string | undefined): boolean => {
  const [major = 0, minor = 0] = (version ?? '').split('.').map(Number);
  const [firstMajor, firstMinor] = FIRST_WITH_FEEDBACK;
  return major > firstMajor || (major === firstMajor && minor >= firstMinor);
};

/** The id by which the master tells of an operation; none where master or agent could not. */
export const newOperationId = (turn: Turn, operation: PendingOperation): Pick<OfferOperation, 'id'> => {
  const { master } = turn.state;
  const { operations, agentsWithoutFeedback } = master;
  if (!master.tellsOperations || agentsWithoutFeedback.has(operation.agentId)) return {};
  if (operations.size >= MOST_PENDING) return {};
  const value = turn.random.uuid();
  operations.set(value, operation);
  return { id: { value } };
};

/** The master tells how an operation went. Acknowledged in any case: what is not known any more is of no interest. */
export const receiveOperationStatus = (turn: Turn, status: OperationStatus): void => {
  const { operation_id, uuid, agent_id, resource_provider_id } = status;
  if (operation_id === undefined) return;
  applyOperationStatus(turn, operation_id.value, status);
  if (uuid === undefined || agent_id === undefined) return;
  turn.call({
    type: 'ACKNOWLEDGE_OPERATION_STATUS',
    acknowledge_operation_status: {
      operation_id,
      uuid: uuid.value,
      agent_id,
      ...(resource_provider_id ? { resource_provider_id } : {}),
    },
  });
};

const applyOperationStatus = (turn: Turn, id: string, { state, message }: OperationStatus): void => {
  const { master, instances } = turn.state;
  const operation = master.operations.get(id);
  if (operation === undefined || !ENDS.has(state)) return;
  master.operations.delete(id);
  const { instanceId, agentId } = operation;
  if (state === 'OPERATION_ERROR' && isFeedbackRefused(message)) master.agentsWithoutFeedback.add(agentId);
  if (operation.kind !== 'reserve') {
    if (state === 'OPERATION_FINISHED') noteReleased(turn, operation);
    return;
  }
  const instance = instances.get(instanceId);
  const isOpen =
    instance?.condition === 'Scheduled' &&
    instance.reservation?.isUsed === false &&
    instance.reservation.agent.id === agentId;
  if (instance === undefined || !isOpen || !FAILURES.has(state)) return;
  putReservation(turn, instance, undefined);
  master.rolesToRevive.add(instance.role);
  turn.isDemandChanged = true;
};

/** Agents before Mesos 1.8, in a cluster whose master is newer. */
const isFeedbackRefused = (message = ''): boolean => /feedback|capab/i.test(message);

/** After a new line to the master: it is asked about all operations whose end was not told. */
export const reconcileOperations = (turn: Turn): void => {
  const operations = [...turn.state.master.operations].map(
    ([value, { agentId }]): CallReconcileOperationsOperation => ({
      operation_id: { value },
      agent_id: { value: agentId },
    }),
  );
  if (operations.length > 0) {
    turn.call({ type: 'RECONCILE_OPERATIONS', reconcile_operations: { operations } });
  }
};
