import { useState } from 'preact/hooks';
import { addSchedule, deleteSchedule, updateSchedule } from '../feeds/job-calls.ts';
import type { Job, JobSchedule } from '../model/jobs.ts';
import { Confirm } from '../view/dialog.tsx';
import { Problem } from '../view/problem.tsx';
import { type Column, Table } from '../view/table.tsx';
import { TimeText } from '../view/time-text.tsx';
import { useAction } from '../view/use-action.ts';
import { EditJob } from './edit-job.tsx';

const EXAMPLE: JobSchedule = {
  id: 'nights',
  cron: '30 2 * * *',
  timeZone: 'UTC',
  concurrencyPolicy: 'FORBID',
  startingDeadlineSeconds: 900,
  enabled: true,
};

interface JobSchedulesProps {
  readonly job: Job;
  readonly onChange: () => void;
}

/** The times at which a job runs by itself. */
export const JobSchedules = ({ job: { id, schedules = [] }, onChange }: JobSchedulesProps) => {
  const [edited, setEdited] = useState<JobSchedule>();
  const [isAdding, setAdding] = useState(false);
  const [removed, setRemoved] = useState<string>();
  const { problem, run } = useAction();
  const turn = async (schedule: JobSchedule): Promise<void> => {
    if (await run(() => updateSchedule(id, { ...schedule, enabled: !schedule.enabled }))) onChange();
  };
  const columns: readonly Column<JobSchedule>[] = [
    { title: 'Schedule', cell: (schedule) => schedule.id },
    { title: 'Cron', cell: ({ cron }) => <code>{cron}</code> },
    { title: 'Time zone', cell: ({ timeZone }) => timeZone },
    { title: 'Next run', cell: ({ nextRunAt }) => <TimeText time={nextRunAt} /> },
    { title: 'Beside a run that goes on', cell: ({ concurrencyPolicy }) => concurrencyPolicy },
    {
      title: 'On',
      cell: (schedule) => (
        <label>
          <input
            type="checkbox"
            checked={schedule.enabled ?? true}
            aria-label={`Schedule ${schedule.id} is on`}
            onChange={() => void turn(schedule)}
          />
        </label>
      ),
    },
    {
      title: 'Change',
      cell: (schedule) => (
        <>
          <button
            type="button"
            aria-label={`Edit schedule ${schedule.id}`}
            onClick={() => setEdited(schedule)}
          >
            Edit…
          </button>{' '}
          <button
            type="button"
            aria-label={`Remove schedule ${schedule.id}`}
            onClick={() => setRemoved(schedule.id)}
          >
            Remove…
          </button>
        </>
      ),
    },
  ];
  return (
    <>
      <div class="heading">
        <h2>Schedules</h2>
        <button type="button" onClick={() => setAdding(true)}>
          New schedule…
        </button>
      </div>
      <Problem problem={problem} />
      <Table
        label={`Schedules of ${id}`}
        columns={columns}
        rows={schedules}
        keyOf={(schedule) => schedule.id}
        empty={
          <>
            It runs only when it is asked to: <code>plenum job schedule add {id} schedule.json</code>
          </>
        }
      />
      {isAdding ? (
        <EditJob
          title={`New schedule of ${id}`}
          initial={EXAMPLE}
          action="Add"
          save={(schedule) => addSchedule(id, schedule as JobSchedule).then(onChange)}
          onClose={() => setAdding(false)}
        />
      ) : null}
      {edited === undefined ? null : (
        <EditJob
          title={`Change schedule ${edited.id}`}
          initial={edited}
          action="Save"
          save={(schedule) =>
            updateSchedule(id, { ...(schedule as JobSchedule), id: edited.id }).then(onChange)
          }
          onClose={() => setEdited(undefined)}
        />
      )}
      {removed === undefined ? null : (
        <Confirm
          title={`Remove schedule ${removed}?`}
          action="Remove"
          onConfirm={() => deleteSchedule(id, removed).then(onChange)}
          onClose={() => setRemoved(undefined)}
        >
          <p>The job stays, and runs when it is asked to.</p>
        </Confirm>
      )}
    </>
  );
};
