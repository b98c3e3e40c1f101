import type { MarathonEngine } from '../../engine.ts';
import { runSpecsOf } from '../../groups/root-group.ts';

/** GET /metrics, in the form of Dropwizard's registry (marathon.md 1.14). */
export const metricsJson = (engine: MarathonEngine, uptimeMs: number): object => {
  const counts = [...runSpecsOf(engine.root)].map(({ id }) => engine.counts(id));
  const queue = engine.queue();
  const total = (numbers: readonly number[]): number => numbers.reduce((sum, one) => sum + one, 0);
  const gauges: Readonly<Record<string, number>> = {
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
  };
  return {
    version: '4.0.0',
    counters: {},
    gauges: Object.fromEntries(Object.entries(gauges).map(([name, value]) => [name, { value }])),
    histograms: {},
    meters: {},
    timers: {},
  };
};
