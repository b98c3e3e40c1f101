import { randomUUID } from 'node:crypto';
import { mkdirSync, rmSync } from 'node:fs';
import { request } from '../http/client.ts';
import { errorMessage } from '../runtime/error-message.ts';
import type { AgentSize } from './agent-plan.ts';
import { ClusterError } from './cluster-error.ts';
import { type ClusterFolder, CONTROL_PLANE, clusterFolder, localClusterNames } from './cluster-folder.ts';
import { type ClusterRecord, readRecord, SERVERS, writeRecord } from './cluster-record.ts';
import { StartFailure } from './daemon.ts';
import { type LocalAccess, makeSecure } from './local-access.ts';
import { lockCluster } from './lock.ts';
import { thisMachine } from './machine.ts';
import { planCluster } from './plan-cluster.ts';
import { findRunning } from './running-part.ts';
import { type AskedPorts, PORT_FLAGS, startCluster } from './start-cluster.ts';
import { type ClusterStatus, statusOf } from './status.ts';
import { stopProcess } from './stop-process.ts';
import { waitUntil } from './wait-until.ts';

const REGISTRATION = { timeoutMs: 30_000, everyMs: 25 };
const HALF_STARTED_GRACE_MS = 2_000;

export interface UpOptions {
  /** PLENUM_HOME. */
  readonly home: string;
  readonly name: string;
  /** Default: as many as there are, or 3. */
  readonly agents?: number | undefined;
  readonly size?: AgentSize;
  /** Address to listen on; where others can reach it, with TLS and authentication. Default: as it was, or loopback. */
  readonly host?: string | undefined;
  readonly hostnames?: readonly string[] | undefined;
  readonly tls?: boolean | undefined;
  /** Whether tasks are killed for guarantees that cannot be served otherwise. Default: as it was, or no. */
  readonly preemption?: boolean | undefined;
  /** Who may do what, as JSON or the path of a file. Default: as it was, or whoever is let in everything. */
  readonly acls?: string | undefined;
  /** What all agents are told besides, in the form that programs read. Default: as it was, or nothing. */
  readonly agentArguments?: readonly string[] | undefined;
  /** Ports that must be had; 0 takes a free one. Others stay what they were. */
  readonly ports?: AskedPorts;
}

/**
 * Starts a cluster, or what has died of it, as it was: same agents, ports and state. Resolves once all agents are
 * registered, Marathon is subscribed and the gateway serves. Throws ClusterError: conflict when it is up entirely, when
 * a port is taken, or while another up or down is under way; failed when a part does not start.
 */
export const up = async (options: UpOptions): Promise<ClusterStatus> => {
  const folder = clusterFolder(options.home, options.name);
  makeFolder(folder);
  const unlock = lockCluster(folder);
  try {
    return await upLocked(options, folder);
  } finally {
    unlock();
  }
};

const upLocked = async (options: UpOptions, folder: ClusterFolder): Promise<ClusterStatus> => {
  const { home, name, ports: asked = {} } = options;
  const existing = readRecord(folder);
  const record = planCluster({
    name,
    existing,
    agents: options.agents,
    size: options.size ?? {},
    host: options.host,
    hostnames: options.hostnames,
    tls: options.tls,
    preemption: options.preemption,
    acls: options.acls,
    agentArguments: options.agentArguments,
    machine: thisMachine(folder.path),
    otherClusters: otherClusters(home, name),
    newId: randomUUID,
    random: Math.random,
  });
  if (existing) refuseChangeOfRunning(folder, existing, record, asked);
  await stopHalfStarted(folder, record);
  const access = record.isSecured ? makeSecure(folder) : undefined;
  // Before anything starts: what an `up` that is killed leaves behind must be known to the next one.
  writeRecord(folder, record);
  const started = await startCluster({ folder, record, asked, env: { PLENUM_HOME: home } }).catch(
    (error: unknown) => {
      if (existing) writeRecord(folder, existing);
      else forgetAllButLogs(folder);
      throw error instanceof StartFailure
        ? new ClusterError('failed', error.message, { cause: error })
        : error;
    },
  );
  writeRecord(folder, started);
  await untilRegistered(folder, started, access);
  return statusOf(folder, started);
};

/** A cluster that never came up is not remembered: its ports and agents are nobody's yet. */
const forgetAllButLogs = (folder: ClusterFolder): void => {
  for (const path of [folder.recordFile, folder.runFolder, folder.stateFolder]) {
    rmSync(path, { recursive: true, force: true });
  }
};

