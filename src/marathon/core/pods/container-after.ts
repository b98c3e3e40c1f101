import type { TaskStatus } from '../../../mesos/generated/mesos.ts';
import type { ContainerNetwork, ContainerTask } from '../instance.ts';
import { messageOf } from '../note-failure.ts';
import { conditionOf } from '../task-condition.ts';

/** A container with what a status says about it; the same object when it says nothing new. */
export const containerAfter = (
  container: ContainerTask,
  status: TaskStatus,
  nowMs: number,
): ContainerTask => {
  const condition = conditionOf(status);
  const isNew = condition !== container.condition;
  const { state: _state, reason: _reason, message: _message, ...rest } = container;
  const networks = networksOf(status);
  const changed: ContainerTask = {
    ...(isNew || !isAnswer(status) ? { ...rest, ...saidBy(status) } : container),
    condition,
    ...(isNew ? { sinceMs: nowMs } : {}),
    ...(condition === 'Running' && container.startedAtMs === undefined ? { startedAtMs: nowMs } : {}),
    ...healthAfter(container, status, nowMs),
    ...(networks.length === 0 ? {} : { networks }),
  };
  return isSame(changed, container) ? container : { ...changed, toldAtMs: nowMs };
};

/** What the master answers when it is asked has only a reason of its own. */
const isAnswer = ({ reason }: TaskStatus): boolean => reason === 'REASON_RECONCILIATION';

const saidBy = (status: TaskStatus): Pick<ContainerTask, 'state' | 'reason' | 'message'> => ({
  state: status.state,
  ...(status.reason === undefined ? {} : { reason: status.reason }),
  ...(status.message === undefined ? {} : { message: messageOf(status) }),
});

const healthAfter = (
  { health }: ContainerTask,
  { healthy, reason }: TaskStatus,
  nowMs: number,
): Pick<ContainerTask, 'health'> => {
  if (healthy === undefined) return {};
  const isSameAsBefore = health?.isHealthy === healthy;
  // Other statuses repeat what was told before.
  if (isSameAsBefore && reason !== 'REASON_TASK_HEALTH_CHECK_STATUS_UPDATED') return {};
  return {
    health: { isHealthy: healthy, sinceMs: isSameAsBefore ? health.sinceMs : nowMs, toldAtMs: nowMs },
  };
};

const networksOf = ({ container_status }: TaskStatus): ContainerNetwork[] =>
  (container_status?.network_infos ?? []).flatMap(({ name, ip_addresses = [] }) => {
    const addresses = ip_addresses.flatMap(({ ip_address }) => ip_address ?? []);
    return addresses.length === 0 ? [] : [{ ...(name === undefined ? {} : { name }), addresses }];
  });

const FACTS = ['condition', 'state', 'reason', 'message', 'startedAtMs', 'health', 'networks'] as const;

const isSame = (one: ContainerTask, other: ContainerTask): boolean =>
  FACTS.every((fact) => JSON.stringify(one[fact]) === JSON.stringify(other[fact]));
