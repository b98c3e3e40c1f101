import { type ChildProcess, fork, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { performance } from 'node:perf_hooks';
import type { Readable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import { request } from '../../../src/http/client.ts';
import { READINESS_DESCRIPTOR } from '../../../src/runtime/readiness.ts';
import type { ClusterSize } from './virtual-cluster.ts';

/** A process of its own, ended with `stop`. */
export interface BenchProcess {
  readonly pid: number;
  stop(): Promise<void>;
}

export interface AgentProcess extends BenchProcess {
  readonly folder: string;
  /** Removes its folder. */
  remove(): Promise<void>;
}

export interface MasterProcess extends BenchProcess {
  readonly url: string;
  /** `kill -9`, and the start of another one on the same port and registry; resolves when that one listens. */
  restart(): Promise<number>;
  /** Ends it and removes its folder. */
  remove(): Promise<void>;
}

export interface AgentsProcess extends BenchProcess {
  /** Resolves when all agents are registered, the next time that this happens. */
  registered(): Promise<void>;
  sendUpdates(count: number): void;
}

const daemon = join(process.cwd(), 'bin', 'plenum-daemon');

export const freePort = async (): Promise<number> => {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  return typeof address === 'object' && address ? address.port : 0;
};

/** A real master, alone in its process, with its registry on disk. */
export const startMasterProcess = async (nodeOptions: readonly string[] = []): Promise<MasterProcess> => {
  const folder = await mkdtemp(join(tmpdir(), 'plenum-bench-master-'));
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const start = async (): Promise<ChildProcess> => {
    const args = ['server', 'master', '--port', String(port), '--work-dir', folder];
    const child = spawn(process.execPath, [...nodeOptions, daemon, ...args], {
      stdio: ['ignore', 'ignore', 'inherit'],
      env: { ...process.env, NODE_EXTRA_CA_CERTS: '' },
    });
    await untilHealthy(url, child);
    return child;
  };
  let child = await start();
  const stop = (): Promise<void> => end(child, 'SIGTERM');
  return {
    get pid() {
      return child.pid ?? 0;
    },
    url,
    stop,
    restart: async () => {
      await end(child, 'SIGKILL');
      const died = performance.now();
      child = await start();
      return died;
    },
    remove: async () => {
      await stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
};

const untilHealthy = async (url: string, child: ChildProcess): Promise<void> => {
  while (child.exitCode === null) {
    const answer = await request({ url: `${url}/health` }).catch(() => undefined);
    if (answer?.status === 200) return;
    await new Promise((resolve) => setTimeout(resolve, 2));
  }
  throw new Error(`The master ended with ${child.exitCode}`);
};

/** A real agent in a process of its own, registered with the master. */
export const startAgentProcess = async (
  masterUrl: string,
  options: readonly string[] = [],
): Promise<AgentProcess> => {
  const folder = await mkdtemp(join(tmpdir(), 'plenum-bench-agent-'));
  const args = ['agent', '--master', masterUrl, '--work-dir', folder, ...options];
  const child = spawn(process.execPath, [daemon, ...args], {
    stdio: ['ignore', 'ignore', 'inherit', 'pipe'],
    env: { ...process.env, NODE_EXTRA_CA_CERTS: '', [READINESS_DESCRIPTOR]: '3' },
  });
  const [told] = await once(child.stdio[3] as Readable, 'data');
  if (!String(told).includes('"ready"')) throw new Error(`The agent is not ready: ${told}`);
  return {
    pid: child.pid ?? 0,
    folder,
    stop: () => end(child, 'SIGUSR2'),
    remove: () => rm(folder, { recursive: true, force: true }),
  };
};

/** The programs that run.mjs bundles beside this one. */
export const benchProgram = (name: string): string =>
  join(dirname(fileURLToPath(import.meta.url)), `${name}.mjs`);

/** All agents of a cluster, in one process. */
export const startAgents = (size: ClusterSize, url: string): AgentsProcess => {
  const child = fork(benchProgram('virtual-agents-main'), [JSON.stringify(size), new URL(url).port]);
  return {
    pid: child.pid ?? 0,
    stop: () => end(child, 'SIGKILL'),
    registered: async () => {
      await once(child, 'message');
    },
    sendUpdates: (count) => {
      child.send({ type: 'updates', count });
    },
  };
};

const end = async (child: ChildProcess, signal: NodeJS.Signals): Promise<void> => {
  if (child.exitCode !== null || child.signalCode !== null) return;
  child.kill(signal);
  await once(child, 'exit');
};

/** User and system time that a process has used so far, in milliseconds. */
export const cpuMsOf = async (pid: number): Promise<number> => {
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8');
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return (Number(fields[11]) + Number(fields[12])) * 10;
};