const makeFolder = (folder: ClusterFolder): void => {
  try {
    mkdirSync(folder.path, { recursive: true, mode: 0o700 });
  } catch (error) {
    throw new ClusterError(
      'failed',
      `Plenum cannot keep its files in ${folder.path}: ${errorMessage(error)}`,
      {
        hint: 'Set PLENUM_HOME to a folder that can be written to',
        cause: error,
      },
    );
  }
};

const otherClusters = (home: string, name: string): ClusterRecord[] =>
  localClusterNames(home).flatMap((other) => {
    if (other === name) return [];
    try {
      return readRecord(clusterFolder(home, other)) ?? [];
    } catch {
      // A damaged neighbour must not keep this cluster from starting.
      return [];
    }
  });

/** What runs keeps its ports; and when all of it runs, there is nothing to do. */
const refuseChangeOfRunning = (
  folder: ClusterFolder,
  existing: ClusterRecord,
  planned: ClusterRecord,
  asked: AskedPorts,
): void => {
  const { state, addresses } = statusOf(folder, planned);
  if (state === 'up') {
    throw new ClusterError('conflict', `Cluster ${existing.name} is up already at ${addresses.gateway}`, {
      hint: 'Another one beside it: plenum up --name NAME; stop it: plenum down',
    });
  }
  const controlPlane = findRunning(folder, CONTROL_PLANE);
  if (!controlPlane?.addresses) return;
  const isChanged =
    (planned.preemption ?? false) !== (existing.preemption ?? false) || planned.acls !== existing.acls;
  if (isChanged) {
    throw new ClusterError('conflict', `The master of cluster ${existing.name} runs at ${addresses.master}`, {
      hint: 'To start it with another setting: plenum down, then plenum up',
    });
  }
  for (const server of SERVERS) {
    const port = asked[server];
    if (port !== undefined && port !== 0 && port !== existing.ports[server]) {
      throw new ClusterError(
        'conflict',
        `The ${server} of cluster ${existing.name} runs at ${addresses[server]}`,
        {
          hint: `To move it: plenum down, then plenum up ${PORT_FLAGS[server]} ${port}`,
        },
      );
    }
  }
};

/** Left behind by an `up` that was killed: whether it works is unknown, so it is started anew. */
const stopHalfStarted = async (folder: ClusterFolder, record: ClusterRecord): Promise<void> => {
  const parts = [CONTROL_PLANE, ...record.agents.map(({ name }) => name)];
  const halfStarted = parts.flatMap((part) => {
    const running = findRunning(folder, part);
    return running && !running.addresses ? [running.process] : [];
  });
  await Promise.all(
    halfStarted.map((identity) => stopProcess(identity, { ask: 'SIGTERM', graceMs: HALF_STARTED_GRACE_MS })),
  );
};

/** Agents that lived on while the control plane was away come back by themselves; the rest said that they are there. */
const untilRegistered = async (
  folder: ClusterFolder,
  { name, agents }: ClusterRecord,
  access: LocalAccess | undefined,
): Promise<void> => {
  const master = findRunning(folder, CONTROL_PLANE)?.addresses?.master ?? '';
  let missing: readonly (string | undefined)[] = [];
  const isComplete = await waitUntil(async () => {
    const registered = await registeredAgents(master, access);
    missing = agents.flatMap(({ id, name: agent }) => (id && registered.has(id) ? [] : [agent]));
    return missing.length === 0;
  }, REGISTRATION);
  if (!isComplete) {
    throw new ClusterError('timed-out', `Cluster ${name} is up, but ${missing.join(', ')} did not register`, {
      hint: `See the logs in ${folder.logFolder}`,
    });
  }
};

const registeredAgents = async (
  master: string,
  access: LocalAccess | undefined,
): Promise<ReadonlySet<string>> => {
  const { body } = await request({
    url: `${master}/slaves`,
    headers: { Accept: 'application/json', ...(access ? { Authorization: `token=${access.token}` } : {}) },
    ...(access ? { tls: { ca: access.ca } } : {}),
  });
  const { slaves } = JSON.parse(body.toString()) as {
    slaves: { id: string; active: boolean; deactivated?: boolean }[];
  };
  // Those that an operator took out of use are there all the same.
  return new Set(slaves.filter(({ active, deactivated }) => active || deactivated).map(({ id }) => id));
};
