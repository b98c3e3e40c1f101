import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach } from 'vitest';
import type { AgentOptions, RunningAgent } from '../../src/agent/agent-options.ts';
import { startAgent } from '../../src/agent/server.ts';
import { systemClock } from '../../src/runtime/clock.ts';
import { silentLog } from '../../src/runtime/log.ts';
import { systemRandom } from '../../src/runtime/random.ts';
import { type FakeMaster, startFakeMaster } from './fake-master.ts';

export const RESOURCES = 'cpus:8;mem:4096;disk:10000;ports:[31000-31999]';

export interface TestCluster {
  readonly folder: string;
  readonly master: FakeMaster;
  agent: RunningAgent;
  /** Stops the agent as SIGTERM does, and starts it again over the same folder. */
  restart(): Promise<void>;
}

const cleanUps: (() => Promise<unknown>)[] = [];

afterEach(async () => {
  for (const cleanUp of cleanUps.splice(0).reverse()) await cleanUp();
});

/** Has something undone when the test ends, the latest first. */
export const onTestEnd = (cleanUp: () => Promise<unknown>): void => {
  cleanUps.push(cleanUp);
};

export const temporaryFolder = async (): Promise<string> => {
  const folder = await mkdtemp(join(tmpdir(), 'plenum-agent-'));
  onTestEnd(() => rm(folder, { recursive: true, force: true, maxRetries: 5 }));
  return folder;
};

/** Has whatever still runs over a work folder ended with the test, also when it fails while no agent is there. */
export const endTasksOnTestEnd = (workDir: string, options: Partial<AgentOptions> = {}): void =>
  onTestEnd(async () => {
    const agent = await startAgent({
      masterUrls: [],
      workDir,
      resources: RESOURCES,
      version: '1.11.0',
      log: silentLog,
      clock: systemClock,
      random: systemRandom,
      ...options,
    });
    await agent.endTasks();
  });

/** An agent that is registered with a fake master; both end with the test, and so do all tasks. */
export const startTestCluster = async (options: Partial<AgentOptions> = {}): Promise<TestCluster> => {
  const folder = await temporaryFolder();
  const master = await startFakeMaster();
  onTestEnd(() => master.close());
  const start = async (): Promise<RunningAgent> => {
    const agent = await startAgent({
      masterUrls: [master.url],
      workDir: folder,
      resources: RESOURCES,
      version: '1.11.0',
      log: silentLog,
      clock: systemClock,
      random: systemRandom,
      ...options,
    });
    await agent.registered;
    return agent;
  };
  const cluster: TestCluster = {
    folder,
    master,
    agent: await start(),
    restart: async () => {
      await cluster.agent.close();
      cluster.agent = await start();
    },
  };
  onTestEnd(async () => cluster.agent.endTasks());
  return cluster;
};
