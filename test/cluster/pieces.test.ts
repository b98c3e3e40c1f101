import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { firstTaskPort, type Machine, planAgents } from '../../src/cluster/agent-plan.ts';
import { ClusterError } from '../../src/cluster/cluster-error.ts';
import { type ClusterFolder, clusterFolder, localClusterNames } from '../../src/cluster/cluster-folder.ts';
import { type ClusterRecord, readRecord, writeRecord } from '../../src/cluster/cluster-record.ts';
import { down } from '../../src/cluster/down.ts';
import { endLeftoverTasks, findTaskProcesses } from '../../src/cluster/leftover-tasks.ts';
import { lockCluster } from '../../src/cluster/lock.ts';
import { planCluster } from '../../src/cluster/plan-cluster.ts';
import { choosePort, preferPort } from '../../src/cluster/ports.ts';
import { identify, isAlive } from '../../src/cluster/process-identity.ts';
import { findRunning, noteRunning, runningPartNames } from '../../src/cluster/running-part.ts';
import { allClusters, clusterStatus } from '../../src/cluster/status.ts';
import { seededRandom } from '../../src/runtime/random.ts';

const machine: Machine = {
  cores: 2,
  memoryBytes: 8 * 2 ** 30,
  freeDiskBytes: 100 * 2 ** 30,
  hasManyLoopbacks: true,
};

const record: ClusterRecord = {
  format: 1,
  name: 'test',
  id: '1b6a6c1e-9a53-4a0e-8f4e-3d1f6a2b7c90',
  host: '127.0.0.1',
  ports: { gateway: 7400, master: 5050 },
  agents: [
    { name: 'agent-1', host: '127.0.0.1', port: 5051, id: 'm-S0', resources: 'cpus:1;ports:[10000-10999]' },
  ],
};

let home: string;
let folder: ClusterFolder;

beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), 'plenum-cluster-'));
  folder = clusterFolder(home, 'test');
  await mkdir(folder.path, { recursive: true });
});

afterEach(() => rm(home, { recursive: true, force: true }));

const startSleep = async (env: NodeJS.ProcessEnv = {}) => {
  const child = spawn('sleep', ['1000'], { env: { ...process.env, ...env }, stdio: 'ignore' });
  await once(child, 'spawn');
  const identity = identify(child.pid ?? 0);
  if (!identity) throw new Error('sleep did not start');
  return { child, identity };
};

const kindOf = (action: () => unknown): string => {
  try {
    action();
  } catch (error) {
    if (error instanceof ClusterError) return error.kind;
    throw error;
  }
  return 'done';
};

describe('the identity of a process', () => {
  it('is its number and its start, so that another one of that number is another process', async () => {
    const { child, identity } = await startSleep();
    expect(isAlive(identity)).toBe(true);
    expect(isAlive({ pid: identity.pid, began: 'long ago' })).toBe(false);
    child.kill('SIGKILL');
    await once(child, 'exit');
    expect(isAlive(identity)).toBe(false);
    expect(identify(identity.pid)).toBeUndefined();
  });
});

describe('a cluster’s folder', () => {
  it.each(['', '.', '..', 'a/b', '-a', 'a-', 'x'.repeat(64), 'a b'])('refuses the name %j', (name) => {
    expect(kindOf(() => clusterFolder(home, name))).toBe('usage');
  });

  it('lists the clusters of a home, and none of one that is not there', () => {
    expect(localClusterNames(home)).toEqual(['test']);
    expect(localClusterNames(join(home, 'nowhere'))).toEqual([]);
  });
});

describe('the record', () => {
  it('is read back as it was written', () => {
    expect(readRecord(folder)).toBeUndefined();
    writeRecord(folder, record);
    expect(readRecord(folder)).toEqual(record);
  });

  it.each(['{', '[]', '{"format":2}', JSON.stringify({ ...record, ports: { gateway: 'x' } })])(
    'is called damaged when it is %s',
    async (text) => {
      await writeFile(folder.recordFile, text);
      expect(() => readRecord(folder)).toThrow(/The record of cluster test is damaged: .*cluster\.json/);
    },
  );
});

