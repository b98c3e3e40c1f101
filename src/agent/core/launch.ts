import { join } from 'node:path';
import type { AgentEvent } from '../../mesos/agent-protocol.ts';
import type { FrameworkInfo, Resource, TaskInfo } from '../../mesos/generated/mesos.ts';
import { isPersistentVolume } from '../../mesos/resources/traits.ts';
import { emptyCheckStatus } from './check-status.ts';
import { completeRunIfOver } from './completion.ts';
import { deliverQueuedTasks } from './executor-run.ts';
import { runFor } from './runs.ts';
import { startContainer, updateContainers } from './start-container.ts';
import {
  type ContainerRecord,
  type Framework,
  findTask,
  type Run,
  type StatusDetail,
  type TaskRecord,
  taskKeyOf,
} from './state.ts';
import { lostState } from './status.ts';
import { frameworkKey, type Turn } from './turn.ts';
import { updateTask } from './updates.ts';
import { isSafeName } from './work-folder.ts';

type Launch = Extract<AgentEvent, { type: 'LAUNCH' }>['launch'];

/**
 * Takes on the tasks of one LAUNCH: all of them or, when one cannot be, none. A task that this agent has already is left
 * alone: the same launch may be heard twice, the task must not be started twice.
 */
export const launch = (turn: Turn, { framework_info, executor_info, tasks, is_group }: Launch): void => {
  const frameworkId = framework_info.id?.value ?? '';
  if (tasks.some((task) => findTask(turn.state, frameworkId, task.task_id.value))) return;
  const framework = upsertFramework(turn, framework_info);
  framework.isEnding = false;
  const groupId = is_group ? turn.uuid() : undefined;
  const records = tasks.map((info) => ({ info, run: runFor(turn, framework, info, executor_info) }));
  const added = records.map(({ info, run }) => addTask(turn, run, info, groupId));
  const refusal = refusalOf(turn, framework, records);
  if (refusal) {
    for (const task of added) updateTask(turn, task, refusal, 'SOURCE_AGENT');
    for (const { run } of records) endRunThatNeverRan(turn, run);
    return;
  }
  for (const task of added) startTask(turn, framework, task);
  for (const run of new Set(records.map((record) => record.run))) updateContainers(turn, run);
};

/** The framework's record, with its latest definition. */
export const upsertFramework = (turn: Turn, info: FrameworkInfo): Framework => {
  const id = info.id?.value ?? '';
  const known = turn.state.frameworks.get(id);
  const framework: Framework = known ?? { info, isEnding: false, runs: new Map(), completedRuns: [] };
  framework.info = info;
  turn.state.frameworks.set(id, framework);
  turn.save(frameworkKey(id), info);
  return framework;
};

const addTask = (turn: Turn, run: Run, info: TaskInfo, groupId: string | undefined): TaskRecord => {
  const task: TaskRecord = {
    runId: run.record.id,
    frameworkId: run.record.frameworkId,
    info,
    state: 'TASK_STAGING',
    statuses: [],
    isQueued: run.record.kind === 'custom',
    ...(groupId === undefined ? {} : { groupId }),
    failures: 0,
    ...(info.check ? { checkStatus: emptyCheckStatus(info.check) } : {}),
    isCompleted: false,
  };
  run.tasks.set(info.task_id.value, task);
  turn.state.tasks.set(taskKeyOf(task.frameworkId, info.task_id.value), task);
  turn.saveTask(task);
  return task;
};

/** Why the tasks cannot be taken on, or undefined. */
const refusalOf = (
  turn: Turn,
  framework: Framework,
  records: readonly { info: TaskInfo; run: Run }[],
): StatusDetail | undefined => {
  const frameworkId = framework.info.id?.value ?? '';
  const { isStopping, drain } = turn.state;
  if (isStopping || drain) {
    return {
      state: lostState(turn, frameworkId, 'TASK_DROPPED'),
      reason: 'REASON_AGENT_DRAINING',
      message: isStopping ? 'The agent is being stopped' : 'The agent is being drained',
    };
  }
  for (const { info, run } of records) {
    const unsafe = [frameworkId, run.record.executorId, info.task_id.value].find((id) => !isSafeName(id));
    if (unsafe !== undefined) {
      return {
        state: 'TASK_ERROR',
        reason: 'REASON_TASK_INVALID',
        message: `'${unsafe}' cannot be the name of a folder`,
      };
    }
    if (run.record.phase === 'terminating') {
      return {
        state: lostState(turn, frameworkId, 'TASK_DROPPED'),
        reason: 'REASON_EXECUTOR_TERMINATED',
        message: `Executor ${run.record.executorId} is terminating`,
      };
    }
    if (!hasVolumesOf(turn, [...(info.resources ?? []), ...(run.record.info.resources ?? [])])) {
      return {
        state: lostState(turn, frameworkId, 'TASK_DROPPED'),
        reason: 'REASON_RESOURCES_UNKNOWN',
        message: 'The task uses checkpointed resources that this agent does not know',
      };
    }
  }
  return undefined;
};

const hasVolumesOf = (turn: Turn, resources: readonly Resource[]): boolean =>
  resources
    .filter(isPersistentVolume)
    .every((volume) =>
      turn.state.resources.some(
        (known) =>
          known.disk?.persistence?.id === volume.disk?.persistence?.id &&
          known.reservations?.at(-1)?.role === volume.reservations?.at(-1)?.role,
      ),
    );

const endRunThatNeverRan = (turn: Turn, run: Run): void => {
  if (run.containers.size > 0 || run.isSubscribed || run.completedTasks.length > 0) return;
  if ([...run.tasks.values()].some(({ statuses }) => statuses.length === 0)) return;
  run.record.phase = 'terminated';
  turn.saveRun(run.record);
  completeRunIfOver(turn, run);
};

const startTask = (turn: Turn, framework: Framework, task: TaskRecord): void => {
  const run = turn.state.runs.get(task.runId);
  if (!run) return;
  if (run.record.kind === 'custom') {
    if (run.containers.size === 0) startExecutor(turn, framework, run);
    else deliverQueuedTasks(turn, run);
    return;
  }
  const id = run.record.kind === 'command' ? run.record.id : turn.uuid();
  const container: ContainerRecord = {
    id,
    ...(run.record.kind === 'command' ? {} : { parentId: run.record.id }),
    frameworkId: task.frameworkId,
    executorId: run.record.executorId,
    taskId: task.info.task_id.value,
    sandbox: run.record.kind === 'command' ? run.record.sandbox : join(run.record.sandbox, 'containers', id),
    phase: 'starting',
  };
  task.containerId = id;
  turn.saveTask(task);
  addContainer(turn, run, container);
};

const startExecutor = (turn: Turn, { info }: Framework, run: Run): void => {
  const { id, executorId, sandbox } = run.record;
  const frameworkId = info.id?.value ?? '';
  addContainer(turn, run, { id, frameworkId, executorId, sandbox, phase: 'starting' });
  turn.setTimer(`register:${id}`, turn.settings.executorRegistrationTimeoutMs);
};

const addContainer = (turn: Turn, run: Run, container: ContainerRecord): void => {
  turn.state.containers.set(container.id, container);
  run.containers.add(container.id);
  turn.saveContainer(container);
  startContainer(turn, container);
};
