import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import type { AgentOptions, RunningAgent } from '../../src/agent/agent-options.ts';
import { startAgent } from '../../src/agent/server.ts';
import { request } from '../../src/http/client.ts';
import type { MasterOptions, RunningMaster } from '../../src/master/server.ts';
import { startMaster } from '../../src/master/server.ts';
import { MESOS_VERSION } from '../../src/mesos/mesos-version.ts';
import { systemClock } from '../../src/runtime/clock.ts';
import { silentLog } from '../../src/runtime/log.ts';
import { systemRandom } from '../../src/runtime/random.ts';
import { memoryStore } from '../../src/store/memory-store.ts';
import { waitFor } from '../support/wait-for.ts';

const common = { version: MESOS_VERSION, log: silentLog, clock: systemClock, random: systemRandom };

/** A master and an agent with the flags of the captured ones, each started when the test says so. */
export interface GoldenCluster {
  readonly masterUrl: string;
  readonly agentUrl: string;
  readonly workDir: string;
  readonly user: string;
  startMaster(): Promise<void>;
  startAgent(): Promise<void>;
  /** Ends the master; with its registry it starts again on the same port. */
  stopMaster(): Promise<void>;
  /** Resolves once the agent was told to stop for good, and has ended its tasks. */
  agentEnded(): Promise<void>;
  /** Ends the agent as SIGTERM does; its tasks go on. */
  stopAgent(): Promise<void>;
  /** The id that the master chose at its start. */
  masterId(): Promise<string>;
  /** Ends everything, tasks too. */
  close(): Promise<void>;
}

export const createCluster = async (
  options: { readonly master?: Partial<MasterOptions>; readonly agent?: Partial<AgentOptions> } = {},
): Promise<GoldenCluster> => {
  const workDir = await mkdtemp(join(tmpdir(), 'plenum-conformance-'));
  const store = memoryStore();
  let master: RunningMaster | undefined;
  let agent: RunningAgent | undefined;
  let masterPort = 0;
  let agentPort = 0;

  const launchAgent = (): Promise<RunningAgent> =>
    startAgent({
      ...common,
      workDir,
      port: agentPort,
      masterUrls: [cluster.masterUrl],
      hostname: 'localhost',
      resources: 'cpus:4;mem:8192;disk:20000;ports:[31000-32000]',
      attributes: 'rack:r1',
      executorReregistrationTimeoutMs: 2000,
      isolation: 'posix/cpu,posix/mem,filesystem/posix',
      ...options.agent,
    });

  const cluster: GoldenCluster = {
    get masterUrl() {
      return `http://127.0.0.1:${masterPort}`;
    },
    get agentUrl() {
      return `http://127.0.0.1:${agentPort}`;
    },
    workDir,
    user: userInfo().username,
    startMaster: async () => {
      master = await startMaster({
        ...common,
        store,
        port: masterPort,
        hostnames: ['localhost'],
        clusterName: 'golden',
        ...options.master,
      });
      masterPort = master.port;
    },
    startAgent: async () => {
      agent = await launchAgent();
      agentPort = agent.port;
      await agent.registered;
    },
    stopMaster: async () => {
      await master?.close();
      master = undefined;
    },
    agentEnded: async () => {
      await agent?.ended;
    },
    stopAgent: async () => {
      await agent?.close();
      agent = undefined;
    },
    // Connections of before a restart may still be in the pool, and fail.
    masterId: () =>
      waitFor('the master', async () => {
        const { body } = await request({ url: `${cluster.masterUrl}/state` });
        return (JSON.parse(body.toString('utf8')) as { id: string }).id;
      }),
    close: async () => {
      // An agent that a failed walk left stopped may still have tasks.
      if (agentPort !== 0) await (agent ?? (await launchAgent())).endTasks();
      await master?.close();
      await rm(workDir, { recursive: true, force: true, maxRetries: 5 });
    },
  };
  return cluster;
};
