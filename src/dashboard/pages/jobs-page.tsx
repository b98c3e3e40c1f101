import { useState } from 'preact/hooks';
import { createJob, getJobs, startRun } from '../feeds/job-calls.ts';
import { type Job, lastRun, nextRunAt } from '../model/jobs.ts';
import { EditJob } from '../panels/edit-job.tsx';
import { FindBox, findText, found } from '../view/find-box.tsx';
import { Link } from '../view/link.tsx';
import { Problem } from '../view/problem.tsx';
import { Status } from '../view/status.tsx';
import { type Column, Table } from '../view/table.tsx';
import { TimeText } from '../view/time-text.tsx';
import { useAction } from '../view/use-action.ts';
import { useLive } from '../view/use-live.ts';

const EXAMPLE = {
  id: 'nightly',
  description: 'Cleans up',
  run: { cmd: 'echo cleaning up', cpus: 0.1, mem: 32, disk: 0 },
  schedules: [{ id: 'nights', cron: '30 2 * * *', timeZone: 'UTC', concurrencyPolicy: 'FORBID' }],
};

/** What runs when somebody asks, at given times, or after something else. */
export const JobsPage = () => {
  const { value: jobs, problem, reload } = useLive('jobs', getJobs, { everyMs: 2_000 });
  const [isAdding, setAdding] = useState(false);
  const starting = useAction();
  const rows = found(jobs ?? [], ({ id, description = '' }) => `${id} ${description}`);
  const start = async (id: string): Promise<void> => {
    if (await starting.run(() => startRun(id))) reload();
  };
  return (
    <section class="panel wide">
      <div class="heading">
        <h1 tabIndex={-1}>
          Jobs <span class="count">{rows.length}</span>
        </h1>
        <FindBox label="Filter jobs" />
        <button type="button" class="main" onClick={() => setAdding(true)}>
          New job…
        </button>
      </div>
      <Problem problem={problem ?? starting.problem} />
      {jobs === undefined ? null : (
        <Table
          label="Jobs"
          columns={columnsFor(start)}
          rows={rows}
          keyOf={({ id }) => id}
          empty={
            findText() === '' ? (
              <>
                There is no job yet: <code>plenum job add job.json</code>
              </>
            ) : (
              'No job fits the filter.'
            )
          }
        />
      )}
      {isAdding ? (
        <EditJob
          title="New job"
          initial={EXAMPLE}
          action="Add"
          save={(job) => createJob(job).then(reload)}
          onClose={() => setAdding(false)}
        />
      ) : null}
    </section>
  );
};

const columnsFor = (start: (id: string) => Promise<void>): readonly Column<Job>[] => [
  { title: 'Job', cell: ({ id }) => <Link to={['jobs', id]}>{id}</Link>, sortBy: ({ id }) => id },
  {
    title: 'Status',
    cell: ({ activeRuns, schedules = [] }) => {
      const count = activeRuns?.length ?? 0;
      if (count > 0) return <Status tone="good">{count === 1 ? 'Running' : `${count} running`}</Status>;
      return <Status tone="quiet">{schedules.length > 0 ? 'Scheduled' : 'Unscheduled'}</Status>;
    },
    sortBy: ({ activeRuns }) => activeRuns?.length ?? 0,
  },
  {
    title: 'Schedule',
    cell: ({ schedules = [] }) =>
      schedules.map(({ id, cron, timeZone = 'UTC', enabled = true }) => (
        <span key={id}>
          <code>{cron}</code> {timeZone}
          {enabled ? '' : ' (off)'}{' '}
        </span>
      )),
  },
  {
    title: 'Next run',
    cell: (job) => <TimeText time={nextRunAt(job)} />,
    sortBy: (job) => Date.parse(nextRunAt(job) ?? '') || Number.MAX_VALUE,
  },
  {
    title: 'Last run',
    cell: ({ historySummary }) => {
      const last = lastRun(historySummary);
      if (last === undefined) return <span class="dim">none yet</span>;
      return (
        <Status tone={last.isSuccess ? 'good' : 'bad'}>
          {last.isSuccess ? 'succeeded' : 'failed'} <TimeText time={last.at} />
        </Status>
      );
    },
    sortBy: ({ historySummary }) => Date.parse(lastRun(historySummary)?.at ?? '') || 0,
  },
  {
    title: 'Run',
    cell: ({ id }) => (
      <button type="button" aria-label={`Run ${id} now`} onClick={() => void start(id)}>
        Run now
      </button>
    ),
  },
  {
    title: 'Description',
    kind: 'wide',
    cell: ({ description = '' }) => <span title={description}>{description}</span>,
  },
];
