import type { TaskStatus, TaskStatusSource } from '../../mesos/generated/mesos.ts';
import { isTerminal } from '../../mesos/task-state.ts';
import { completeRunIfOver } from './completion.ts';
import { FIRST_RETRY_MS, LONGEST_RETRY_MS, MAX_COMPLETED_TASKS_PER_EXECUTOR } from './settings.ts';
import {
  findTask,
  type Run,
  type StatusDetail,
  type TaskRecord,
  taskKeyOf,
  type UpdateStream,
} from './state.ts';
import { buildStatus, statusWhenPreempted, statusWhileDraining, uuidBytes } from './status.ts';
import { type Turn, taskKey, updateKey } from './turn.ts';

/**
 * The way of status updates (mesos.md 1.11): every task has a queue; its first update is sent to the master again and
 * again, ever more rarely, until the scheduler acknowledges exactly that one; then the next follows. Queues are part of
 * the checkpoint, so that an update outlives the agent.
 */

/** Moves a task to a new state, or tells something new about it, and puts the update on its way. */
export const updateTask = (
  turn: Turn,
  task: TaskRecord,
  detail: StatusDetail,
  source?: TaskStatusSource,
): void => recordStatus(turn, task, buildStatus(turn, task, detail, source));

/** The same with a status that is complete already: a custom executor made it. */
export const recordStatus = (turn: Turn, task: TaskRecord, said: TaskStatus): void => {
  const framework = turn.state.frameworks.get(task.frameworkId);
  const status = statusWhenPreempted(task, statusWhileDraining(turn.state, task.frameworkId, said));
  turn.state.counters.validUpdates++;
  task.state = status.state;
  task.statuses = [...task.statuses.filter(({ state }) => state !== status.state), status];
  if (isTerminal(status.state)) {
    const { terminal } = turn.state.counters;
    terminal.set(status.state, (terminal.get(status.state) ?? 0) + 1);
  }
  turn.saveTask(task);
  // A framework that is being shut down acknowledges nothing any more.
  if (!framework?.isEnding) enqueue(turn, task.frameworkId, status);
  else if (isTerminal(status.state)) completeTask(turn, task);
};

/** Tells about a task that this agent does not know: the master thinks that it should. */
export const reportUnknownTask = (
  turn: Turn,
  frameworkId: string,
  taskId: string,
  detail: StatusDetail,
): void => {
  if (turn.state.streams.has(taskKeyOf(frameworkId, taskId))) return;
  enqueue(turn, frameworkId, {
    task_id: { value: taskId },
    state: detail.state,
    source: 'SOURCE_AGENT',
    ...(detail.message === undefined ? {} : { message: detail.message }),
    ...(detail.reason === undefined ? {} : { reason: detail.reason }),
    ...(turn.state.agentId === undefined ? {} : { agent_id: { value: turn.state.agentId } }),
    timestamp: turn.nowMs / 1000,
    uuid: uuidBytes(turn.uuid()),
  });
};

const enqueue = (turn: Turn, frameworkId: string, status: TaskStatus): void => {
  const taskId = status.task_id.value;
  const key = taskKeyOf(frameworkId, taskId);
  const stream = turn.state.streams.get(key) ?? openStream(turn, key, frameworkId, taskId);
  const sequence = stream.nextSequence++;
  stream.queue.push({ sequence, status });
  turn.save(updateKey(key, sequence), { frameworkId, status });
  if (stream.queue.length === 1) sendHead(turn, key, stream);
};

const openStream = (turn: Turn, key: string, frameworkId: string, taskId: string): UpdateStream => {
  const stream: UpdateStream = { frameworkId, taskId, queue: [], nextSequence: 0, attempts: 0 };
  turn.state.streams.set(key, stream);
  return stream;
};

/** Sends the first update of a stream and sets the timer for the next try. */
const sendHead = (turn: Turn, key: string, stream: UpdateStream): void => {
  const [head] = stream.queue;
  const { agentId } = turn.state;
  if (!head || agentId === undefined) return;
  const latest = findTask(turn.state, stream.frameworkId, stream.taskId)?.state;
  turn.do({
    type: 'send-master',
    call: {
      type: 'STATUS_UPDATE',
      agent_id: { value: agentId },
      status_update: {
        framework_id: { value: stream.frameworkId },
        status: head.status,
        latest_state: latest ?? head.status.state,
      },
    },
  });
  turn.setTimer(`update:${key}`, Math.min(FIRST_RETRY_MS * 2 ** stream.attempts, LONGEST_RETRY_MS));
  stream.attempts++;
};

/** The timer of a stream fired: nobody acknowledged its first update. */
export const retryUpdate = (turn: Turn, key: string): void => {
  const stream = turn.state.streams.get(key);
  if (stream) sendHead(turn, key, stream);
};

/** The master or one framework is back: everything that waits for it is sent at once. */
export const resendUpdates = (turn: Turn, frameworkId?: string): void => {
  for (const [key, stream] of turn.state.streams) {
    if (frameworkId !== undefined && stream.frameworkId !== frameworkId) continue;
    stream.attempts = 0;
    sendHead(turn, key, stream);
  }
};

/** The scheduler has the update. Acknowledgements of anything but the first one are stale and ignored. */
export const acknowledgeUpdate = (turn: Turn, frameworkId: string, taskId: string, uuid: string): void => {
  const key = taskKeyOf(frameworkId, taskId);
  const stream = turn.state.streams.get(key);
  const [head] = stream?.queue ?? [];
  if (!stream || !head || head.status.uuid !== uuid) return;
  stream.queue.shift();
  stream.attempts = 0;
  turn.save(updateKey(key, head.sequence), undefined);
  if (stream.queue.length > 0) {
    sendHead(turn, key, stream);
    return;
  }
  turn.do({ type: 'cancel-timer', timer: `update:${key}` });
  turn.state.streams.delete(key);
  const task = findTask(turn.state, frameworkId, taskId);
  if (task && isTerminal(task.state)) completeTask(turn, task);
};

/** Forgets what nobody will acknowledge: the framework is gone. */
export const dropUpdates = (turn: Turn, frameworkId: string): void => {
  for (const [key, stream] of turn.state.streams) {
    if (stream.frameworkId !== frameworkId) continue;
    for (const { sequence } of stream.queue) turn.save(updateKey(key, sequence), undefined);
    turn.do({ type: 'cancel-timer', timer: `update:${key}` });
    turn.state.streams.delete(key);
  }
};

/** Moves a task that is over and acknowledged to the history of its run. */
export const completeTask = (turn: Turn, task: TaskRecord): void => {
  const run = turn.state.runs.get(task.runId);
  if (!run) return;
  task.isCompleted = true;
  turn.saveTask(task);
  run.tasks.delete(task.info.task_id.value);
  turn.state.tasks.delete(taskKeyOf(task.frameworkId, task.info.task_id.value));
  run.completedTasks.push(task);
  forgetOldTasks(turn, run);
  completeRunIfOver(turn, run);
};

const forgetOldTasks = (turn: Turn, run: Run): void => {
  while (run.completedTasks.length > MAX_COMPLETED_TASKS_PER_EXECUTOR) {
    const oldest = run.completedTasks.shift();
    if (oldest) turn.save(taskKey(oldest), undefined);
  }
};
