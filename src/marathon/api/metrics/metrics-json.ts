import type { MetricFamily, Sample } from '../../../runtime/prometheus-text.ts';
import type { MarathonEngine } from '../../engine.ts';
import { runSpecsOf } from '../../groups/root-group.ts';
import type { MesosCounters } from '../../mesos-counters.ts';
import type { HttpMetrics, HttpReadings } from './http-metrics.ts';
import type { TimerReading } from './timer.ts';

type Metrics = HttpReadings;

/** What there is, and what was counted since the start, by Marathon's names (marathon.md 1.14). */
export const metricsOf = (
  engine: MarathonEngine,
  { uptimeMs, counters, http }: { uptimeMs: number; counters: MesosCounters; http: HttpMetrics },
): Metrics => {
  const counts = [...runSpecsOf(engine.root)].map(({ id }) => engine.counts(id));
  const queue = engine.queue();
  const passed = http.read();
  const total = (numbers: readonly number[]): number => numbers.reduce((sum, one) => sum + one, 0);
  return {
    ...passed,
    counters: { 'marathon.tasks.launched.counter': 0, ...Object.fromEntries(counters), ...passed.counters },
    gauges: {
      ...passed.gauges,
      'marathon.apps.active.gauge': engine.root.apps.size,
      'marathon.groups.active.gauge': engine.root.groups.size,
      'marathon.pods.active.gauge': engine.root.pods.size,
      'marathon.deployments.active.gauge': engine.deployments().length,
      'marathon.instances.running.gauge': total(counts.map(({ tasksRunning }) => tasksRunning)),
      'marathon.instances.staged.gauge': total(counts.map(({ tasksStaged }) => tasksStaged)),
      'marathon.instances.launch-overdue.gauge': total(
        queue.map(({ delayLeftMs, count }) => (delayLeftMs > 0 ? 0 : count)),
      ),
      'marathon.uptime.gauge.seconds': uptimeMs / 1000,
      'marathon.leadership.duration.gauge.seconds': engine.facts.isElected ? uptimeMs / 1000 : 0,
    },
  };
};

/** GET /metrics, in the form of Dropwizard's registry. */
export const metricsJson = ({ counters, gauges, meters, timers }: Metrics): object => ({
  version: '4.0.0',
  counters: mapValues(counters, (count) => ({ count })),
  gauges: mapValues(gauges, (value) => ({ value })),
  histograms: {},
  meters: mapValues(meters, (reading) => ({ ...reading, units: 'events/second' })),
  timers: mapValues(timers, (reading) => ({
    ...reading,
    duration_units: 'seconds',
    rate_units: 'calls/second',
  })),
});

const mapValues = <Value>(
  values: Readonly<Record<string, Value>>,
  shown: (value: Value) => object,
): Readonly<Record<string, object>> =>
  Object.fromEntries(Object.entries(values).map(([name, value]) => [name, shown(value)]));

/** GET /metrics/prometheus: in its names dots and dashes are underscores. */
export const metricFamilies = ({ counters, gauges, meters, timers }: Metrics): MetricFamily[] => [
  ...familiesOf('counter', counters, (value) => [{ labels: {}, value }]),
  ...familiesOf('gauge', gauges, (value) => [{ labels: {}, value }]),
  ...familiesOf('counter', meters, ({ count }) => [{ labels: {}, value: count }], '_total'),
  ...familiesOf('summary', timers, summaryOf),
];

const familiesOf = <Value>(
  type: MetricFamily['type'],
  values: Readonly<Record<string, Value>>,
  samplesOf: (value: Value) => Sample[],
  suffix = '',
): MetricFamily[] =>
  Object.entries(values).map(([name, value]) => ({
    name: `${name.replace(/[.-]/g, '_')}${suffix}`,
    type,
    help: name,
    samples: samplesOf(value),
  }));

const summaryOf = ({ count, p50, p75, p95, p98, p99, p999 }: TimerReading): Sample[] => [
  ...Object.entries({ '0.5': p50, '0.75': p75, '0.95': p95, '0.98': p98, '0.99': p99, '0.999': p999 }).map(
    ([quantile, value]) => ({ labels: { quantile }, value }),
  ),
  { suffix: '_count', labels: {}, value: count },
];
