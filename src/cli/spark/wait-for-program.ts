import type { SparkClient, SparkSubmission } from '../../clients/spark-client.ts';
import { CliError } from '../errors/cli-error.ts';
import type { Progress } from '../output/progress.ts';
import { type WaitOptions, waitUntil } from '../waiting.ts';

const ENDED: ReadonlySet<string> = new Set(['FINISHED', 'FAILED', 'KILLED', 'ERROR']);

/** Waits for the end of a program. Throws CliError when it ends otherwise than well, or not in time. */
export const waitForProgram = async (
  id: string,
  { spark, progress, ...wait }: WaitOptions & { spark: SparkClient; progress: Progress },
): Promise<SparkSubmission> => {
  const goesOn = `The program goes on: plenum spark status ${id} tells of it, plenum spark kill ${id} ends it`;
  let latest: SparkSubmission | undefined;
  let ended: SparkSubmission | undefined;
  try {
    ended = await waitUntil(
      async () => {
        latest = await spark.getSubmission(id);
        progress.say(`${id}: ${latest.driverState}`);
        return ENDED.has(latest.driverState) ? latest : undefined;
      },
      { ...wait, goesOn },
    );
  } finally {
    progress.stop();
  }
  if (ended === undefined) {
    throw new CliError(
      'timed-out',
      `${id} is not done yet: ${latest?.driverState ?? 'nothing is known of it'}`,
      {
        hint: `It goes on; plenum spark status ${id} tells of it, plenum spark kill ${id} ends it`,
      },
    );
  }
  if (ended.driverState === 'FINISHED') return ended;
  throw new CliError(
    'failed',
    `${id} ended with ${ended.driverState}${ended.message ? `: ${ended.message}` : ''}`,
    {
      hint: 'What it printed lies in the folder work of the worker: plenum task ls worker-0-server work',
    },
  );
};
