import type { MarathonPodStatus, MarathonQueueItem } from '../../clients/marathon-types.ts';
import type { Column } from '../output/table.ts';

/** A pod, or one of its containers below it. */
export interface PodRow {
  readonly name: string;
  readonly status?: MarathonPodStatus;
  /** Waits for a suitable offer, not for the end of a back-off. */
  readonly isWaiting?: boolean;
}

/** The pods by id, each with its containers by name. */
export const podRows = (
  statuses: readonly MarathonPodStatus[],
  queue: readonly MarathonQueueItem[],
): PodRow[] =>
  byId(statuses).flatMap((status) => [
    { name: status.id, status, isWaiting: isOverdue(status.id, queue) },
    ...(status.spec.containers ?? [])
      .map(({ name }) => ({ name: ` |-${name}` }))
      .sort((one, other) => one.name.localeCompare(other.name)),
  ]);

/** Whether a pod waits for a suitable offer. */
export const isOverdue = (id: string, queue: readonly MarathonQueueItem[]): boolean =>
  queue.some(({ pod, delay }) => pod?.id === id && delay.overdue);

export const byId = <Item extends { readonly id: string }>(items: readonly Item[]): Item[] =>
  [...items].sort((one, other) => one.id.localeCompare(other.id));

/** The columns of `dcos marathon pod list` (cli.md 4.6). */
export const POD_COLUMNS: readonly Column<PodRow>[] = [
  { heading: 'ID+TASKS', value: ({ name }) => name },
  { heading: 'INSTANCES', value: ({ status }) => status && (status.instances?.length ?? 0), isNumber: true },
  { heading: 'VERSION', value: ({ status }) => status?.spec.version },
  {
    heading: 'STATUS',
    value: ({ status }) => status?.status,
    style: ({ status }, paint) =>
      status?.status === 'STABLE' ? paint.good : status?.status === 'DEGRADED' ? paint.bad : paint.busy,
  },
  { heading: 'STATUS SINCE', value: ({ status }) => status?.statusSince },
  {
    heading: 'WAITING',
    value: ({ isWaiting }) => (isWaiting === undefined ? undefined : isWaiting ? 'True' : 'False'),
  },
  { heading: 'ROLE', value: ({ status }) => status && (status.spec.role ?? '*') },
];
