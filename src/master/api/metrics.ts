import type { Resource, TaskState } from '../../mesos/generated/mesos.ts';
import { systemMetrics } from '../../mesos/v0/system-metrics.ts';
import type { MachineLoad } from '../../runtime/machine-load.ts';
import type { Allocator, Amounts } from '../allocator/allocator.ts';
import { isActive, isConnected, type MasterState } from '../core/state.ts';
import type { UsedBy } from './documents/cluster-view.ts';
import { countStates, frameworkMetrics, type StateCounts } from './framework-metrics.ts';
import { COUNTERS } from './metric-names.ts';
import { roleViews } from './role-views.ts';

export interface MetricSources {
  readonly state: MasterState;
  /** Of tasks and executors. */
  readonly usedBy: UsedBy;
  readonly allocator: Pick<Allocator, 'roles' | 'totals' | 'activeFilters'>;
  readonly nowMs: number;
  /** Open operator event streams. */
  readonly subscribers: number;
  /** Reads that shared the answer of another one. */
  readonly cacheHits: number;
  /** Sent so far, by framework; undefined: metrics of single frameworks are not wanted. */
  readonly heartbeats: ReadonlyMap<string, number> | undefined;
  /** What is measured beside the state. */
  readonly timings: Readonly<Record<string, number>>;
  readonly load: MachineLoad;
}

type Metrics = Record<string, number>;

/**
 * Every number that the master publishes, under the names that Mesos' masters use (mesos.md 3.12). With pauses: of a hundred
 * thousand tasks they are a tenth of a second's work. What changes meanwhile may be in one number and not in another.
 */
export function* collectMetrics(sources: MetricSources): Generator<void, Metrics> {
  const { state, heartbeats } = sources;
  const counts: StateCounts = new Map();
  for (const framework of state.frameworks.values()) {
    counts.set(framework.id, countStates(framework));
    yield;
  }
  const metrics: Metrics = {
    ...Object.fromEntries(COUNTERS.map((name) => [name, 0])),
    ...Object.fromEntries(state.counters),
    ...masterMetrics(sources),
    ...agentMetrics(state),
    ...frameworkCounts(state),
    ...sources.timings,
    ...taskMetrics(counts),
    ...systemMetrics(sources.load),
  };
  yield;
  if (heartbeats) Object.assign(metrics, yield* frameworkMetrics(state, { heartbeats, counts }));
  Object.assign(metrics, yield* resourceMetrics(sources));
  yield;
  Object.assign(metrics, allocatorMetrics(sources));
  yield;
  return Object.fromEntries(Object.entries(metrics).sort(([one], [other]) => (one < other ? -1 : 1)));
}

const masterMetrics = ({ state, nowMs, subscribers, cacheHits }: MetricSources): Metrics => ({
  'master/elected': 1,
  'master/http_cache_hits': cacheHits,
  'master/operator_event_stream_subscribers': subscribers,
  'master/outstanding_offers': state.offers.size,
  'master/uptime_secs': (nowMs - state.startedMs) / 1000,
});

const agentMetrics = ({ agents, unreachableAgents }: MasterState): Metrics => {
  const all = [...agents.values()];
  const connected = all.filter(isConnected).length;
  const active = all.filter(isActive).length;
  return {
    'master/slaves_active': active,
    'master/slaves_connected': connected,
    'master/slaves_disconnected': all.length - connected,
    'master/slaves_inactive': all.length - active,
    'master/slaves_unreachable': unreachableAgents.size,
  };
};

const frameworkCounts = ({ frameworks }: MasterState): Metrics => {
  const all = [...frameworks.values()];
  const connected = all.filter(({ connection }) => connection === 'connected').length;
  return {
    'master/frameworks_active': connected,
    'master/frameworks_connected': connected,
    'master/frameworks_disconnected': all.length - connected,
    'master/frameworks_inactive': all.length - connected,
  };
};