describe('the lock', () => {
  it('keeps a second operation out until the first lets go', () => {
    const unlock = lockCluster(folder);
    expect(kindOf(() => lockCluster(folder))).toBe('conflict');
    unlock();
    lockCluster(folder)();
  });

  it('counts for nothing once its process is dead', async () => {
    await writeFile(folder.lockFile, JSON.stringify({ pid: process.pid, began: 'long ago' }));
    lockCluster(folder)();
    await writeFile(folder.lockFile, 'rubbish');
    lockCluster(folder)();
    expect((await readdir(folder.path)).filter((name) => name.startsWith('lock'))).toEqual([]);
  });
});

describe('ports', () => {
  let taken: Server;
  let port: number;

  beforeEach(async () => {
    taken = createServer().listen(0, '127.0.0.1');
    await once(taken, 'listening');
    const address = taken.address();
    port = typeof address === 'object' && address ? address.port : 0;
  });

  afterEach(() => {
    taken.close();
  });

  const wish = { part: 'master', flag: '--master-port', host: '127.0.0.1', preferred: 1 };

  it('that are preferred give way when they are taken', async () => {
    expect(await preferPort('127.0.0.1', port)).toBe(0);
    expect(await choosePort({ ...wish, preferred: port })).toBe(0);
  });

  it('that were asked for must be had', async () => {
    await expect(choosePort({ ...wish, asked: port })).rejects.toMatchObject({
      kind: 'conflict',
      message: `Port ${port} of 127.0.0.1, wanted by master, is taken by another program`,
    });
    expect(await choosePort({ ...wish, asked: 0, kept: port })).toBe(0);
  });

  it('that were had before are waited for, as a killed process holds them for a moment', async () => {
    const choosing = choosePort({ ...wish, kept: port });
    taken.close();
    expect(await choosing).toBe(port);
  });

  it('that were had before and stay taken are a conflict', async () => {
    await expect(choosePort({ ...wish, kept: port })).rejects.toMatchObject({ kind: 'conflict' });
  });
});

describe('planning agents', () => {
  const plan = (count: number, overrides = {}) =>
    planAgents({
      existing: [],
      count,
      size: {},
      machine,
      host: '127.0.0.1',
      takenRanges: new Set(),
      random: seededRandom(1).next,
      ...overrides,
    });

  it('gives each the whole machine, an address and a port range of its own', () => {
    const agents = plan(3);
    expect(agents.map(({ name, host }) => [name, host])).toEqual([
      ['agent-1', '127.0.0.1'],
      ['agent-2', '127.0.0.2'],
      ['agent-3', '127.0.0.3'],
    ]);
    for (const agent of agents) {
      expect(agent.resources).toMatch(/^cpus:4;mem:6144;disk:92160;ports:\[\d{5}-\d{5}\]$/);
    }
    expect(new Set(agents.map(firstTaskPort)).size).toBe(3);
  });

  it('keeps out of ranges that others hold as long as any other is left', () => {
    const takenRanges = new Set(Array.from({ length: 21 }, (_unused, index) => 10_000 + index * 1_000));
    expect(plan(1, { takenRanges }).map(firstTaskPort)).toEqual([31_000]);
    expect(plan(40)).toHaveLength(40);
  });

  it('takes sizes that were given, and shares one address where there is only one', () => {
    const agents = plan(2, {
      size: { cpus: 0.5, memMiB: 512, diskMiB: 1024 },
      machine: { ...machine, hasManyLoopbacks: false },
    });
    expect(agents[1]?.resources).toMatch(/^cpus:0\.5;mem:512;disk:1024;/);
    expect(agents[1]?.host).toBe('127.0.0.1');
  });
});

