import { useRef } from 'preact/hooks';
import { getUsage } from '../feeds/cluster-calls.ts';
import { type ContainerUsage, withUsage } from '../model/container-usage.ts';
import type { TaskDetail } from '../model/mesos.ts';
import type { ServerError } from '../model/server-error.ts';
import { containerOf } from '../model/task-container.ts';
import { useLive } from '../view/use-live.ts';

/** What was seen of a task's use while its page is shown. */
export interface TaskUsageSeen {
  /** Undefined until its agent has answered; the latest is the last. */
  readonly looks: readonly ContainerUsage[] | undefined;
  readonly problem: ServerError | undefined;
}

/** Looks every few seconds at what a task uses, and keeps what it saw of the last five minutes. */
export const useTaskUsage = (task: TaskDetail): TaskUsageSeen => {
  const container = containerOf(task);
  // Containers of a pod are measured together.
  const id = container?.parent?.value ?? container?.value ?? '';
  const kept = useRef<{ readonly id: string; readonly looks: readonly ContainerUsage[] }>({ id, looks: [] });
  const { value, problem } = useLive(`usage ${id}`, async () => {
    const usage = id === '' ? undefined : await getUsage(task.slave_id, id);
    const earlier = kept.current.id === id ? kept.current.looks : [];
    kept.current = { id, looks: withUsage(earlier, usage) };
    return kept.current.looks;
  });
  return { looks: value, problem };
};
