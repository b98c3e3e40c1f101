import type { TaskStatus } from '../../mesos/generated/mesos.ts';
import type { TaskFailure } from '../engine.ts';
import { definitionOf } from './definition-of.ts';
import type { Condition, Instance } from './instance.ts';
import { failureKey } from './keys.ts';
import type { Turn } from './turn.ts';

const LONGEST_MESSAGE = 10_000;
const FAILURES: ReadonlySet<Condition> = new Set(['Error', 'Failed', 'Gone', 'Dropped', 'Unknown']);

/** What a status says in words, as far as it is kept and told. */
export const messageOf = ({ message = '' }: TaskStatus): string => message.slice(0, LONGEST_MESSAGE);

/** Keeps the end of a task as the last failure of its app or pod, if it is one. */
export const noteFailure = (
  turn: Turn,
  instance: Instance,
  condition: Condition,
  status: TaskStatus,
): void => {
  if (!FAILURES.has(condition) && status.reason !== 'REASON_CONTAINER_PREEMPTED') return;
  const definition = definitionOf(turn.state, instance);
  const failure: TaskFailure = {
    appId: instance.appId,
    host: instance.agent?.hostname ?? '',
    agentId: instance.agent?.id,
    message: messageOf(status),
    state: status.state,
    taskId: status.task_id.value,
    timestampMs: turn.nowMs,
    version: definition?.version ?? instance.appVersion,
  };
  turn.state.failures.set(instance.appId, failure);
  turn.save(failureKey(instance.appId), failure);
};
