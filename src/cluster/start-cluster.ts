import { type ClusterFolder, CONTROL_PLANE } from './cluster-folder.ts';
import { type AgentRecord, type ClusterRecord, SERVERS, type ServerName } from './cluster-record.ts';
import { StartFailure } from './daemon.ts';
import { choosePort, portRefused, preferPort } from './ports.ts';
import { findRunning } from './running-part.ts';
import { startParts } from './start-parts.ts';

/** Between the choice of a port and its use another program may take it; then another is chosen. */
const ATTEMPTS = 3;

const PREFERRED_PORTS: Readonly<Record<ServerName, number>> = {
  gateway: 7400,
  master: 5050,
  marathon: 8080,
  packages: 7070,
};
/** Agents that share an address count on from here. */
const PREFERRED_AGENT_PORT = 5051;
const LOOPBACK = '127.0.0.1';

/** The flag of `plenum up` that chooses a server's port. */
export const PORT_FLAGS: Readonly<Record<ServerName, string>> = {
  gateway: '--port',
  master: '--master-port',
  marathon: '--marathon-port',
  packages: '--packages-port',
};

/** Ports that must be had; 0 takes a free one. */
export type AskedPorts = Readonly<Partial<Record<ServerName, number | undefined>>>;

export interface StartClusterOptions {
  readonly folder: ClusterFolder;
  readonly record: ClusterRecord;
  readonly asked: AskedPorts;
  readonly env: Readonly<Record<string, string>>;
}

/**
 * Starts the parts that do not run. Ports that were asked for or had before must be had; for the others the usual ones
 * are taken when they are free. Throws ClusterError when a port that must be had is taken, StartFailure otherwise.
 */
export const startCluster = async (options: StartClusterOptions): Promise<ClusterRecord> => {
  const { folder, record, asked, env } = options;
  for (let attempt = 1; ; attempt++) {
    const ports = await choosePorts(options);
    const agents = await Promise.all(
      record.agents.map((agent, index) => withUsablePort(folder, agent, index)),
    );
    try {
      return await startParts({ folder, record: { ...record, agents }, ports, env });
    } catch (error) {
      if (!(error instanceof StartFailure) || error.code !== 'EADDRINUSE' || error.port === undefined)
        throw error;
      const refused = SERVERS.find((server) => ports[server] === error.port);
      if (refused && (asked[refused] ?? record.ports[refused]) !== undefined) {
        throw portRefused({ part: refused, flag: PORT_FLAGS[refused], host: record.host }, error.port, error);
      }
      if (attempt === ATTEMPTS) throw error;
    }
  }
};

/** An agent may move to another port: nobody but the master asks for it, and it tells the master. */
const withUsablePort = async (
  folder: ClusterFolder,
  agent: AgentRecord,
  index: number,
): Promise<AgentRecord> => {
  if (findRunning(folder, agent.name)?.addresses) return agent;
  const wanted = agent.port ?? PREFERRED_AGENT_PORT + (agent.host === LOOPBACK ? index : 0);
  return { ...agent, port: await preferPort(agent.host, wanted) };
};

const choosePorts = async ({
  folder,
  record: { host, ports: kept },
  asked,
}: StartClusterOptions): Promise<Record<ServerName, number>> => {
  const isRunning = findRunning(folder, CONTROL_PLANE) !== undefined;
  const chosen = await Promise.all(
    SERVERS.map(async (server) => {
      const wish = {
        part: server,
        flag: PORT_FLAGS[server],
        host,
        asked: asked[server],
        kept: kept[server],
        preferred: PREFERRED_PORTS[server],
      };
      return [server, isRunning ? (kept[server] ?? 0) : await choosePort(wish)] as const;
    }),
  );
  return Object.fromEntries(chosen) as Record<ServerName, number>;
};
