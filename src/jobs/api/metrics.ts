import { processMetrics } from '../../runtime/process-metrics.ts';
import type { MetricFamily, Sample } from '../../runtime/prometheus-text.ts';
import { liveTask } from '../core/run-tasks.ts';
import type { Run } from '../core/state.ts';
import type { JobsEngine } from '../engine.ts';

/** What the job service tells of itself, for Prometheus; the ended runs count from when their job was added. */
export const jobMetrics = (engine: JobsEngine, nowMs: number): MetricFamily[] => [
  gauge('plenum_jobs', 'Jobs that are defined', engine.jobs().length),
  gauge(
    'plenum_jobs_schedules',
    'Schedules that are switched on',
    engine.jobs().flatMap(({ schedules }) => schedules.filter(({ enabled }) => enabled)).length,
  ),
  gauge('plenum_jobs_connected', 'Whether the master is heard: 1 or 0', Number(engine.isConnected())),
  gauge(
    'plenum_jobs_longest_wait_seconds',
    'How long the oldest run waits for an offer',
    longestWait(engine, nowMs),
  ),
  {
    name: 'plenum_jobs_runs',
    type: 'gauge',
    help: 'Runs under way, by what they do',
    samples: runStates(engine.allRuns()),
  },
  {
    name: 'plenum_jobs_ended_runs_total',
    type: 'counter',
    help: 'Runs that have ended, by job and outcome',
    samples: endedRuns(engine),
  },
];

/** The same in the form of Dropwizard's registry, in which Metronome tells it. */
export const dropwizardMetrics = (families: readonly MetricFamily[]): object => ({
  version: '4.0.0',
  counters: valuesOf(families, 'counter', 'count'),
  gauges: valuesOf(families, 'gauge', 'value'),
  histograms: {},
  meters: {},
  timers: {},
});

/** With what its process uses, which in a control plane is that of all parts. */
export const allMetrics = (engine: JobsEngine, nowMs: number): MetricFamily[] => [
  ...jobMetrics(engine, nowMs),
  ...processMetrics(),
];

const gauge = (name: string, help: string, value: number): MetricFamily => ({
  name,
  help,
  type: 'gauge',
  samples: [{ labels: {}, value }],
});

const longestWait = (engine: JobsEngine, nowMs: number): number => {
  const [oldest] = engine.waiting();
  return oldest === undefined ? 0 : Math.max(0, nowMs - oldest.createdAtMs) / 1_000;
};

const runStates = (runs: readonly Run[]): Sample[] => {
  const counts = { waiting: 0, starting: 0, running: 0 };
  for (const run of runs) {
    const task = liveTask(run);
    counts[task === undefined ? 'waiting' : task.state === 'TASK_RUNNING' ? 'running' : 'starting']++;
  }
  return Object.entries(counts).map(([state, value]) => ({ labels: { state }, value }));
};

const endedRuns = (engine: JobsEngine): Sample[] =>
  engine.jobs().flatMap(({ definition: { id: job } }) => {
    const { successCount, failureCount } = engine.history(job);
    return [
      { labels: { job, outcome: 'success' }, value: successCount },
      { labels: { job, outcome: 'failure' }, value: failureCount },
    ];
  });

const valuesOf = (
  families: readonly MetricFamily[],
  wanted: MetricFamily['type'],
  field: 'count' | 'value',
): object =>
  Object.fromEntries(
    families
      .filter(({ type }) => type === wanted)
      .flatMap(({ name, samples }) =>
        samples.map(({ labels, value }) => [[name, ...Object.values(labels)].join('.'), { [field]: value }]),
      ),
  );