describe('planning a cluster', () => {
  const plan = (overrides: Partial<Parameters<typeof planCluster>[0]> = {}) =>
    planCluster({
      name: 'test',
      existing: undefined,
      agents: undefined,
      preemption: undefined,
      size: {},
      machine,
      otherClusters: [],
      newId: () => 'new-id',
      random: seededRandom(1).next,
      ...overrides,
    });

  it('keeps whether tasks are killed for guarantees until it is told otherwise', () => {
    expect(plan()).not.toHaveProperty('preemption');
    const existing = plan({ preemption: true });
    expect(plan({ existing }).preemption).toBe(true);
    expect(plan({ existing, preemption: false }).preemption).toBe(false);
  });

  it('makes a new one with three agents', () => {
    expect(plan()).toMatchObject({ name: 'test', id: 'new-id', ports: {} });
    expect(plan().agents).toHaveLength(3);
  });

  it('leaves one that exists as it is', () => {
    expect(plan({ existing: record })).toEqual(record);
  });

  it('adds agents and changes none', () => {
    const { agents, id } = plan({ existing: record, agents: 2, size: { cpus: 8 } });
    expect(id).toBe(record.id);
    expect(agents[0]).toEqual(record.agents[0]);
    expect(agents[1]).toMatchObject({ name: 'agent-2', host: '127.0.0.2' });
    expect(agents[1]?.resources).toContain('cpus:8;');
  });

  it.each([
    [
      'fewer agents than there are',
      { existing: { ...record, agents: [...record.agents, ...record.agents] }, agents: 1 },
      'conflict',
    ],
    ['another size of the agents that are there', { existing: record, size: { cpus: 1 } }, 'conflict'],
    ['no agent', { agents: 0 }, 'usage'],
    ['half an agent', { agents: 1.5 }, 'usage'],
    ['too many agents', { agents: 65 }, 'usage'],
  ])('refuses %s', (_what, overrides, kind) => {
    expect(kindOf(() => plan(overrides))).toBe(kind);
  });
});

describe('what runs', () => {
  it('is what was noted and still lives', async () => {
    writeRecord(folder, record);
    expect(clusterStatus(home, 'test')).toMatchObject({
      state: 'stopped',
      agents: [{ name: 'agent-1', id: 'm-S0' }],
    });
    const { child, identity } = await startSleep();
    noteRunning(folder, 'control-plane', { process: identity, addresses: { gateway: 'http://127.0.0.1:1' } });
    noteRunning(folder, 'agent-1', { process: identity });
    const status = clusterStatus(home, 'test');
    expect(status).toMatchObject({ state: 'degraded', pid: identity.pid });
    expect(status.addresses).toEqual({ gateway: 'http://127.0.0.1:1', master: 'http://127.0.0.1:5050' });
    noteRunning(folder, 'agent-1', { process: identity, addresses: { agent: 'http://127.0.0.1:2' } });
    expect(clusterStatus(home, 'test').state).toBe('up');
    expect(runningPartNames(folder).sort()).toEqual(['agent-1', 'control-plane']);
    child.kill('SIGKILL');
    await once(child, 'exit');
    expect(allClusters(home).map(({ state }) => state)).toEqual(['stopped']);
    expect(findRunning(folder, 'agent-1')).toBeUndefined();
  });

  it('is not found when there is no such cluster', () => {
    expect(kindOf(() => clusterStatus(home, 'other'))).toBe('not-found');
  });
});

describe.runIf(process.platform === 'linux')('tasks whose agent is dead', () => {
  it('are found by their sandbox and ended, and nothing else is', async () => {
    const task = await startSleep({ MESOS_SANDBOX: join(folder.path, 'state', 'agent-1', 'runs', '1') });
    const neighbour = await startSleep({ MESOS_SANDBOX: join(`${folder.path}-other`, 'runs', '1') });
    expect(findTaskProcesses(folder.path)).toEqual([task.identity]);
    const ended = once(task.child, 'exit');
    expect(await endLeftoverTasks(folder.path)).toBe(1);
    await ended;
    expect(isAlive(neighbour.identity)).toBe(true);
    neighbour.child.kill('SIGKILL');
  });
});

describe('down', () => {
  it('says that nothing is up, or that there is no such cluster', async () => {
    writeRecord(folder, record);
    await expect(down({ home, name: 'test', isPurge: false })).rejects.toMatchObject({
      kind: 'not-found',
      message: 'Cluster test is not up',
    });
    await expect(down({ home, name: 'none', isPurge: false })).rejects.toMatchObject({ kind: 'not-found' });
  });

  it('stops what was started, and with --purge forgets the rest', async () => {
    writeRecord(folder, record);
    const { identity } = await startSleep();
    noteRunning(folder, 'agent-1', { process: identity, addresses: {} });
    expect(await down({ home, name: 'test', isPurge: false })).toEqual({
      name: 'test',
      stopped: ['agent-1'],
      isPurged: false,
    });
    expect(isAlive(identity)).toBe(false);
    expect(readRecord(folder)).toEqual(record);
    await down({ home, name: 'test', isPurge: true });
    expect(localClusterNames(home)).toEqual([]);
  });
});
