import type { Resource } from '../../mesos/generated/mesos.ts';
import { isTerminal } from '../../mesos/task-state.ts';
import { metricFamilies } from '../../mesos/v0/metric-families.ts';
import { processMetrics } from '../../runtime/process-metrics.ts';
import { type MetricFamily, prometheusText, type Sample } from '../../runtime/prometheus-text.ts';
import { type Agent, isActive, type MasterState, tasksOn } from '../core/state.ts';
import { COUNTERS } from './metric-names.ts';

/** Of more agents there are sums alone: nobody could hold so many series. */
const MAX_AGENTS = 1_000;

/** The metrics of a master for Prometheus: those of /metrics/snapshot, those of its agents, those of its process. */
export const prometheusMetrics = (state: MasterState, metrics: Readonly<Record<string, number>>): string => {
  const counters = new Set([...COUNTERS, ...state.counters.keys()]);
  const isCounter = (name: string): boolean => counters.has(name) && !name.includes('event_queue');
  return prometheusText([
    ...metricFamilies(metrics, isCounter),
    ...agentFamilies(state),
    ...processMetrics(),
  ]);
};

const agentFamilies = (state: MasterState): MetricFamily[] => {
  if (state.agents.size > MAX_AGENTS) return [];
  const total: Sample[] = [];
  const used: Sample[] = [];
  const active: Sample[] = [];
  for (const agent of state.agents.values()) {
    const labels = { agent_id: agent.id, hostname: agent.info.hostname };
    active.push({ labels, value: isActive(agent) ? 1 : 0 });
    total.push(...resourceSamples(labels, agent.total));
    used.push(...resourceSamples(labels, usedOn(state, agent), agent));
  }
  return [
    gauge('mesos_agent_active', 'Whether the agent is offered', active),
    gauge('mesos_agent_resources_total', 'Resources of an agent', total),
    gauge('mesos_agent_resources_used', 'Resources of an agent in use', used),
  ];
};

const usedOn = (state: MasterState, agent: Agent): Resource[] => {
  const used: Resource[] = [];
  for (const task of tasksOn(state, agent)) if (!isTerminal(task.state)) used.push(...(task.resources ?? []));
  for (const executors of agent.executors.values()) {
    for (const { resources = [] } of executors.values()) used.push(...resources);
  }
  return used;
};

/** Sums of scalars by name; of what the agent has, those of which nothing is used as well. */
const resourceSamples = (
  labels: Record<string, string>,
  resources: readonly Resource[],
  agent?: Agent,
): Sample[] => {
  const sums = new Map<string, number>();
  for (const { name, scalar } of agent?.total ?? []) if (scalar) sums.set(name, 0);
  for (const { name, scalar } of resources) {
    if (scalar) sums.set(name, (sums.get(name) ?? 0) + Math.round(scalar.value * 1000));
  }
  return [...sums].map(([resource, sum]) => ({ labels: { ...labels, resource }, value: sum / 1000 }));
};

const gauge = (name: string, help: string, samples: readonly Sample[]): MetricFamily => ({
  name,
  type: 'gauge',
  help,
  samples,
});
