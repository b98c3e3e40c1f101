import type { MetricFamily } from '../../../runtime/prometheus-text.ts';
import type { MarathonEngine } from '../../engine.ts';
import { runSpecsOf } from '../../groups/root-group.ts';
import type { MesosCounters } from '../../mesos-counters.ts';

interface Metrics {
  readonly counters: Readonly<Record<string, number>>;
  readonly gauges: Readonly<Record<string, number>>;
}

/** What there is, and what was counted since the start, by Marathon's names (marathon.md 1.14). */
export const metricsOf = (
  engine: MarathonEngine,
  { uptimeMs, counters }: { uptimeMs: number; counters: MesosCounters },
): Metrics => {
  const counts = [...runSpecsOf(engine.root)].map(({ id }) => engine.counts(id));
  const queue = engine.queue();
  const total = (numbers: readonly number[]): number => numbers.reduce((sum, one) => sum + one, 0);
  return {
    counters: { 'marathon.tasks.launched.counter': 0, ...Object.fromEntries(counters) },
    gauges: {
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
export const metricsJson = ({ counters, gauges }: Metrics): object => ({
  version: '4.0.0',
  counters: valuesOf(counters, 'count'),
  gauges: valuesOf(gauges, 'value'),
  histograms: {},
  meters: {},
  timers: {},
});

const valuesOf = (values: Readonly<Record<string, number>>, key: 'count' | 'value'): object =>
  Object.fromEntries(Object.entries(values).map(([name, value]) => [name, { [key]: value }]));

/** GET /metrics/prometheus: in its names dots and dashes are underscores. */
export const metricFamilies = (metrics: Metrics): MetricFamily[] =>
  (['counter', 'gauge'] as const).flatMap((type) =>
    Object.entries(metrics[`${type}s`]).map(([name, value]) => ({
      name: name.replace(/[.-]/g, '_'),
      type,
      help: name,
      samples: [{ labels: {}, value }],
    })),
  );