const taskMetrics = (counts: StateCounts): Metrics => {
  const now = (state: TaskState): number =>
    [...counts.values()].reduce((sum, some) => sum + (some.get(state) ?? 0), 0);
  return {
    'master/tasks_staging': now('TASK_STAGING'),
    'master/tasks_starting': now('TASK_STARTING'),
    'master/tasks_running': now('TASK_RUNNING'),
    'master/tasks_killing': now('TASK_KILLING'),
    'master/tasks_unreachable': now('TASK_UNREACHABLE'),
  };
};

/** Agents after which others may have a turn. */
const AGENTS_PER_STEP = 256;

function* resourceMetrics({ state, usedBy }: MetricSources): Generator<void, Metrics> {
  const total: Sums = new Map();
  let seen = 0;
  for (const agent of state.agents.values()) {
    addTo(total, agent.total);
    if (++seen % AGENTS_PER_STEP === 0) yield;
  }
  const used: Sums = new Map();
  for (const resources of usedBy.values()) addTo(used, resources);
  const metrics: Metrics = {};
  for (const name of [
    'cpus',
    'gpus',
    'mem',
    'disk',
    'cpus_revocable',
    'gpus_revocable',
    'mem_revocable',
    'disk_revocable',
  ]) {
    const all = total.get(name) ?? 0;
    const taken = used.get(name) ?? 0;
    metrics[`master/${name}_total`] = all / 1000;
    metrics[`master/${name}_used`] = taken / 1000;
    metrics[`master/${name}_percent`] = all === 0 ? 0 : taken / all;
  }
  return metrics;
}

/** Scalars in thousandths by name, what may be taken back apart. */
type Sums = Map<string, number>;

const addTo = (sums: Sums, resources: readonly Resource[]): void => {
  for (const { name, scalar, revocable } of resources) {
    const shown = revocable === undefined ? name : `${name}_revocable`;
    sums.set(shown, (sums.get(shown) ?? 0) + Math.round((scalar?.value ?? 0) * 1000));
  }
};

const allocatorMetrics = ({ state, usedBy, allocator, nowMs }: MetricSources): Metrics => {
  const { total, offeredOrAllocated } = allocator.totals();
  const prefix = 'allocator/mesos';
  const metrics: Metrics = {};
  for (const name of new Set(['cpus', 'disk', 'mem', ...Object.keys(total)])) {
    metrics[`${prefix}/resources/${name}/total`] = total[name] ?? 0;
    metrics[`${prefix}/resources/${name}/offered_or_allocated`] = offeredOrAllocated[name] ?? 0;
  }
  const filters = allocator.activeFilters(nowMs);
  const quotaMetric = (role: string, kind: string, amounts: Amounts = {}): void => {
    for (const [name, amount] of Object.entries(amounts)) {
      metrics[`${prefix}/quota/roles/${role}/resources/${name}/${kind}`] = amount;
    }
  };
  for (const {
    role,
    share,
    quota,
    reserved,
    frameworkIds,
    offeredOrAllocatedUnreserved,
  } of allocator.roles()) {
    // Mesos goes on listing roles that frameworks were in once; without one, a role of a weight alone is not listed.
    if (frameworkIds.length > 0 || quota || Object.keys(reserved).length > 0) {
      metrics[`${prefix}/offer_filters/roles/${role}/active`] = filters.get(role) ?? 0;
    }
    if (frameworkIds.length > 0) metrics[`${prefix}/roles/${role}/shares/dominant`] = share;
    if (quota === undefined) continue;
    quotaMetric(role, 'guarantee', quota.guarantees);
    quotaMetric(role, 'limit', quota.limits);
    const named = Object.keys({ ...quota.guarantees, ...quota.limits });
    quotaMetric(role, 'offered_or_allocated', {
      ...Object.fromEntries(named.map((name) => [name, 0])),
      ...offeredOrAllocatedUnreserved,
    });
  }
  for (const { name, consumed } of roleViews(state, usedBy)) quotaMetric(name, 'consumed', consumed);
  return metrics;
};
