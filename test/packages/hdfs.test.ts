import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { request } from '../../src/http/client.ts';
import { type ClusterAddresses, createPlenumHome, type PlenumHome } from '../support/plenum.ts';
import { waitFor } from '../support/wait-for.ts';
import { killAll, processesWith } from './task-processes.ts';
import { webHdfs } from './webhdfs.ts';

/** Real Apache Hadoop through the built executable: what is written stays, whatever dies. */

interface Task {
  id: string;
  name: string;
  state: string;
  slave_id: string;
}

interface Slave {
  id: string;
  reserved_resources: Record<string, { disk?: number }>;
  reserved_resources_full: Record<string, { disk?: { persistence?: { id: string } } }[]>;
}

const ROLE = 'hdfs-role';
const NODES = ['data-0-node', 'data-1-node', 'data-2-node', 'name-0-node'];
/** More than one block's worth of packets, little enough for a small machine. */
const DATA = randomBytes(3 * 1024 * 1024);
const EVENTUALLY = { timeoutMs: 240_000, everyMs: 250 };

let home: PlenumHome;
let cluster: ClusterAddresses;

const get = async (url: string): Promise<{ status: number; text: string }> => {
  const { status, body } = await request({ url, headers: { Accept: 'application/json' } });
  return { status, text: body.toString('utf8') };
};

const service = (path: string): string => `${cluster.gateway}/service/hdfs${path}`;

const hdfs = webHdfs(async () => {
  const { status, text } = await get(service('/v1/endpoints/webhdfs'));
  if (status !== 200) throw new Error(`The service answered ${status}: ${text}`);
  return text.trim();
});

const nodes = async (): Promise<Map<string, Task>> => {
  const tasks = await home.json<Task[]>('task', 'list');
  return new Map(tasks.filter(({ name }) => NODES.includes(name)).map((task) => [task.name, task]));
};

const untilHealthy = (): Promise<true> =>
  waitFor(
    'hdfs is healthy',
    async () => (await get(service('/v1/health'))).status === 200 && true,
    EVENTUALLY,
  );

const volumes = async (): Promise<string[]> => {
  const { slaves } = JSON.parse((await get(`${cluster.master}/slaves`)).text) as { slaves: Slave[] };
  return slaves
    .flatMap(({ reserved_resources_full: full }) => full[ROLE] ?? [])
    .flatMap(({ disk }) => disk?.persistence?.id ?? [])
    .sort();
};

const schedulerIds = async (): Promise<string[]> =>
  (await home.json<Task[]>('task', 'list')).filter(({ name }) => name === 'hdfs').map(({ id }) => id);

const killNode = async (name: string): Promise<void> => {
  const schedulers = await schedulerIds();
  const id = (await nodes()).get(name)?.id ?? '';
  const pids = processesWith(`MESOS_TASK_ID=${id}`);
  expect(pids.length, `processes of ${name}`).toBeGreaterThan(0);
  killAll(pids);
  await waitFor(
    `${name} runs again`,
    async () => {
      const task = (await nodes()).get(name);
      return task !== undefined && task.id !== id && task.state === 'TASK_RUNNING';
    },
    EVENTUALLY,
  );
  await untilHealthy();
  expect(await schedulerIds(), 'the scheduler is not to blame').toEqual(schedulers);
};

beforeAll(async () => {
  home = await createPlenumHome();
  cluster = await home.up('--agents', '3');
});

afterAll(() => home.remove());

