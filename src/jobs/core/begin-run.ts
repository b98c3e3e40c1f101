import type { JobDefinition, RunOverride } from '../definitions/job.ts';
import type { JobsState, Run } from './state.ts';
import type { Turn } from './turn.ts';

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789';
const SUFFIX_LENGTH = 5;

/** Runs of one job that go on at a time, those that wait for an offer included. */
export const MOST_RUNS = 1_000;

/** Begins a run of a job; it waits for an offer from now on. */
export const beginRun = (turn: Turn, job: JobDefinition, { env, placement }: RunOverride): Run => {
  const { nowMs } = turn;
  const run: Run = {
    id: runId(turn),
    jobId: job.id,
    definition: {
      ...job.run,
      ...(env ? { env: { ...job.run.env, ...env } } : {}),
      ...(placement ? { placement } : {}),
    },
    labels: job.labels,
    createdAtMs: nowMs,
    launchByMs: nowMs + job.run.maxLaunchDelay * 1_000,
    notBeforeMs: nowMs,
    failures: 0,
    tasks: [],
    isStopping: false,
  };
  turn.setRun(run);
  // What was declined for others may do for this one: offers are asked for anew.
  turn.state.interest = 'unknown';
  return run;
};

export const runsOf = ({ runs }: JobsState, jobId: string): Run[] =>
  [...runs.values()].filter((run) => run.jobId === jobId);

/** The time to the second, then five letters and digits: `20160715130259A34HX`. */
const runId = ({ state, random, nowMs }: Turn): string => {
  const time = new Date(nowMs).toISOString().replace(/\D/g, '').slice(0, 14);
  for (;;) {
    const suffix = Array.from(
      { length: SUFFIX_LENGTH },
      () => ALPHABET[Math.floor(random.next() * ALPHABET.length)],
    );
    const id = `${time}${suffix.join('')}`;
    if (!state.runs.has(id)) return id;
  }
};
