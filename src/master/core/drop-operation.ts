import type { OfferOperation, TaskInfo, TaskState, TaskStatusReason } from '../../mesos/generated/mesos.ts';
import { countEnd } from './count-end.ts';
import { masterStatus, sendStatus, stateFor } from './master-status.ts';
import { sendOperationStatus } from './operation-status.ts';
import type { Framework } from './state.ts';
import type { Turn } from './turn.ts';

/** Why an operation is not even tried (mesos.md 1.10, steps 1 to 5). */
export type DropCause =
  | { type: 'invalid-offers'; text: string }
  | { type: 'agent-disconnected' }
  /** `isResources`: it is the operation's resources that are wrong. */
  | { type: 'invalid'; text: string; isResources: boolean };

/** Says that an operation is not done: as the state of its tasks, or as its own when it has an id. */
export const dropOperation = (
  turn: Turn,
  framework: Framework,
  operation: OfferOperation,
  cause: DropCause,
): void => {
  const tasks = tasksOf(operation);
  if (tasks === undefined) {
    refuseOperation(turn, framework, operation, operationText(cause));
    return;
  }
  const detail = taskDetail(framework, operation, cause);
  for (const task of tasks) refuseTask(turn, framework, task, detail);
};

export interface Refusal {
  state: TaskState;
  reason: TaskStatusReason;
  message: string;
}

/** Says that a task will not be launched; the master keeps no record of it. */
export const refuseTask = (turn: Turn, framework: Framework, task: TaskInfo, refusal: Refusal): void => {
  const status = masterStatus(turn, {
    ...refusal,
    taskId: task.task_id.value,
    agentId: task.agent_id.value,
  });
  countEnd(turn, framework, status.state, status);
  sendStatus(turn, framework, status);
};

/** Only operations with an id are told about. */
export const refuseOperation = (
  turn: Turn,
  framework: Framework,
  { id, type }: Pick<OfferOperation, 'id' | 'type'>,
  message: string,
): void => {
  if (type !== undefined) turn.count(`master/operations/${type.toLowerCase()}/error`);
  turn.log('dropped an operation', { frameworkId: framework.id, type, reason: message }, 'warn');
  if (id === undefined) return;
  sendOperationStatus(turn, framework, { operation_id: id, state: 'OPERATION_ERROR', message });
};

const tasksOf = (operation: OfferOperation): readonly TaskInfo[] | undefined => {
  if (operation.type === 'LAUNCH') return operation.launch?.task_infos ?? [];
  return operation.type === 'LAUNCH_GROUP' ? (operation.launch_group?.task_group.tasks ?? []) : undefined;
};

const operationText = (cause: DropCause): string => {
  switch (cause.type) {
    case 'invalid-offers':
      return `Operation attempted with invalid offers: ${cause.text}`;
    case 'agent-disconnected':
      return 'Agent disconnected';
    case 'invalid':
      return cause.isResources ? `Operation attempted with invalid resources: ${cause.text}` : cause.text;
  }
};

const taskDetail = (framework: Framework, { type }: OfferOperation, cause: DropCause): Refusal => {
  switch (cause.type) {
    case 'invalid-offers':
      return {
        state: stateFor(framework, 'TASK_DROPPED'),
        reason: 'REASON_INVALID_OFFERS',
        message: `Task launched with invalid offers: ${cause.text}`,
      };
    case 'agent-disconnected':
      return {
        state: stateFor(framework, 'TASK_DROPPED'),
        reason: 'REASON_AGENT_DISCONNECTED',
        message: 'Agent disconnected',
      };
    case 'invalid':
      return {
        state: 'TASK_ERROR',
        reason: type === 'LAUNCH_GROUP' ? 'REASON_TASK_GROUP_INVALID' : 'REASON_TASK_INVALID',
        message: cause.text,
      };
  }
};
