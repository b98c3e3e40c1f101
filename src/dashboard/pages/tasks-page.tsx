import { computed, signal } from '@preact/signals';
import type { TaskView } from '../model/cluster-state.ts';
import { nodes, tasks } from '../store.ts';
import { amountColumns } from '../view/amount-columns.ts';
import { FindBox, findText, found } from '../view/find-box.tsx';
import { type Column, Table } from '../view/table.tsx';
import { TaskLink } from '../view/task-link.tsx';
import { TaskStateText } from '../view/task-state.tsx';
import { TimeText } from '../view/time-text.tsx';

const isEndedShown = signal(false);
const hosts = computed(() => new Map(nodes.value.map(({ id, hostname }) => [id, hostname])));
const hostOf = ({ agentId }: TaskView): string => hosts.value.get(agentId) ?? agentId;

const COLUMNS: readonly Column<TaskView>[] = [
  { title: 'Task', kind: 'wide', cell: ({ id }) => <TaskLink id={id} />, sortBy: ({ id }) => id },
  {
    title: 'State',
    cell: ({ state, isHealthy }) => <TaskStateText state={state} isHealthy={isHealthy} />,
    sortBy: ({ state }) => state,
  },
  { title: 'Host', cell: hostOf, sortBy: hostOf },
  ...amountColumns<TaskView>(({ resources }) => resources),
  {
    title: 'Since',
    kind: 'number',
    cell: ({ updatedAtSeconds }) => <TimeText time={updatedAtSeconds} />,
    sortBy: ({ updatedAtSeconds }) => updatedAtSeconds,
  },
];

/** Tasks, the latest change first. */
export const TasksPage = () => {
  const rows = found(
    tasks.value.filter(({ isEnded }) => isEndedShown.value || !isEnded).toReversed(),
    (task) => `${task.id} ${task.name} ${task.state} ${hostOf(task)}`,
  );
  return (
    <section class="panel wide">
      <div class="heading">
        <h1 tabIndex={-1}>
          Tasks <span class="count">{rows.length}</span>
        </h1>
        <label class="toggle">
          <input
            type="checkbox"
            checked={isEndedShown}
            onChange={({ currentTarget }) => {
              isEndedShown.value = currentTarget.checked;
            }}
          />{' '}
          ended too
        </label>
        <FindBox label="Filter tasks" />
      </div>
      <Table
        label="Tasks"
        columns={COLUMNS}
        rows={rows}
        keyOf={({ frameworkId, id }) => `${frameworkId} ${id}`}
        empty={
          findText() === '' ? (
            <>
              No task runs: <code>plenum package install hello-world</code>
            </>
          ) : (
            'No task fits the filter.'
          )
        }
      />
    </section>
  );
};