describe('hdfs', () => {
  it('is usable when package install --wait returns', async () => {
    await home.must('package', 'install', 'hdfs', '--yes', '--wait');
    expect((await get(service('/v1/health'))).status).toBe(200);
    expect(await hdfs.list('/')).toEqual([]);
    await hdfs.write('/data/first', DATA);
    expect((await hdfs.read('/data/first')).equals(DATA)).toBe(true);
  });

  it('runs a name node and three data nodes as tasks of a framework and a role of its own', async () => {
    expect([...(await nodes()).keys()].sort()).toEqual(NODES);
    const frameworks = await home.json<{ name: string; active: boolean; roles?: string[] }[]>(
      'service',
      'list',
    );
    expect(frameworks).toContainEqual(expect.objectContaining({ name: 'hdfs', active: true, roles: [ROLE] }));
    expect(await volumes()).toHaveLength(4);
    const dataNodes = [...(await nodes()).values()].filter(({ name }) => name.startsWith('data-'));
    expect(new Set(dataNodes.map(({ slave_id }) => slave_id)).size).toBe(3);
    expect(await hdfs.list('/data')).toEqual([
      expect.objectContaining({ pathSuffix: 'first', length: DATA.length, replication: 3 }),
    ]);
  });

  it('says where its clients find it', async () => {
    const coreSite = (await get(service('/v1/endpoints/core-site.xml'))).text;
    expect(coreSite).toMatch(/<name>fs.defaultFS<\/name><value>hdfs:\/\/[^<]+:\d+<\/value>/);
    expect((await get(service('/v1/endpoints/hdfs-site.xml'))).text).toContain('dfs.namenode.http-address');
    const plan = JSON.parse((await get(service('/v1/plans/deploy'))).text) as { status: string };
    expect(plan.status).toBe('COMPLETE');
  });

  it.each([['data-1-node'], ['name-0-node']])('keeps its data when %s is killed with -9', async (name) => {
    const before = await volumes();
    const others = [...(await nodes()).values()].filter((task) => task.name !== name).map(({ id }) => id);
    await killNode(name);
    expect((await hdfs.read('/data/first')).equals(DATA)).toBe(true);
    expect(await volumes()).toEqual(before);
    expect([...(await nodes()).values()].map(({ id }) => id)).toEqual(expect.arrayContaining(others));
  });

  it('keeps its data when its options are changed', async () => {
    const before = await nodes();
    const folders = await volumes();
    await home.must('package', 'update', 'hdfs', '--set', 'service.log_level=WARN', '--yes', '--wait');
    await untilHealthy();
    const after = await nodes();
    for (const name of NODES) expect(after.get(name)?.id, name).not.toBe(before.get(name)?.id);
    expect(await volumes()).toEqual(folders);
    expect((await hdfs.read('/data/first')).equals(DATA)).toBe(true);
  });

  it('goes on when its scheduler is killed with -9, and no node notices', async () => {
    const before = [...(await nodes()).values()].map(({ id }) => id).sort();
    const [scheduler] = await schedulerIds();
    killAll(processesWith(`MESOS_TASK_ID=${scheduler}`));
    await waitFor(
      'another scheduler runs',
      async () => {
        const tasks = await home.json<Task[]>('task', 'list');
        return tasks.some(
          ({ name, id, state }) => name === 'hdfs' && id !== scheduler && state === 'TASK_RUNNING',
        );
      },
      EVENTUALLY,
    );
    await untilHealthy();
    expect([...(await nodes()).values()].map(({ id }) => id).sort()).toEqual(before);
  });

  it('is there again with its data when everything was killed with -9 and the cluster is up again', async () => {
    const before = await volumes();
    await hdfs.write('/data/second', DATA);
    const pids = [cluster.pid, ...cluster.agents.map(({ pid }) => pid)];
    killAll(pids);
    // A process may have started another one in the meantime.
    await waitFor('nothing of it is left', () => {
      const tasks = processesWith(`MESOS_SANDBOX=${home.folder}`);
      killAll(tasks);
      return tasks.length === 0;
    });
    cluster = { ...cluster, ...(await home.json<ClusterAddresses>('up')) };
    await untilHealthy();
    for (const path of ['/data/first', '/data/second']) {
      expect((await hdfs.read(path)).equals(DATA), path).toBe(true);
    }
    expect(await volumes()).toEqual(before);
    expect([...(await nodes()).keys()].sort()).toEqual(NODES);
    const frameworks = await home.json<{ name: string }[]>('service', 'list');
    expect(frameworks.filter(({ name }) => name === 'hdfs')).toHaveLength(1);
    await hdfs.write('/data/third', DATA);
  });

  it('leaves nothing when it is uninstalled', async () => {
    const folders = await volumeFolders();
    expect(folders.length).toBe(4);
    await home.must('package', 'uninstall', 'hdfs', '--yes', '--wait');
    expect(await home.json('package', 'list')).toEqual([]);
    await waitFor('no node runs', async () => (await nodes()).size === 0, EVENTUALLY);
    await waitFor('nothing is reserved', async () => (await volumes()).length === 0, EVENTUALLY);
    const { slaves } = JSON.parse((await get(`${cluster.master}/slaves`)).text) as { slaves: Slave[] };
    expect(slaves.map(({ reserved_resources }) => reserved_resources[ROLE])).toEqual(
      slaves.map(() => undefined),
    );
    await waitFor('the data is gone', () => folders.every((folder) => !existsSync(folder)), EVENTUALLY);
    await waitFor(
      'no process is left',
      () => processesWith(`MESOS_SANDBOX=${home.folder}`).length === 0,
      EVENTUALLY,
    );
  });
});

/** Where the volumes lie. */
const volumeFolders = async (): Promise<string[]> => {
  const ids = await volumes();
  return ['agent-1', 'agent-2', 'agent-3'].flatMap((agent) =>
    ids
      .map((id) => join(home.folder, 'local', 'local', 'state', agent, 'volumes', 'roles', ROLE, id))
      .filter((folder) => existsSync(folder)),
  );
};
