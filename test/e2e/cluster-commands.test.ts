import { readFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type ClusterAddresses, createPlenumHome, type PlenumHome } from '../support/plenum.ts';
import { waitFor } from '../support/wait-for.ts';

/** The README's tour of clusters, agents and quotas through the built executable; what is said without a cluster. */

interface App {
  id: string;
  instances: number;
  tasksRunning: number;
}

const LONG_MS = 120_000;
let home: PlenumHome;
let cluster: ClusterAddresses;

beforeAll(async () => {
  home = await createPlenumHome();
}, LONG_MS);

afterAll(() => home.remove(), LONG_MS);

const isUrl = (value: unknown): boolean =>
  typeof value === 'string' && /^http:\/\/127\.0\.0\.\d+:\d+/.test(value);

describe('without a cluster', () => {
  it.each([
    ['task list', ['task', 'list']],
    ['marathon app list', ['marathon', 'app', 'list']],
    ['package list', ['package', 'list']],
    ['node list', ['node', 'list']],
  ])('%s says in one line what to do and ends with 6', async (_name, args) => {
    const { code, stdout, stderr } = await home.run(args);
    expect({ code, stdout }).toEqual({ code: 6, stdout: '' });
    expect(stderr).toContain('plenum up');
    expect(stderr).toContain('plenum cluster setup');
    expect(stderr.trim().split('\n')).toHaveLength(1);
  });

  it('down ends with 3', async () => {
    const { code, stderr } = await home.run(['down']);
    expect(code).toBe(3);
    expect(stderr).toContain('no local cluster');
  });

  it('a command that there is not names the nearest and ends with 2', async () => {
    const { code, stderr } = await home.run(['marathon', 'app', 'lsit']);
    expect(code).toBe(2);
    expect(stderr).toContain('marathon app list');
  });

  it('a flag that there is not ends with 2', async () => {
    const { code, stderr } = await home.run(['up', '--agent', '3']);
    expect(code).toBe(2);
    expect(stderr).toContain('--agents');
  });

  it('--version prints it', async () => {
    expect(await home.must('--version')).toMatch(/^plenum version \d+\.\d+\.\d+\n$/);
  });
});

describe('up', () => {
  it('is ready when it returns, and tells where everything is', async () => {
    cluster = await home.up('--agents', '3');
    expect(cluster).toMatchObject({ name: 'local', pid: expect.any(Number) });
    for (const url of [cluster.gateway, cluster.master, cluster.marathon, cluster.dashboard]) {
      expect(isUrl(url), url).toBe(true);
    }
    expect(cluster.agents).toHaveLength(3);
    for (const agent of cluster.agents) {
      expect(agent).toEqual(expect.objectContaining({ id: expect.any(String), pid: expect.any(Number) }));
      expect(isUrl(agent.url)).toBe(true);
    }
    const nodes = await home.json<{ id: string }[]>('node', 'list');
    const ids = nodes.map(({ id }) => id);
    for (const { id } of cluster.agents) expect(ids).toContain(id);
    const services = await home.json<{ name: string; active: boolean }[]>('service', 'list');
    expect(services).toContainEqual(expect.objectContaining({ name: 'marathon', active: true }));
  });

  it('a second time is a conflict and ends with 4', async () => {
    const { code, stderr } = await home.run(['up']);
    expect(code).toBe(4);
    expect(stderr).toContain('is up already');
  });

  it('on a port that is taken ends with 4 and names it', async () => {
    const taken = createServer().listen(0, '127.0.0.1');
    await new Promise((resolve) => taken.once('listening', resolve));
    const address = taken.address();
    const port = typeof address === 'object' ? String(address?.port) : '';
    try {
      const { code, stderr } = await home.run(['up', '--name', 'other', '--port', port]);
      expect(code).toBe(4);
      expect(stderr).toContain(port);
      expect(stderr.trim().split('\n').length).toBeLessThanOrEqual(2);
    } finally {
      taken.close();
    }
  });

  it('in a folder that cannot be written to ends with 1 and names it', async () => {
    const obstacle = await home.write('obstacle', 'a file where a folder must be');
    const { code, stderr } = await home.run(['up'], { env: { PLENUM_HOME: join(obstacle, 'home') } });
    expect(code).toBe(1);
    expect(stderr).toContain('obstacle');
  });

  it('status tells people and programs the same', async () => {
    expect(await home.must('status')).toContain(cluster.gateway);
    const status = await home.json<{ name: string; state: string }>('status');
    expect(status).toMatchObject({ name: 'local', state: 'up' });
  });

  it('a second cluster lives beside the first and is stopped alone', async () => {
    const second = await home.up('--name', 'second', '--agents', '1');
    expect(second.gateway).not.toBe(cluster.gateway);
    const nodes = await home.json<{ id: string }[]>('node', 'list', '--cluster', 'second');
    expect(nodes.map(({ id }) => id)).toContain(second.agents[0]?.id);
    await home.must('down', '--name', 'second', '--purge');
    expect(await home.json('status', '--name', 'local')).toMatchObject({ state: 'up' });
    await home.must('cluster', 'attach', 'local');
  });
});

