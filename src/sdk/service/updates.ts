import type { TaskState, TaskStatus } from '../../mesos/generated/mesos.ts';
import { LAST_ASKED } from './last-asked.ts';
import { parseTaskId } from './names.ts';
import { hasEnded, type InstanceRecord, isLive, type TaskRecord } from './state.ts';
import type { Target, Turn } from './turn.ts';

const FIRST_BACK_OFF_MS = 500;
const LONGEST_BACK_OFF_MS = 60_000;
/** A run that lasted so long was no failed start. */
const LONG_RUN_MS = 60_000;
const KILL_AGAIN_MS = 10_000;
/** Nobody knew of the task then; its agent may have come back with it. */
const MAY_COME_BACK: ReadonlySet<TaskState> = new Set(['TASK_LOST', 'TASK_UNKNOWN', 'TASK_GONE_BY_OPERATOR']);

/** Takes the news of a task, from its agent or from the master, and acknowledges it once it is durable. */
export const handleUpdate = (turn: Turn, status: TaskStatus): void => {
  const id = status.task_id.value;
  turn.state.unreconciled.delete(id);
  if (status.uuid !== undefined && status.agent_id) {
    const { agent_id, uuid, task_id } = status;
    turn.call({ type: 'ACKNOWLEDGE', acknowledge: { agent_id, task_id, uuid } });
  }
  if (id === LAST_ASKED) {
    turn.state.isReconciled = true;
    return;
  }
  const target = turn.targets.get(parseTaskId(id)?.name ?? '');
  if (!target) {
    if (!hasEnded(status.state)) killStranger(turn, status);
    return;
  }
  const record = turn.state.tasks.get(target.name);
  if (record?.id === id) apply(turn, target, record, status);
  else handleOther(turn, target, record, status);
};

/** A run that is not the one we know of: ours from before we forgot it, or one too many. */
const handleOther = (
  turn: Turn,
  target: Target,
  record: TaskRecord | undefined,
  status: TaskStatus,
): void => {
  const isDone = target.task.goal === 'ONCE' && record?.isDone === true;
  if (isLive(record) || isDone) {
    if (!hasEnded(status.state)) killStranger(turn, status);
    return;
  }
  const isFinished = target.task.goal === 'ONCE' && status.state === 'TASK_FINISHED';
  if (hasEnded(status.state) && !isFinished) return;
  apply(turn, target, adopted(turn, record, status), status);
  if (!record && !hasEnded(status.state)) inferDone(turn, target, status);
};

/** A task that runs, of which we had forgotten everything, was launched because what comes before it had been done. */
const inferDone = (turn: Turn, { pod, instance, task }: Target, status: TaskStatus): void => {
  const order = turn.spec.plan.phases.filter((phase) => phase.pod === pod.name).flatMap(({ tasks }) => tasks);
  const before = new Set(order.slice(0, order.indexOf(task.name)));
  for (const { name, task: other } of turn.tasksOf(instance)) {
    if (other.goal !== 'ONCE' || !before.has(other.name) || turn.state.tasks.has(name)) continue;
    const blank = adopted(turn, undefined, status);
    turn.setTask(name, { ...blank, id: '', state: 'TASK_FINISHED', isDone: true, wasDeployed: true });
  }
};

const adopted = (turn: Turn, record: TaskRecord | undefined, status: TaskStatus): TaskRecord => ({
  id: status.task_id.value,
  agentId: status.agent_id?.value ?? '',
  state: 'TASK_STAGING',
  message: undefined,
  startedMs: undefined,
  isReady: false,
  isHealthy: undefined,
  isDone: false,
  wasDeployed: record?.wasDeployed ?? false,
  isEnding: false,
  failures: 0,
  notBeforeMs: turn.nowMs,
});

const apply = (turn: Turn, target: Target, record: TaskRecord, status: TaskStatus): void => {
  confirmPlace(turn, target, status);
  if (hasEnded(status.state)) {
    if (!hasEnded(record.state)) end(turn, target, record, status);
    return;
  }
  if (hasEnded(record.state) && !MAY_COME_BACK.has(record.state)) return;
  const isRunning = status.state === 'TASK_RUNNING';
  const isReady = record.isReady || (isRunning && passesCheck(target, status));
  turn.setTask(target.name, {
    ...record,
    agentId: status.agent_id?.value ?? record.agentId,
    state: status.state,
    message: status.message,
    startedMs: isRunning ? (record.startedMs ?? turn.nowMs) : record.startedMs,
    isReady,
    isHealthy: status.healthy ?? record.isHealthy,
    wasDeployed: record.wasDeployed || isReady,
  });
};

