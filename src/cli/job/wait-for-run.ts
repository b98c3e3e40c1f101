import { orUndefinedIfMissing } from '../../clients/api-error.ts';
import type { JobRun, JobsClient } from '../../clients/jobs-client.ts';
import { CliError } from '../errors/cli-error.ts';
import type { Progress } from '../output/progress.ts';
import { type WaitOptions, waitUntil } from '../waiting.ts';

/** Waits for the end of a run. Throws CliError when it has failed, or is not done in time. */
export const waitForRun = async (
  { id, jobId }: Pick<JobRun, 'id' | 'jobId'>,
  { jobs, progress, ...wait }: WaitOptions & { jobs: JobsClient; progress: Progress },
): Promise<void> => {
  const goesOn = `The run goes on: plenum job show runs ${jobId} shows it, plenum job kill ${jobId} ${id} ends it`;
  let latest: JobRun | undefined;
  let isOver: true | undefined;
  try {
    isOver = await waitUntil(
      async () => {
        const run = await orUndefinedIfMissing(jobs.getRun(jobId, id));
        if (run === undefined) return true;
        latest = run;
        progress.say(`Run ${id} of ${jobId}: ${phaseOf(run)}`);
        return undefined;
      },
      { ...wait, goesOn },
    );
  } finally {
    progress.stop();
  }
  if (!isOver) {
    throw new CliError('timed-out', `Run ${id} of ${jobId} is not done yet: ${latest && phaseOf(latest)}`, {
      hint: `It goes on; plenum job kill ${jobId} ${id} ends it`,
    });
  }
  const { history } = await jobs.getJob(jobId, ['history']);
  if (history?.successfulFinishedRuns.some((run) => run.id === id)) return;
  const message = latest?.tasks?.at(-1)?.message;
  throw new CliError('failed', `Run ${id} of ${jobId} has failed${message ? `: ${message}` : ''}`, {
    hint: `plenum task log ${jobId} --completed shows what it printed`,
  });
};

const PHASES: Readonly<Record<string, string>> = {
  INITIAL: 'it waits for an agent with enough to spare',
  STARTING: 'it is being launched',
  ACTIVE: 'it runs',
};

const phaseOf = ({ status }: JobRun): string => PHASES[status] ?? status;
