import { useState } from 'preact/hooks';
import { deleteJob, getJob, startRun, updateJob } from '../feeds/job-calls.ts';
import type { Job } from '../model/jobs.ts';
import { goTo } from '../navigation.ts';
import { EditJob } from '../panels/edit-job.tsx';
import { JobRuns } from '../panels/job-runs.tsx';
import { JobSchedules } from '../panels/job-schedules.tsx';
import { Confirm } from '../view/dialog.tsx';
import { Facts } from '../view/facts.tsx';
import { Labels } from '../view/labels.tsx';
import { Link } from '../view/link.tsx';
import { Problem } from '../view/problem.tsx';
import { useAction } from '../view/use-action.ts';
import { useLive } from '../view/use-live.ts';

/** One job: its runs, when it runs next, how it ended before. */
export const JobPage = ({ id }: { id: string }) => {
  const { value: job, problem, reload } = useLive(`job ${id}`, () => getJob(id), { everyMs: 2_000 });
  return (
    <section class="panel wide">
      <h1 tabIndex={-1}>{id}</h1>
      <Problem problem={problem} />
      {job === undefined ? null : (
        <>
          <JobActions job={job} onChange={reload} />
          <Facts
            facts={[
              ['Description', job.description],
              [
                'Command',
                typeof job.run?.cmd === 'string' ? <code class="block">{job.run.cmd}</code> : undefined,
              ],
              ['Labels', <Labels key="labels" labels={job.labels} />],
              [
                'Runs after',
                (job.dependencies ?? []).map((dependency) => (
                  <span key={dependency.id}>
                    <Link to={['jobs', dependency.id]}>{dependency.id}</Link>{' '}
                  </span>
                )),
              ],
              ['Succeeded', job.history?.successCount],
              ['Failed', job.history?.failureCount],
            ]}
          />
          <JobSchedules job={job} onChange={reload} />
          <JobRuns job={job} onChange={reload} />
        </>
      )}
    </section>
  );
};

const JobActions = ({ job, onChange }: { job: Job; onChange: () => void }) => {
  const { id, activeRuns, schedules, history, historySummary, ...definition } = job;
  const [asked, setAsked] = useState<'edit' | 'remove'>();
  const { isBusy, problem, run } = useAction();
  const start = async (): Promise<void> => {
    if (await run(() => startRun(id))) onChange();
  };
  return (
    <>
      <div class="buttons is-left">
        <button type="button" class="main" disabled={isBusy} onClick={() => void start()}>
          Run now
        </button>
        <button type="button" onClick={() => setAsked('edit')}>
          Edit…
        </button>
        <button type="button" class="danger" onClick={() => setAsked('remove')}>
          Remove…
        </button>
      </div>
      <Problem problem={problem} />
      {asked === 'edit' ? (
        <EditJob
          title={`Change ${id}`}
          initial={{ id, ...definition }}
          action="Save"
          save={(changed) => updateJob(id, changed).then(onChange)}
          onClose={() => setAsked(undefined)}
        />
      ) : null}
      {asked === 'remove' ? (
        <Confirm
          title={`Remove ${id}?`}
          action="Remove"
          typed={id}
          onConfirm={() => deleteJob(id).then(() => goTo(['jobs']))}
          onClose={() => setAsked(undefined)}
        >
          <p>Its runs are stopped, and its schedules and its history are gone.</p>
        </Confirm>
      ) : null}
    </>
  );
};
