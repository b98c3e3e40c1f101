import { useState } from 'preact/hooks';
import { killTasks } from '../feeds/marathon-calls.ts';
import type { AppDetail, AppTask } from '../model/marathon.ts';
import { Confirm } from '../view/dialog.tsx';
import { type Column, Table } from '../view/table.tsx';
import { TaskLink } from '../view/task-link.tsx';
import { TaskStateText } from '../view/task-state.tsx';
import { TimeText } from '../view/time-text.tsx';

interface AppTasksProps {
  readonly app: AppDetail;
  readonly onChange: () => void;
}

const healthOf = ({ healthCheckResults = [] }: AppTask): boolean | undefined =>
  healthCheckResults.length === 0 ? undefined : healthCheckResults.every(({ alive }) => alive);

const whySick = ({ healthCheckResults = [] }: AppTask): string | undefined =>
  healthCheckResults.find(({ alive }) => !alive)?.lastFailureCause;

/** The instances of an app, where they are and which version they are of. */
export const AppTasks = ({ app: { id, tasks = [], version: current }, onChange }: AppTasksProps) => {
  const [killed, setKilled] = useState<string>();
  const columns: readonly Column<AppTask>[] = [
    { title: 'Task', kind: 'id', cell: (task) => <TaskLink id={task.id} />, sortBy: (task) => task.id },
    {
      title: 'State',
      cell: (task) => (
        <>
          <TaskStateText state={task.state ?? ''} isHealthy={healthOf(task)} />
          <span class="dim reason">{whySick(task)}</span>
        </>
      ),
      sortBy: ({ state = '' }) => state,
    },
    { title: 'Host', cell: ({ host }) => host, sortBy: ({ host = '' }) => host },
    { title: 'Ports', cell: ({ ports = [] }) => ports.join(', ') },
    {
      title: 'Version',
      cell: ({ version }) => (version === current ? 'current' : <TimeText time={version} />),
      sortBy: ({ version = '' }) => version,
    },
    {
      title: 'Started',
      cell: ({ startedAt }) => <TimeText time={startedAt} />,
      sortBy: ({ startedAt = '' }) => startedAt,
    },
    {
      title: 'Kill',
      cell: (task) => (
        <button type="button" aria-label={`Kill ${task.id}`} onClick={() => setKilled(task.id)}>
          Kill…
        </button>
      ),
    },
  ];
  return (
    <>
      <Table
        label={`Instances of ${id}`}
        columns={columns}
        rows={tasks}
        keyOf={(task) => task.id}
        empty="No instance of it is there."
      />
      {killed === undefined ? null : (
        <Confirm
          title="Kill this instance?"
          action="Kill"
          onConfirm={() => killTasks([killed]).then(onChange)}
          onClose={() => setKilled(undefined)}
        >
          <p>
            <span class="id">{killed}</span> is killed, and another one is launched in its place.
          </p>
        </Confirm>
      )}
    </>
  );
};
