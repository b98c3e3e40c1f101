import { isLoopback } from '../http/origin-guard.ts';
import { type AgentSize, firstTaskPort, type Machine, MOST_AGENTS, planAgents } from './agent-plan.ts';
import { ClusterError } from './cluster-error.ts';
import type { ClusterRecord } from './cluster-record.ts';

const DEFAULT_AGENTS = 3;
const LOOPBACK = '127.0.0.1';

export interface PlanOptions {
  readonly name: string;
  /** What the cluster is already, if it exists. */
  readonly existing: ClusterRecord | undefined;
  /** Default: as many as there are, or 3. */
  readonly agents: number | undefined;
  /** Address to listen on; default: as it is, or the loopback one. */
  readonly host?: string | undefined;
  readonly hostnames?: readonly string[] | undefined;
  /** TLS and authentication; always where others can reach it. Default: as it is. */
  readonly tls?: boolean | undefined;
  /** Default: as it is. */
  readonly preemption: boolean | undefined;
  /** As JSON or the path of a file; default: as it is. */
  readonly acls?: string | undefined;
  /** What all agents are told besides; default: as it is. */
  readonly agentArguments?: readonly string[] | undefined;
  /** Of the agents that are added; default: the machine's. */
  readonly size: AgentSize;
  readonly machine: Machine;
  readonly otherClusters: readonly ClusterRecord[];
  readonly newId: () => string;
  readonly random: () => number;
}

/**
 * What the cluster shall be: as it is, with agents added when more are asked for. Throws ClusterError for what cannot be
 * had: agents are never taken away nor changed, because tasks and volumes live on them.
 */
export const planCluster = (options: PlanOptions): ClusterRecord => {
  const { name, existing, machine, otherClusters, size } = options;
  const base: ClusterRecord = existing ?? {
    format: 1,
    name,
    id: options.newId(),
    host: options.host ?? LOOPBACK,
    ...(isSecured(options) ? { isSecured: true } : {}),
    ...(options.hostnames === undefined ? {} : { hostnames: options.hostnames }),
    ports: {},
    agents: [],
  };
  if (existing) refuseMove(existing, options);
  const count = options.agents ?? (existing ? existing.agents.length : DEFAULT_AGENTS);
  checkCount(base, count);
  if (existing && count === existing.agents.length && isAnySizeGiven(size)) throw sizeIsFixed(name);
  const held = [base, ...otherClusters].flatMap(({ agents }) => agents.map(firstTaskPort));
  const added = planAgents({
    existing: base.agents,
    count,
    size,
    machine,
    host: base.host,
    takenRanges: new Set(held.filter((port) => port !== undefined)),
    random: options.random,
  });
  const preemption = options.preemption ?? base.preemption;
  const acls = options.acls ?? base.acls;
  const agentArguments = options.agentArguments ?? base.agentArguments;
  return {
    ...base,
    agents: [...base.agents, ...added],
    ...(preemption === undefined ? {} : { preemption }),
    ...(acls === undefined ? {} : { acls }),
    ...(agentArguments === undefined ? {} : { agentArguments }),
  };
};

const isSecured = ({ host = LOOPBACK, tls = false }: PlanOptions): boolean => tls || !isLoopback(host);

/** Agents are known by their addresses, and have joined with TLS or without. */
const refuseMove = ({ name, host, isSecured: was = false }: ClusterRecord, options: PlanOptions): void => {
  const isMoved = options.host !== undefined && options.host !== host;
  const isChanged = options.tls !== undefined && options.tls !== was;
  if (!isMoved && !isChanged) return;
  throw new ClusterError('conflict', `Cluster ${name} listens on ${host} ${was ? 'with' : 'without'} TLS`, {
    hint: `Another one elsewhere: plenum up --name NAME; or start over: plenum down --purge --name ${name}`,
  });
};

const checkCount = ({ name, agents }: ClusterRecord, count: number): void => {
  if (!Number.isInteger(count) || count < 1 || count > MOST_AGENTS) {
    throw new ClusterError('usage', `A local cluster has 1 to ${MOST_AGENTS} agents, not ${count}`);
  }
  if (count < agents.length) {
    throw new ClusterError('conflict', `Cluster ${name} has ${agents.length} agents and keeps them`, {
      hint: `To have ${count}: plenum down --purge --name ${name}, which forgets what it kept, then plenum up --agents ${count} --name ${name}`,
    });
  }
};

const isAnySizeGiven = ({ cpus, memMiB, diskMiB }: AgentSize): boolean =>
  cpus !== undefined || memMiB !== undefined || diskMiB !== undefined;

const sizeIsFixed = (name: string): ClusterError =>
  new ClusterError('conflict', `The agents of cluster ${name} keep the size that they were made with`, {
    hint: `Add others of this size with --agents, or start over: plenum down --purge --name ${name}`,
  });