describe('quota', () => {
  it('create, get, list, update and delete', async () => {
    await home.must('quota', 'create', 'dev', '--cpu', '2', '--mem', '512');
    expect(await home.must('quota', 'get', 'dev')).toContain('dev');
    expect(JSON.stringify(await home.json('quota', 'list'))).toContain('dev');
    await home.must('quota', 'update', 'dev', '--cpu', '1');
    await home.must('quota', 'delete', 'dev');
    expect((await home.run(['quota', 'get', 'dev'])).code).toBe(3);
  });
});

describe('cluster', () => {
  it('setup, list, attach and remove keep the clusters', async () => {
    await home.must('cluster', 'setup', cluster.gateway, '--name', 'by-url');
    const clusters = await home.json<{ name: string; attached: boolean }[]>('cluster', 'list');
    expect(clusters).toContainEqual(expect.objectContaining({ name: 'by-url', attached: true }));
    expect((await home.json<object[]>('node', 'list')).length).toBeGreaterThanOrEqual(3);
    await home.must('cluster', 'remove', 'by-url');
    await home.must('cluster', 'attach', 'local');
    expect((await home.run(['cluster', 'attach', 'nope'])).code).toBe(3);
  });
});

const nodeStatus = async (id: string | undefined): Promise<string | undefined> => {
  const nodes = await home.json<{ id: string; drain_info?: { state: string } }[]>('node', 'list');
  return nodes.find((node) => node.id === id)?.drain_info?.state;
};

describe('node', () => {
  beforeAll(async () => {
    for (const [id, instances] of Object.entries({ '/web': 2, '/other': 1 })) {
      const app = { id, cmd: 'sleep 100000', cpus: 0.1, mem: 16, instances };
      await home.must('marathon', 'app', 'add', await home.write('app.json', app), '--wait');
    }
  }, LONG_MS);

  it('deactivate and reactivate take an agent out of use and back', async () => {
    const id = cluster.agents[0]?.id ?? '';
    await home.must('node', 'deactivate', id);
    expect(await home.must('node', 'list', '--mesos-id', id)).toContain('DEACTIVATED');
    await home.must('node', 'reactivate', id);
    expect((await home.run(['node', 'reactivate', id])).code).toBe(1);
    expect((await home.run(['node', 'decommission', 'nope'])).code).toBe(3);
  });

  it('drain --wait returns when its tasks have ended, and they run elsewhere', async () => {
    const id = cluster.agents[0]?.id ?? '';
    await home.must('node', 'drain', id, '--max-grace-period', '5s', '--wait');
    expect(await nodeStatus(id)).toBe('DRAINED');
    await waitFor('all tasks run elsewhere', async () => {
      const tasks = await home.json<{ slave_id: string }[]>('task', 'list');
      const apps = await home.json<App[]>('marathon', 'app', 'list');
      const isComplete = apps.every(({ instances, tasksRunning }) => instances === tasksRunning);
      return isComplete && tasks.every(({ slave_id }) => slave_id !== id);
    });
  });
});

describe('down and up again', () => {
  it('keep agents, ports and apps', async () => {
    await home.must('down');
    expect((await home.run(['task', 'list'])).code).toBe(6);
    expect((await home.run(['down'])).code).toBe(3);
    const again = await home.json<ClusterAddresses>('up');
    expect([again.gateway, again.master, again.marathon]).toEqual([
      cluster.gateway,
      cluster.master,
      cluster.marathon,
    ]);
    expect(again.agents.map(({ id }) => id)).toEqual(cluster.agents.map(({ id }) => id));
    await waitFor('the apps run again', async () => {
      const apps = await home.json<App[]>('marathon', 'app', 'list');
      return apps.length === 2 && apps.every(({ instances, tasksRunning }) => instances === tasksRunning);
    });
    expect(await nodeStatus(again.agents[0]?.id)).toBe('DRAINED');
    await home.must('node', 'reactivate', again.agents[0]?.id ?? '');
    expect(await nodeStatus(again.agents[0]?.id)).toBeUndefined();
  });

  it('down --purge forgets the cluster', async () => {
    await home.must('down', '--purge');
    expect((await home.run(['status'])).code).toBe(3);
    await expect(readFile(join(home.folder, 'local', 'local', 'cluster.json'))).rejects.toThrow();
  });
});
