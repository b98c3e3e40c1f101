import type { TaskDetail, TaskStatus } from '../model/mesos.ts';
import { type Column, Table } from '../view/table.tsx';
import { TaskStateText } from '../view/task-state.tsx';
import { TimeText } from '../view/time-text.tsx';

const COLUMNS: readonly Column<TaskStatus>[] = [
  { title: 'State', cell: ({ state, healthy }) => <TaskStateText state={state} isHealthy={healthy} /> },
  { title: 'When', cell: ({ timestamp }) => <TimeText time={timestamp} /> },
  {
    title: 'Health',
    cell: ({ healthy }) => (healthy === undefined ? 'not checked' : healthy ? 'healthy' : 'not healthy'),
  },
  { title: 'Message', kind: 'wide', cell: ({ message = '' }) => message },
];

/** What became of a task, state by state. */
export const TaskStatuses = ({ task: { id, statuses } }: { task: TaskDetail }) => (
  <Table
    label={`States of ${id}`}
    columns={COLUMNS}
    rows={statuses}
    keyOf={({ state, timestamp }) => `${state} ${timestamp}`}
    empty="Nothing was heard of it yet."
  />
);
