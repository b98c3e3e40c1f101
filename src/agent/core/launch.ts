import { join } from 'node:path';
import type { AgentEvent } from '../../mesos/agent-protocol.ts';
import type { ExecutorInfo, FrameworkInfo, TaskInfo } from '../../mesos/generated/mesos.ts';
import { completeRunIfOver } from './completion.ts';
import { executorEnvironment, taskEnvironment } from './environment.ts';
import { deliverQueuedTasks } from './executor-run.ts';
import { isPersistentVolume, planMounts } from './mounts.ts';
import {
  type ContainerRecord,
  type ExecutorKind,
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
import { isSafeName, runFolder } from './work-folder.ts';

type Launch = Extract<AgentEvent, { type: 'LAUNCH' }>['launch'];

/** Shown for tasks without an executor of their own; nothing of it is charged (mesos.md 2.7). */
const COMMAND_PREVIEW_LENGTH = 12;

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

/** The executor that a task goes to: the one of that id when it lives, else a new one. */
const runFor = (
  turn: Turn,
  framework: Framework,
  task: TaskInfo,
  executor: ExecutorInfo | undefined,
): Run => {
  const executorId = executor?.executor_id.value ?? task.task_id.value;
  const known = framework.runs.get(executorId);
  if (known) return known;
  const frameworkId = framework.info.id?.value ?? '';
  const kind = kindOf(executor);
  const id = turn.uuid();
  const run: Run = {
    record: {
      id,
      frameworkId,
      executorId,
      kind,
      info: { ...(executor ?? commandExecutor(task)), framework_id: { value: frameworkId } },
      sandbox: runFolder(turn.settings.workDir, {
        agentId: turn.state.agentId ?? '',
        frameworkId,
        executorId,
        runId: id,
      }),
      phase: kind === 'custom' ? 'registering' : 'running',
      isCompleted: false,
      startedMs: turn.nowMs,
    },
    tasks: new Map(),
    completedTasks: [],
    containers: new Set(),
    isSubscribed: false,
  };
  framework.runs.set(executorId, run);
  turn.state.runs.set(id, run);
  turn.saveRun(run.record);
  return run;
};

const kindOf = (executor: ExecutorInfo | undefined): ExecutorKind => {
  if (!executor) return 'command';
  return executor.type === 'DEFAULT' ? 'default' : 'custom';
};

/** The executor that a command task has on paper, as the reads show it (mesos.md 2.7). */
const commandExecutor = (task: TaskInfo): ExecutorInfo => {
  const { command } = task;
  const text = command?.value ?? (command?.arguments ?? []).join(' ');
  const preview =
    text.length > COMMAND_PREVIEW_LENGTH + 3 ? `${text.slice(0, COMMAND_PREVIEW_LENGTH)}...` : text;
  const shown = (command?.shell ?? true) ? `sh -c '${preview}'` : preview;
  const role = task.resources?.[0]?.allocation_info;
  const scalar = (name: string, value: number) => ({
    name,
    type: 'SCALAR' as const,
    scalar: { value },
    ...(role ? { allocation_info: role } : {}),
  });
  return {
    executor_id: { value: task.task_id.value },
    name: `Command Executor (Task: ${task.task_id.value}) (Command: ${shown})`,
    source: task.task_id.value,
    ...(command ? { command } : {}),
    resources: [scalar('cpus', 0.1), scalar('mem', 32)],
    ...(task.labels ? { labels: task.labels } : {}),
    ...(task.discovery ? { discovery: task.discovery } : {}),
  };
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

/** Present in every status of a task with a check, empty until there is a result (mesos.md 2.8). */
const emptyCheckStatus = ({
  type,
}: NonNullable<TaskInfo['check']>): NonNullable<TaskRecord['checkStatus']> => {
  if (type === 'HTTP') return { type, http: {} };
  return type === 'TCP' ? { type, tcp: {} } : { type: 'COMMAND', command: {} };
};

/** Why the tasks cannot be taken on, or undefined. */
const refusalOf = (
  turn: Turn,
  framework: Framework,
  records: readonly { info: TaskInfo; run: Run }[],
): StatusDetail | undefined => {
  const frameworkId = framework.info.id?.value ?? '';
  for (const { info, run } of records) {
    const unsafe = [frameworkId, run.record.executorId, info.task_id.value].find((id) => !isSafeName(id));
    if (unsafe !== undefined) {
      return {
        state: 'TASK_ERROR',
        reason: 'REASON_TASK_INVALID',
        message: `'${unsafe}' cannot be the name of a folder`,
      };
    }
    if (run.record.phase === 'terminating' || run.record.phase === 'terminated') {
      return {
        state: lostState(turn, frameworkId, 'TASK_DROPPED'),
        reason: 'REASON_EXECUTOR_TERMINATED',
        message: `Executor ${run.record.executorId} is terminating`,
      };
    }
    if (!hasVolumesOf(turn, info)) {
      return {
        state: lostState(turn, frameworkId, 'TASK_DROPPED'),
        reason: 'REASON_RESOURCES_UNKNOWN',
        message: 'The task uses checkpointed resources that this agent does not know',
      };
    }
  }
  return undefined;
};

const hasVolumesOf = (turn: Turn, { resources = [] }: TaskInfo): boolean =>
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

/** Has a container started; also after the agent died before the container's command could run. */
export const startContainer = (turn: Turn, container: ContainerRecord): void => {
  const framework = turn.state.frameworks.get(container.frameworkId);
  const run = turn.state.runs.get(container.parentId ?? container.id);
  if (!framework || !run) return;
  const task = container.taskId === undefined ? undefined : run.tasks.get(container.taskId)?.info;
  const command = (task ? task.command : run.record.info.command) ?? {};
  const environment = (): Record<string, string> =>
    task
      ? taskEnvironment(turn, framework, { run: run.record, container, task })
      : executorEnvironment(turn, framework, run.record);
  const prepare = () => ({
    environment: environment(),
    mounts: planMounts({
      workDir: turn.settings.workDir,
      resources: (task ?? run.record.info).resources ?? [],
      container: task ? task.container : run.record.info.container,
      sandbox: container.sandbox,
      parentSandbox: container.parentId === undefined ? undefined : run.record.sandbox,
    }),
  });
  turn.do({
    type: 'start-container',
    plan: {
      id: container.id,
      taskId: container.taskId,
      sandbox: container.sandbox,
      command,
      user: turn.settings.canSwitchUser ? command.user : undefined,
      ...orRefusal(prepare),
    },
  });
};

/** What cannot be prepared fails in the container's own start, like everything else that goes wrong there. */
const orRefusal = <Prepared extends { environment: Record<string, string>; mounts: unknown[] }>(
  prepare: () => Prepared,
): Prepared | { environment: Record<string, string>; mounts: []; refusal: string } => {
  try {
    return prepare();
  } catch (error) {
    return { environment: {}, mounts: [], refusal: error instanceof Error ? error.message : String(error) };
  }
};
