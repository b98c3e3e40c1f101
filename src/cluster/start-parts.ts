import { joinTokenPath } from '../security/join-token.ts';
import { type ClusterFolder, CONTROL_PLANE } from './cluster-folder.ts';
import { type AgentRecord, type ClusterRecord, SERVERS, type ServerName, urlAt } from './cluster-record.ts';
import { type Daemon, StartFailure, startDaemon } from './daemon.ts';
import type { ProcessIdentity } from './process-identity.ts';
import { findRunning, forgetRunning, noteRunning } from './running-part.ts';
import { stopProcess } from './stop-process.ts';

/** A failed start is undone at once: nothing was promised yet. */
const UNDO_GRACE_MS = 2_000;
/**
 * Measured (test/bench): left to itself V8 lets the heap grow far beyond what these processes need. There are many agents
 * and each has little to do; the control plane would spend a fifth of its time on collecting with their settings.
 */
const CONTROL_PLANE_NODE_ARGS = ['--max-semi-space-size=4'];
const AGENT_NODE_ARGS = ['--max-semi-space-size=1', '--optimize-for-size'];

export interface StartOptions {
  readonly folder: ClusterFolder;
  readonly record: ClusterRecord;
  /** Port to listen on by server; 0 takes a free one. */
  readonly ports: Readonly<Record<ServerName, number>>;
  readonly env: Readonly<Record<string, string>>;
}

/**
 * Starts the parts that do not run and gives the record with what came of it: ports and agent ids. Agents start beside
 * the control plane when the master's port is known, else as soon as the master listens. When anything fails, what was
 * started here is stopped again and the error (StartFailure) thrown.
 */
export const startParts = async (options: StartOptions): Promise<ClusterRecord> => {
  const { folder, record } = options;
  const started: { part: string; process: ProcessIdentity }[] = [];
  const start = (part: string, daemon: Daemon): Daemon => {
    started.push({ part, process: daemon.process });
    return daemon;
  };
  try {
    const controlPlane = serveControlPlane(options, start);
    const agents = await Promise.all([
      controlPlane.ready,
      ...record.agents.map((agent) => serveAgent(options, agent, controlPlane.master, start)),
    ]).then(([, ...served]) => served);
    const addresses = await controlPlane.ready;
    return { ...record, ports: { ...record.ports, ...portsOf(addresses) }, agents };
  } catch (error) {
    await Promise.all(
      started.map(async ({ part, process: identity }) => {
        await stopProcess(identity, { ask: 'SIGTERM', graceMs: UNDO_GRACE_MS });
        forgetRunning(folder, part);
      }),
    );
    throw error;
  }
};

type Addresses = Readonly<Record<string, string>>;
type Starter = (part: string, daemon: Daemon) => Daemon;

interface ControlPlane {
  /** URL of the master, as soon as it is known. */
  readonly master: Promise<string>;
  readonly ready: Promise<Addresses>;
}

const serveControlPlane = (options: StartOptions, start: Starter): ControlPlane => {
  const { folder, record, ports } = options;
  const running = findRunning(folder, CONTROL_PLANE);
  if (running?.addresses) {
    return {
      master: masterOf(Promise.resolve(running.addresses)),
      ready: Promise.resolve(running.addresses),
    };
  }
  const daemon = start(
    CONTROL_PLANE,
    startDaemon({
      folder,
      part: CONTROL_PLANE,
      program: 'control-plane',
      args: [
        ['--name', record.name],
        ['--id', record.id],
        ['--host', record.host],
        ['--state-dir', folder.controlPlaneFolder],
        ...SERVERS.map((server) => [`--${server}-port`, String(ports[server])]),
        ['--preemption', String(record.preemption ?? false)],
        ...aclsArguments(record),
        ['--tls', String(record.isSecured ?? false)],
        ...(record.hostnames ?? []).map((name) => ['--hostname', name]),
      ].flat(),
      env: options.env,
      nodeArgs: CONTROL_PLANE_NODE_ARGS,
    }),
  );
  const ready = daemon.ready.then(({ addresses }) => {
    noteRunning(folder, CONTROL_PLANE, { process: daemon.process, addresses });
    return addresses;
  });
  ready.catch(() => undefined);
  const master =
    ports.master > 0 ? Promise.resolve(urlAt(record, record.host, ports.master)) : masterOf(daemon.listening);
  return { master, ready };
};

const serveAgent = async (
  { folder, record, env }: StartOptions,
  agent: AgentRecord,
  master: Promise<string>,
  start: Starter,
): Promise<AgentRecord> => {
  const running = findRunning(folder, agent.name);
  if (running?.addresses) return agent;
  const daemon = start(
    agent.name,
    startDaemon({
      folder,
      part: agent.name,
      program: 'agent',
      args: [
        ['--name', agent.name],
        ['--master', await master],
        ['--cluster-id', record.id],
        ['--host', agent.host],
        ['--port', String(agent.port ?? 0)],
        ['--work-dir', folder.agentFolder(agent.name)],
        ['--resources', agent.resources],
        ...aclsArguments(record),
        record.agentArguments ?? [],
        ...(record.isSecured ? [['--join-token-file', joinTokenPath(folder.securityFolder)]] : []),
      ].flat(),
      env,
      nodeArgs: AGENT_NODE_ARGS,
    }),
  );
  const { addresses, agentId } = await daemon.ready;
  noteRunning(folder, agent.name, { process: daemon.process, addresses });
  const port = portOf(addresses.agent);
  return {
    ...agent,
    ...(port === undefined ? {} : { port }),
    ...(agentId === undefined ? {} : { id: agentId }),
  };
};

const aclsArguments = ({ acls }: ClusterRecord): string[][] => (acls === undefined ? [] : [['--acls', acls]]);

const masterOf = async (addresses: Promise<Addresses>): Promise<string> => {
  const { master } = await addresses;
  if (master === undefined) throw new StartFailure('The control plane did not say where its master listens');
  return master;
};

const portsOf = (addresses: Addresses): Partial<Record<ServerName, number>> =>
  Object.fromEntries(
    SERVERS.flatMap((server) => {
      const port = portOf(addresses[server]);
      return port === undefined ? [] : [[server, port]];
    }),
  );

const portOf = (url: string | undefined): number | undefined =>
  url === undefined ? undefined : Number(new URL(url).port);
