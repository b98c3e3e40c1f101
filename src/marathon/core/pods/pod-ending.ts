import type { TaskState } from '../../../mesos/generated/mesos.ts';
import type { ContainerTask, Instance } from '../instance.ts';
import { podEndingsKey } from '../keys.ts';
import type { Turn } from '../turn.ts';

/** How a container ended, as far as is known. */
export interface Termination {
  readonly exitCode?: number;
  readonly message?: string;
}

/** How the containers of one launch of an instance ended (marathon.md 1.10, termination history). */
export interface PodEnding {
  readonly instanceId: string;
  /** When it was launched. */
  readonly startedAtMs: number;
  readonly terminatedAtMs: number;
  /** What the container that began it said last. */
  readonly message?: string;
  readonly containers: readonly {
    readonly taskId: string;
    readonly state?: TaskState;
    readonly termination?: Termination;
  }[];
}

/** Endings that are kept of a pod, the latest. */
const MOST_KEPT = 20;
const EXITED = /exited with status (\d+)/;

/** Keeps how a pod's instance ended; of an app nothing is kept. */
export const noteEndingOfPod = (turn: Turn, { id, appId, task }: Instance): void => {
  if (task?.containers === undefined) return;
  const ends = [...task.containers].sort((one, other) => one.sinceMs - other.sinceMs);
  const cause = ends.find(({ condition }) => condition !== 'Finished' && condition !== 'Killed') ?? ends[0];
  const ending: PodEnding = {
    instanceId: id,
    startedAtMs: task.stagedAtMs,
    terminatedAtMs: turn.nowMs,
    ...(cause?.message === undefined ? {} : { message: cause.message }),
    containers: task.containers.map((container) => ({
      taskId: container.taskId,
      ...(container.state === undefined ? {} : { state: container.state }),
      ...terminationOf(container),
    })),
  };
  const kept = [...(turn.state.podEndings.get(appId) ?? []), ending].slice(-MOST_KEPT);
  turn.state.podEndings.set(appId, kept);
  turn.save(podEndingsKey(appId), kept);
};

/** A pod is gone: nothing more is known of it. */
export const forgetEndings = (turn: Turn, podId: string): void => {
  if (turn.state.podEndings.delete(podId)) turn.save(podEndingsKey(podId), undefined);
};

/** What the last status of a container says of its end. The code is only in the sentence that executors put it into. */
export const terminationOf = ({ message, state }: ContainerTask): { termination?: Termination } => {
  const code = EXITED.exec(message ?? '')?.[1] ?? (state === 'TASK_FINISHED' ? '0' : undefined);
  if (code === undefined && message === undefined) return {};
  return {
    termination: {
      ...(code === undefined ? {} : { exitCode: Number(code) }),
      ...(message === undefined ? {} : { message }),
    },
  };
};
