import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach } from 'vitest';
import type { AgentOptions, RunningAgent } from '../../../src/agent/agent-options.ts';
import { startAgent } from '../../../src/agent/server.ts';
import type { MasterOptions, RunningMaster } from '../../../src/master/server.ts';
import { startMaster } from '../../../src/master/server.ts';
import { systemClock } from '../../../src/runtime/clock.ts';
import { silentLog } from '../../../src/runtime/log.ts';
import { systemRandom } from '../../../src/runtime/random.ts';
import { memoryStore } from '../../../src/store/memory-store.ts';

const cleanUps: (() => Promise<unknown>)[] = [];

afterEach(async () => {
  for (const cleanUp of cleanUps.splice(0).reverse()) await cleanUp();
});

/** Has something undone when the test ends, the latest first. */
export const onTestEnd = (cleanUp: () => Promise<unknown>): void => {
  cleanUps.push(cleanUp);
};

export interface TestMaster {
  master: RunningMaster;
  readonly url: string;
  /** Stops it, and starts another one on the same port and registry. */
  restart(): Promise<void>;
}

/** A real master on a port of its own, with the registry in memory. */
export const startTestMaster = async (options: Partial<MasterOptions> = {}): Promise<TestMaster> => {
  const store = memoryStore();
  const start = (port: number): Promise<RunningMaster> =>
    startMaster({
      store,
      port,
      version: '1.11.0',
      log: silentLog,
      clock: systemClock,
      random: systemRandom,
      ...options,
    });
  const test: TestMaster = {
    master: await start(0),
    get url() {
      return test.master.url;
    },
    restart: async () => {
      const { port } = test.master;
      await test.master.close();
      test.master = await start(port);
    },
  };
  onTestEnd(() => test.master.close());
  return test;
};

export interface TestAgent {
  agent: RunningAgent;
  readonly folder: string;
  /** Stops it; its tasks go on; and starts it again over the same folder. */
  restart(): Promise<void>;
}

/** A real agent, registered with the master; it and its tasks end with the test. */
export const startTestAgent = async (
  masterUrl: string,
  options: Partial<AgentOptions> = {},
): Promise<TestAgent> => {
  const folder = await mkdtemp(join(tmpdir(), 'plenum-master-'));
  onTestEnd(() => rm(folder, { recursive: true, force: true, maxRetries: 5 }));
  const start = async (): Promise<RunningAgent> => {
    const agent = await startAgent({
      masterUrls: [masterUrl],
      workDir: folder,
      resources: 'cpus:8;mem:4096;disk:10000;ports:[31000-31999]',
      version: '1.11.0',
      log: silentLog,
      clock: systemClock,
      random: systemRandom,
      ...options,
    });
    await agent.registered;
    return agent;
  };
  const test: TestAgent = {
    agent: await start(),
    folder,
    restart: async () => {
      await test.agent.close();
      test.agent = await start();
    },
  };
  onTestEnd(() => test.agent.endTasks());
  return test;
};
