import type { TaskView } from '../model/cluster-state.ts';
import { tasks } from '../store.ts';
import { amountColumns } from '../view/amount-columns.ts';
import { type Column, Table } from '../view/table.tsx';
import { TaskLink } from '../view/task-link.tsx';
import { TaskStateText } from '../view/task-state.tsx';
import { TimeText } from '../view/time-text.tsx';

const COLUMNS: readonly Column<TaskView>[] = [
  { title: 'Task', kind: 'wide', cell: ({ id }) => <TaskLink id={id} />, sortBy: ({ id }) => id },
  {
    title: 'State',
    cell: ({ state, isHealthy }) => <TaskStateText state={state} isHealthy={isHealthy} />,
    sortBy: ({ state }) => state,
  },
  ...amountColumns<TaskView>(({ resources }) => resources),
  { title: 'Since', kind: 'number', cell: ({ updatedAtSeconds }) => <TimeText time={updatedAtSeconds} /> },
];

/** What runs on one agent. */
export const NodeTasks = ({ agentId }: { agentId: string }) => (
  <Table
    label="Tasks of the node"
    columns={COLUMNS}
    rows={tasks.value.filter((task) => task.agentId === agentId && !task.isEnded)}
    keyOf={({ frameworkId, id }) => `${frameworkId} ${id}`}
    empty="No task runs here."
  />
);
