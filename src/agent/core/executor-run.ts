import type { CallUpdate } from '../../mesos/generated/executor.ts';
import type { TaskInfo, TaskStatus } from '../../mesos/generated/mesos.ts';
import { withoutCheckpointed } from '../../mesos/resources/with-checkpointed.ts';
import { isTerminal } from '../../mesos/task-state.ts';
import { durationMs } from './environment.ts';
import { agentInfo } from './registration.ts';
import { type Ending, findTask, type Run, type TaskRecord } from './state.ts';
import { containerOf, containerStatus, lostState, uuidBytes } from './status.ts';
import type { Turn } from './turn.ts';
import { recordStatus, updateTask } from './updates.ts';

/** The life of a custom executor, between its first subscription and its end (mesos.md 2.4, 2.6). */

/** The executor opened its event stream, for the first time or again. */
export const subscribeExecutor = (
  turn: Turn,
  run: Run,
  {
    unacknowledgedTasks,
    unacknowledgedUpdates,
  }: { unacknowledgedTasks: readonly TaskInfo[]; unacknowledgedUpdates: readonly CallUpdate[] },
): void => {
  const { record } = run;
  const framework = turn.state.frameworks.get(record.frameworkId);
  run.isSubscribed = true;
  turn.do({ type: 'cancel-timer', timer: `register:${record.id}` });
  if (record.phase === 'terminating' || framework?.isEnding || !framework) {
    turn.do({ type: 'send-executor', runId: record.id, event: { type: 'SHUTDOWN' } });
    turn.do({ type: 'close-executor', runId: record.id });
    return;
  }
  record.phase = 'running';
  turn.saveRun(record);
  for (const { status } of unacknowledgedUpdates) receiveUpdate(turn, run, status);
  dropTasksUnknownTo(turn, run, new Set(unacknowledgedTasks.map(({ task_id }) => task_id.value)));
  turn.do({
    type: 'send-executor',
    runId: record.id,
    event: {
      type: 'SUBSCRIBED',
      subscribed: {
        executor_info: record.info,
        framework_info: framework.info,
        agent_info: agentInfo(turn.state, turn.settings, withoutCheckpointed(turn.state.resources)),
        container_id: { value: record.id },
      },
    },
  });
  if (endExecutorIfUnused(turn, run)) return;
  deliverQueuedTasks(turn, run);
  for (const task of run.tasks.values()) deliverKill(turn, run, task);
};

/** Passes a kill on, now or when the executor is back. */
export const deliverKill = (turn: Turn, run: Run, task: TaskRecord): void => {
  if (!run.isSubscribed || !task.pendingKill || isTerminal(task.state)) return;
  const kill = task.pendingKill;
  turn.do({ type: 'send-executor', runId: run.record.id, event: { type: 'KILL', kill } });
  delete task.pendingKill;
  turn.saveTask(task);
};

/** Tasks that were sent to the executor, and of which it says nothing, never arrived. */
const dropTasksUnknownTo = (turn: Turn, run: Run, known: ReadonlySet<string>): void => {
  for (const task of [...run.tasks.values()]) {
    if (task.isQueued || task.state !== 'TASK_STAGING' || known.has(task.info.task_id.value)) continue;
    const state = lostState(turn, task.frameworkId, 'TASK_DROPPED');
    const message = 'Task launched during agent restart';
    updateTask(turn, task, { state, reason: 'REASON_AGENT_RESTARTED', message }, 'SOURCE_AGENT');
  }
};

/** Sends the executor what was launched before it could take it. */
export const deliverQueuedTasks = (turn: Turn, run: Run): void => {
  if (!run.isSubscribed || run.record.phase !== 'running') return;
  const queued = [...run.tasks.values()].filter(({ isQueued, state }) => isQueued && !isTerminal(state));
  const groups = new Map<string, TaskRecord[]>();
  for (const task of queued) {
    task.isQueued = false;
    turn.saveTask(task);
    const key = task.groupId ?? task.info.task_id.value;
    groups.set(key, [...(groups.get(key) ?? []), task]);
  }
  for (const group of groups.values()) {
    const [first] = group;
    if (first?.groupId === undefined) {
      for (const { info } of group) {
        const event = { type: 'LAUNCH', launch: { task: info } } as const;
        turn.do({ type: 'send-executor', runId: run.record.id, event });
      }
      continue;
    }
    const task_group = { tasks: group.map(({ info }) => info) };
    const event = { type: 'LAUNCH_GROUP', launch_group: { task_group } } as const;
    turn.do({ type: 'send-executor', runId: run.record.id, event });
  }
};

/** An update that the executor made; it is acknowledged to the executor once it is part of the checkpoint. */
export const receiveUpdate = (turn: Turn, run: Run, status: TaskStatus): void => {
  const { counters, agentId } = turn.state;
  const { record } = run;
  const task = findTask(turn.state, record.frameworkId, status.task_id.value);
  if (task && !isTerminal(task.state) && !isKnown(task, status)) {
    const container = containerOf(turn, task);
    recordStatus(turn, task, {
      ...status,
      uuid: status.uuid ?? uuidBytes(turn.uuid()),
      source: 'SOURCE_EXECUTOR',
      ...(agentId === undefined ? {} : { agent_id: status.agent_id ?? { value: agentId } }),
      executor_id: { value: record.executorId },
      timestamp: status.timestamp ?? turn.nowMs / 1000,
      ...(container
        ? {
            container_status: {
              ...containerStatus(turn, container, status.state),
              ...status.container_status,
            },
          }
        : {}),
    });
  } else if (!task) counters.invalidUpdates++;
  if (status.uuid === undefined) return;
  const acknowledged = { task_id: status.task_id, uuid: status.uuid };
  turn.do({ type: 'send-executor', runId: record.id, event: { type: 'ACKNOWLEDGED', acknowledged } });
};

/** Sent again because the executor did not see the acknowledgement. */
const isKnown = (task: TaskRecord, { uuid }: TaskStatus): boolean =>
  uuid !== undefined && task.statuses.some((status) => status.uuid === uuid);

/** An executor that was started for tasks which were all killed before they reached it has nothing to live for. */
export const endExecutorIfUnused = (turn: Turn, run: Run): boolean => {
  const isUnused =
    run.completedTasks.every(isNeverDelivered) &&
    [...run.tasks.values()].every((task) => isTerminal(task.state) && isNeverDelivered(task));
  if (isUnused) signalExecutor(turn, run, 'executor-shutdown');
  return isUnused;
};

const isNeverDelivered = ({ isQueued }: TaskRecord): boolean => isQueued;

/** Asks a custom executor to end, and sets the time after which it is not asked any more. */
export const signalExecutor = (turn: Turn, run: Run, cause: Ending['cause']): void => {
  const { record } = run;
  const container = turn.state.containers.get(record.id);
  if (!container || container.ending) return;
  const graceMs = durationMs(record.info.shutdown_grace_period) ?? turn.settings.executorShutdownGraceMs;
  record.phase = 'terminating';
  turn.saveRun(record);
  container.ending = { cause, deadlineMs: turn.nowMs + graceMs };
  turn.saveContainer(container);
  if (!run.isSubscribed) {
    // There is nobody yet who would understand a request.
    turn.do({ type: 'signal-container', containerId: record.id, signal: 'SIGKILL' });
    return;
  }
  turn.do({ type: 'send-executor', runId: record.id, event: { type: 'SHUTDOWN' } });
  turn.setTimer(`escalate:${record.id}`, graceMs);
};
