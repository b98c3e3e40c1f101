import { executorEnvironment, taskEnvironment } from './environment.ts';
import { planMounts } from './mounts.ts';
import type { ContainerRecord } from './state.ts';
import type { Turn } from './turn.ts';

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
