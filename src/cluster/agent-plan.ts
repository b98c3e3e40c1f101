import type { AgentRecord } from './cluster-record.ts';

/** More would neither fit into the port ranges nor be of use on one machine. */
export const MOST_AGENTS = 64;

/** Ports for tasks lie below those that the system hands out by itself (from 32768 on). */
const FIRST_TASK_PORT = 10_000;
const LAST_TASK_PORT = 31_999;
/** Apps take a port per instance by default: this many must find room on one agent. */
const PORTS_PER_AGENT = 1_000;
/** A machine with fewer cores still plays a small datacenter: cores can be shared, waiting tasks only run slower. */
const LEAST_CPUS = 4;
const SHARE_OF_MEMORY = 0.75;
const SHARE_OF_DISK = 0.9;
const MEBIBYTE = 1024 * 1024;

export interface Machine {
  readonly cores: number;
  readonly memoryBytes: number;
  readonly freeDiskBytes: number;
  /** Whether every address of 127.0.0.0/8 is this machine, as on Linux. */
  readonly hasManyLoopbacks: boolean;
}

export interface AgentSize {
  readonly cpus?: number | undefined;
  readonly memMiB?: number | undefined;
  readonly diskMiB?: number | undefined;
}

export interface AgentPlanOptions {
  readonly existing: readonly AgentRecord[];
  readonly count: number;
  readonly size: AgentSize;
  readonly machine: Machine;
  readonly host: string;
  /** Port ranges that other clusters' agents hold, by their first port. */
  readonly takenRanges: ReadonlySet<number>;
  /** From 0 (included) to 1 (excluded). */
  readonly random: () => number;
}

/**
 * The agents that a cluster still lacks. Each advertises the whole machine, as the nodes of other local clusters do:
 * what tasks ask for is mostly more than what they use, and one that asks for much must fit somewhere. Each has a
 * loopback address of its own where there are several, so that constraints on the hostname mean something, and a range
 * of ports of its own, as all of them share the machine's.
 */
export const planAgents = (options: AgentPlanOptions): AgentRecord[] => {
  const { existing, count, machine, host, random } = options;
  const taken = new Set(options.takenRanges);
  return Array.from({ length: Math.max(0, count - existing.length) }, (_unused, index) => {
    const number = existing.length + index + 1;
    const firstPort = chooseRange(taken, random);
    taken.add(firstPort);
    const ports = `ports:[${firstPort}-${firstPort + PORTS_PER_AGENT - 1}]`;
    return {
      name: `agent-${number}`,
      host: machine.hasManyLoopbacks && host === '127.0.0.1' ? `127.0.0.${number}` : host,
      resources: `${scalars(options.size, machine)};${ports}`,
    };
  });
};

/** First port of the range in an agent's resources. */
export const firstTaskPort = ({ resources }: AgentRecord): number | undefined => {
  const [, first] = /ports:\[(\d+)-/.exec(resources) ?? [];
  return first === undefined ? undefined : Number(first);
};

const scalars = ({ cpus, memMiB, diskMiB }: AgentSize, machine: Machine): string => {
  const mem = memMiB ?? Math.floor((machine.memoryBytes / MEBIBYTE) * SHARE_OF_MEMORY);
  const disk = diskMiB ?? Math.floor((machine.freeDiskBytes / MEBIBYTE) * SHARE_OF_DISK);
  return `cpus:${cpus ?? Math.max(LEAST_CPUS, machine.cores)};mem:${mem};disk:${disk}`;
};

/** A free range; when none is left, one that is shared: Marathon draws ports at random and relaunches what collides. */
const chooseRange = (taken: ReadonlySet<number>, random: () => number): number => {
  const ranges = [];
  for (let first = FIRST_TASK_PORT; first + PORTS_PER_AGENT - 1 <= LAST_TASK_PORT; first += PORTS_PER_AGENT) {
    ranges.push(first);
  }
  const free = ranges.filter((first) => !taken.has(first));
  const candidates = free.length > 0 ? free : ranges;
  return candidates[Math.floor(random() * candidates.length)] ?? FIRST_TASK_PORT;
};
