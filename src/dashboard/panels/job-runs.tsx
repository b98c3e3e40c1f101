import { useState } from 'preact/hooks';
import { stopRun } from '../feeds/job-calls.ts';
import { type EndedRun, endedRuns, type Job, type JobRun } from '../model/jobs.ts';
import { Confirm } from '../view/dialog.tsx';
import { formatAge } from '../view/format.ts';
import { Status } from '../view/status.tsx';
import { type Column, Table } from '../view/table.tsx';
import { TaskLink } from '../view/task-link.tsx';
import { TimeText } from '../view/time-text.tsx';

interface JobRunsProps {
  readonly job: Job;
  readonly onChange: () => void;
}

/** The runs of a job that go on, which can be stopped, and how the latest ended. */
export const JobRuns = ({ job: { id, activeRuns, history }, onChange }: JobRunsProps) => {
  const [stopped, setStopped] = useState<string>();
  const columns: readonly Column<JobRun>[] = [
    { title: 'Run', kind: 'id', cell: (run) => run.id },
    {
      title: 'Status',
      cell: ({ status }) => (
        <Status tone={status === 'ACTIVE' ? 'good' : 'busy'}>
          {status === 'INITIAL' ? 'waits for an offer' : status.toLowerCase()}
        </Status>
      ),
    },
    { title: 'Began', cell: ({ createdAt }) => <TimeText time={createdAt} /> },
    {
      title: 'Tasks',
      cell: ({ tasks = [] }) => tasks.map((task) => <TaskLink key={task.id} id={task.id} />),
    },
    { title: 'Says', kind: 'wide', cell: ({ tasks = [] }) => tasks.at(-1)?.message },
    {
      title: 'Stop',
      cell: (run) => (
        <button type="button" aria-label={`Stop run ${run.id}`} onClick={() => setStopped(run.id)}>
          Stop…
        </button>
      ),
    },
  ];
  return (
    <>
      <h2>Runs under way</h2>
      <Table
        label={`Runs of ${id}`}
        columns={columns}
        rows={activeRuns ?? []}
        keyOf={(run) => run.id}
        empty={
          <>
            No run goes on: <code>plenum job run {id}</code>
          </>
        }
      />
      <h2>History</h2>
      <Table
        label={`History of ${id}`}
        columns={HISTORY}
        rows={history === undefined ? [] : endedRuns(history)}
        keyOf={(run) => run.id}
        empty="No run has ended yet."
      />
      {stopped === undefined ? null : (
        <Confirm
          title="Stop this run?"
          action="Stop"
          onConfirm={() => stopRun(id, stopped).then(onChange)}
          onClose={() => setStopped(undefined)}
        >
          <p>Its task is killed, and the run has failed.</p>
        </Confirm>
      )}
    </>
  );
};

const secondsOf = ({ createdAt, finishedAt }: EndedRun): number =>
  (Date.parse(finishedAt) - Date.parse(createdAt)) / 1_000;

const HISTORY: readonly Column<EndedRun>[] = [
  { title: 'Run', kind: 'id', cell: ({ id }) => id },
  {
    title: 'Outcome',
    cell: ({ isSuccess }) => (
      <Status tone={isSuccess ? 'good' : 'bad'}>{isSuccess ? 'succeeded' : 'failed'}</Status>
    ),
    sortBy: ({ isSuccess }) => Number(isSuccess),
  },
  {
    title: 'Ended',
    cell: ({ finishedAt }) => <TimeText time={finishedAt} />,
    sortBy: ({ finishedAt }) => Date.parse(finishedAt),
  },
  { title: 'Says', kind: 'wide', cell: ({ message = '' }) => <span title={message}>{message}</span> },
  { title: 'Took', kind: 'number', cell: (run) => formatAge(secondsOf(run)), sortBy: secondsOf },
  { title: 'Tasks', cell: ({ tasks = [] }) => tasks.map((task) => <TaskLink key={task} id={task} />) },
];
