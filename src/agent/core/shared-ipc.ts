import type { ContainerInfo } from '../../mesos/generated/mesos.ts';

/** System V IPC and /dev/shm that the containers of an executor have together, apart from the machine's. */
export interface SharedIpc {
  /** The container of the executor. */
  readonly ownerId: string;
  /** Of /dev/shm; undefined is as the system has it. */
  readonly shmSizeMiB: number | undefined;
}

interface Wishes {
  readonly id: string;
  readonly parentId?: string;
  readonly taskId?: string;
  /** Of the container itself. */
  readonly container: ContainerInfo | undefined;
  /** Of its executor. */
  readonly executor: ContainerInfo | undefined;
}

/**
 * Containers that are nested have what their executor has unless they want one of their own (mesos.md 6.4); the executor's
 * process is among them where it has one. Undefined is the container's own affair.
 */
export const sharedIpcOf = ({ id, parentId, taskId, container, executor }: Wishes): SharedIpc | undefined => {
  const { ipc_mode, shm_size } = executor?.linux_info ?? {};
  if (ipc_mode !== 'PRIVATE') return undefined;
  const isExecutor = parentId === undefined && taskId === undefined;
  const isOnItsOwn = parentId === undefined || container?.linux_info?.ipc_mode === 'PRIVATE';
  if (!isExecutor && isOnItsOwn) return undefined;
  return { ownerId: parentId ?? id, shmSizeMiB: shm_size };
};