/** From its start on a task without a check is ready; one that the scheduler asks itself becomes so by its answer. */
const passesCheck = ({ task }: Target, { check_status }: TaskStatus): boolean =>
  task.readiness === undefined ||
  (task.readiness.type === 'command' && check_status?.command?.exit_code === 0);

const end = (turn: Turn, target: Target, record: TaskRecord, status: TaskStatus): void => {
  turn.cancelTimer(`kill ${target.name}`);
  const isDone = target.task.goal === 'ONCE' && status.state === 'TASK_FINISHED';
  const lasted = record.startedMs === undefined ? 0 : turn.nowMs - record.startedMs;
  const isFailure = !record.isEnding && !isDone;
  const failures = isFailure ? (lasted >= LONG_RUN_MS ? 1 : record.failures + 1) : 0;
  const backOffMs = isFailure ? Math.min(FIRST_BACK_OFF_MS * 2 ** (failures - 1), LONGEST_BACK_OFF_MS) : 0;
  turn.setTask(target.name, {
    ...record,
    state: status.state,
    message: status.message,
    isReady: false,
    isHealthy: undefined,
    isEnding: false,
    isDone,
    wasDeployed: record.wasDeployed || isDone,
    failures,
    notBeforeMs: turn.nowMs + backOffMs,
  });
  losePlace(turn, target, status);
};

/** What an agent tells of a task says that the task was there, and with it what it was launched on. */
const confirmPlace = (turn: Turn, { instance }: Target, status: TaskStatus): void => {
  if (status.source === 'SOURCE_MASTER' && status.reason !== 'REASON_RECONCILIATION') return;
  if (hasEnded(status.state) && status.source === 'SOURCE_MASTER') return;
  const agentId = status.agent_id?.value;
  if (agentId === undefined) return;
  const record = turn.state.instances.get(instance);
  if (record?.agentId === agentId) {
    if (!record.isConfirmed) turn.setInstance(instance, { ...record, isConfirmed: true });
    return;
  }
  if (record || turn.state.abandoned.get(instance)?.includes(agentId)) return;
  turn.setInstance(instance, placeByTask(agentId));
  turn.effects.push({ type: 'discover' });
};

const placeByTask = (agentId: string): InstanceRecord => ({
  agentId,
  hostname: '',
  attributes: {},
  ports: {},
  isConfirmed: true,
});

/** An agent that is gone for good has taken everything with it; a place where nothing ever was is no place to keep. */
const losePlace = (turn: Turn, { instance }: Target, status: TaskStatus): void => {
  const record = turn.state.instances.get(instance);
  const isNothingThere = record?.isConfirmed === false && status.source === 'SOURCE_MASTER';
  if (status.state === 'TASK_GONE_BY_OPERATOR' || isNothingThere) forgetPlace(turn, instance);
};

/** The instance has no place any more: what was done there once is to be done again elsewhere. */
export const forgetPlace = (turn: Turn, instance: string): void => {
  turn.state.missingSince.delete(instance);
  turn.setInstance(instance, undefined);
  for (const { name } of turn.tasksOf(instance)) {
    const task = turn.state.tasks.get(name);
    if (task) turn.setTask(name, { ...task, isDone: false, wasDeployed: false });
  }
};

/** Tells a task to end, again and again until it has. */
export const kill = (turn: Turn, name: string): void => {
  const record = turn.state.tasks.get(name);
  if (!isLive(record)) return;
  if (!record.isEnding) turn.setTask(name, { ...record, isEnding: true });
  turn.call({ type: 'KILL', kill: { task_id: { value: record.id }, agent_id: { value: record.agentId } } });
  turn.setTimer(`kill ${name}`, KILL_AGAIN_MS);
};

const killStranger = (turn: Turn, { task_id, agent_id }: TaskStatus): void =>
  turn.call({ type: 'KILL', kill: agent_id ? { task_id, agent_id } : { task_id } });
