import type { Resource, TaskState } from '../../mesos/generated/mesos.ts';
import { scalarOf } from '../../mesos/resources/traits.ts';
import { metricFamilies } from '../../mesos/v0/metric-families.ts';
import { systemMetrics } from '../../mesos/v0/system-metrics.ts';
import { machineLoad } from '../../runtime/machine-load.ts';
import { processMetrics } from '../../runtime/process-metrics.ts';
import { prometheusText } from '../../runtime/prometheus-text.ts';
import { isFrameworkActive } from '../core/completion.ts';
import type { AgentState, RunRecord } from '../core/state.ts';
import type { Fetcher } from '../fetcher/fetcher.ts';
import type { SandboxCollector } from '../sandbox/garbage-collection.ts';
import { resourcesOf } from './statistics.ts';

export interface MetricSources {
  readonly state: AgentState;
  readonly fetcher: Fetcher;
  readonly collector: SandboxCollector;
  /** Those of the image store, where there is one. */
  readonly imageMetrics: Readonly<Record<string, number>>;
  /** Beyond what it has. */
  readonly oversubscribed: readonly Resource[];
  readonly isRegistered: boolean;
  readonly recoverySeconds: number;
  readonly uptimeSeconds: number;
}

/** Every number that the agent publishes, by the names that Mesos' agents use (mesos.md 3.12). */
export const collectMetrics = (sources: MetricSources): Record<string, number> => {
  const { state, fetcher, collector } = sources;
  const { counters } = state;
  const metrics: Record<string, number> = {
    'containerizer/fetcher/cache_size_total_bytes': fetcher.cache.limitBytes,
    'containerizer/fetcher/cache_size_used_bytes': fetcher.cache.usedBytes,
    'containerizer/fetcher/task_fetches_failed': fetcher.counters.failed,
    'containerizer/fetcher/task_fetches_succeeded': fetcher.counters.succeeded,
    'containerizer/mesos/container_destroy_errors': 0,
    'resource_provider_manager/events/disconnect': 0,
    'resource_provider_manager/events/subscribe': 0,
    'resource_provider_manager/subscribed': 0,
    'gc/path_removals_failed': collector.counters.failed,
    'gc/path_removals_pending': collector.counters.pending,
    'gc/path_removals_succeeded': collector.counters.succeeded,
    'slave/container_launch_errors': counters.launchErrors,
    'slave/executor_directory_max_allowed_age_secs': collector.longestMs / 1000,
    'slave/executors_preempted': counters.executorsPreempted,
    'slave/executors_terminated': counters.executorsTerminated,
    'slave/frameworks_active': [...state.frameworks.values()].filter(isFrameworkActive).length,
    'slave/invalid_framework_messages': counters.invalidMessages,
    'slave/invalid_status_updates': counters.invalidUpdates,
    'slave/recovery_errors': 0,
    'slave/recovery_time_secs': sources.recoverySeconds,
    'slave/registered': sources.isRegistered ? 1 : 0,
    'slave/uptime_secs': sources.uptimeSeconds,
    'slave/valid_framework_messages': counters.validMessages,
    'slave/valid_status_updates': counters.validUpdates,
    ...sources.imageMetrics,
    ...executorMetrics(state),
    ...taskMetrics(state),
    ...resourceMetrics(state, sources.oversubscribed),
    ...systemMetrics(machineLoad()),
  };
  return Object.fromEntries(Object.entries(metrics).sort(([one], [other]) => (one < other ? -1 : 1)));
};

const executorMetrics = (state: AgentState): Record<string, number> => {
  const phases: RunRecord['phase'][] = ['registering', 'running', 'terminating'];
  const runs = [...state.runs.values()];
  return Object.fromEntries(
    phases.map((phase) => [
      `slave/executors_${phase}`,
      runs.filter(({ record }) => record.phase === phase).length,
    ]),
  );
};

const taskMetrics = (state: AgentState): Record<string, number> => {
  const tasks = [...state.tasks.values()];
  const now = (wanted: TaskState): number => tasks.filter((task) => task.state === wanted).length;
  const ever = (wanted: TaskState): number => state.counters.terminal.get(wanted) ?? 0;
  return {
    'slave/tasks_staging': now('TASK_STAGING'),
    'slave/tasks_starting': now('TASK_STARTING'),
    'slave/tasks_running': now('TASK_RUNNING'),
    'slave/tasks_killing': now('TASK_KILLING'),
    'slave/tasks_finished': ever('TASK_FINISHED'),
    'slave/tasks_failed': ever('TASK_FAILED'),
    'slave/tasks_killed': ever('TASK_KILLED'),
    'slave/tasks_lost': ever('TASK_LOST'),
    'slave/tasks_gone': ever('TASK_GONE'),
  };
};

const resourceMetrics = (state: AgentState, oversubscribed: readonly Resource[]): Record<string, number> => {
  const used = [...state.runs.values()].filter(({ containers }) => containers.size > 0).flatMap(resourcesOf);
  const metrics: Record<string, number> = {};
  for (const name of ['cpus', 'gpus', 'mem', 'disk']) {
    const total = scalarOf(state.resources, name);
    const firm = used.filter(({ revocable }) => !revocable);
    const taken = scalarOf(firm, name);
    metrics[`slave/${name}_total`] = total;
    metrics[`slave/${name}_used`] = taken;
    metrics[`slave/${name}_percent`] = total === 0 ? 0 : taken / total;
    const extra = scalarOf(oversubscribed, name);
    const extraTaken = scalarOf(used, name) - taken;
    metrics[`slave/${name}_revocable_total`] = extra;
    metrics[`slave/${name}_revocable_used`] = extraTaken;
    metrics[`slave/${name}_revocable_percent`] = extra === 0 ? 0 : extraTaken / extra;
  }
  return metrics;
};

const COUNTERS =
  /^slave\/((in)?valid_|container_launch_errors|executors_(terminated|preempted)|recovery_errors)|path_removals_(succeeded|failed)$|task_fetches_|_errors$/;

/** The same for Prometheus, with those of the process. */
export const prometheusMetrics = (metrics: Readonly<Record<string, number>>): string =>
  prometheusText([...metricFamilies(metrics, (name) => COUNTERS.test(name)), ...processMetrics()]);
