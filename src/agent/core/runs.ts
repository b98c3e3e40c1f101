import type { ExecutorInfo, TaskInfo } from '../../mesos/generated/mesos.ts';
import type { ExecutorKind, Framework, Run } from './state.ts';
import type { Turn } from './turn.ts';
import { runFolder } from './work-folder.ts';

/** Shown for tasks without an executor of their own; nothing of it is charged (mesos.md 2.7). */
const COMMAND_PREVIEW_LENGTH = 12;

/** The executor that a task goes to: the one of that id when it lives, else a new one. */
export const runFor = (
  turn: Turn,
  framework: Framework,
  task: TaskInfo,
  executor: ExecutorInfo | undefined,
): Run => {
  const executorId = executor?.executor_id.value ?? task.task_id.value;
  const known = framework.runs.get(executorId);
  // One that is over waits only for acknowledgements; its successor has the same name and another sandbox.
  if (known && known.record.phase !== 'terminated') return known;
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

const REAP_MARGIN_NS = 2e9;

/** The executor that a command task has on paper, as the reads show it (mesos.md 2.7). */
const commandExecutor = (task: TaskInfo): ExecutorInfo => {
  const { command } = task;
  const isShell = command?.shell ?? true;
  const words = isShell ? [] : (command?.arguments ?? []);
  const text = [command?.value ?? [], words].flat().join(', ');
  const preview =
    text.length > COMMAND_PREVIEW_LENGTH + 3 ? `${text.slice(0, COMMAND_PREVIEW_LENGTH)}...` : text;
  const shown = isShell ? `sh -c '${preview}'` : `[${preview}]`;
  const role = task.resources?.[0]?.allocation_info;
  const graceNs = task.kill_policy?.grace_period?.nanoseconds;
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
    // The executor must outlive the grace period that it gives to the task.
    ...(graceNs === undefined ? {} : { shutdown_grace_period: { nanoseconds: graceNs + REAP_MARGIN_NS } }),
    ...(task.labels ? { labels: task.labels } : {}),
    ...(task.discovery ? { discovery: task.discovery } : {}),
  };
};
