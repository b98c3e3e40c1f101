import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type ClusterAddresses, createPlenumHome, type PlenumHome } from '../support/plenum.ts';
import { waitFor } from '../support/wait-for.ts';

/** Every command of the README's tour through the built executable, against a cluster of its own. */

interface App {
  id: string;
  instances: number;
  tasksRunning: number;
  cmd: string;
  version: string;
}

interface Task {
  id: string;
  name: string;
  state: string;
}

let home: PlenumHome;
let cluster: ClusterAddresses;

beforeAll(async () => {
  home = await createPlenumHome();
});

afterAll(() => home.remove());

const file = async (name: string, content: object | string): Promise<string> => {
  const path = join(home.folder, name);
  await writeFile(path, typeof content === 'string' ? content : JSON.stringify(content));
  return path;
};

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
    const obstacle = await file('obstacle', 'a file where a folder must be');
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

describe('marathon', () => {
  it('app add takes a file, waits until it runs, and shows it', async () => {
    const app = await file('web.json', {
      id: '/web',
      cmd: 'echo hello from $MESOS_TASK_ID; exec sleep 100000',
      cpus: 0.1,
      mem: 16,
      instances: 2,
    });
    await home.must('marathon', 'app', 'add', app, '--wait');
    const shown = await home.json<App>('marathon', 'app', 'show', '/web');
    expect(shown).toMatchObject({ id: '/web', instances: 2, tasksRunning: 2 });
    const listed = await home.json<App[]>('marathon', 'app', 'list');
    expect(listed.map(({ id }) => id)).toEqual(['/web']);
    expect(await home.must('marathon', 'app', 'list')).toMatch(/^\s*ID .*\n\s*\/web /);
  });

  it('app add takes standard input, and refuses a second app of the same id with 4', async () => {
    const definition = JSON.stringify({ id: '/piped', cmd: 'sleep 100000', cpus: 0.1, mem: 16 });
    expect((await home.run(['marathon', 'app', 'add', '--wait'], { input: definition })).code).toBe(0);
    const again = await home.run(['marathon', 'app', 'add'], { input: definition });
    expect(again.code).toBe(4);
    expect(again.stderr).toContain('/piped');
  });

  it('app add names the field that is wrong', async () => {
    const { code, stderr } = await home.run(['marathon', 'app', 'add'], {
      input: JSON.stringify({ id: '/bad', cmd: 'true', instances: -1 }),
    });
    expect(code).toBe(1);
    expect(stderr).toContain('/instances');
  });

  it('app add names line and column of what is no JSON', async () => {
    const broken = await file('broken.json', '{\n  "id": "/x",\n  "cmd": }\n');
    const { code, stderr } = await home.run(['marathon', 'app', 'add', broken]);
    expect(code).not.toBe(0);
    expect(stderr).toMatch(/broken\.json:3:\d+/);
  });

  it('app update, scale, stop, start and restart change what runs', async () => {
    await home.must('marathon', 'app', 'update', '/web', 'mem=24', '--wait');
    expect(await home.json('marathon', 'app', 'show', '/web')).toMatchObject({ mem: 24, tasksRunning: 2 });
    await home.must('marathon', 'app', 'scale', '/web', '4', '--wait');
    expect(await home.json('marathon', 'app', 'show', '/web')).toMatchObject({ tasksRunning: 4 });
    await home.must('marathon', 'app', 'stop', '/web', '--wait');
    expect(await home.json('marathon', 'app', 'show', '/web')).toMatchObject({
      instances: 0,
      tasksRunning: 0,
    });
    await home.must('marathon', 'app', 'start', '/web', '2', '--wait');
    const before = await home.json<Task[]>('task', 'list', 'web');
    await home.must('marathon', 'app', 'restart', '/web', '--wait');
    const after = await home.json<Task[]>('task', 'list', 'web');
    expect(after).toHaveLength(2);
    expect(after.filter(({ id }) => before.some((task) => task.id === id))).toEqual([]);
  });

  it('app kill has the tasks replaced', async () => {
    const before = await home.json<Task[]>('task', 'list', 'piped');
    await home.must('marathon', 'app', 'kill', '/piped');
    await waitFor('another task runs', async () => {
      const tasks = await home.json<Task[]>('task', 'list', 'piped');
      return tasks.length === 1 && tasks[0]?.id !== before[0]?.id;
    });
  });

  it('deployment list shows what is under way, watch ends with it', async () => {
    const waiting = JSON.stringify({ id: '/waiting', cmd: 'sleep 100000', cpus: 1_000, mem: 16 });
    expect((await home.run(['marathon', 'app', 'add'], { input: waiting })).code).toBe(0);
    const [deployment] = await home.json<{ id: string; affectedApps: string[] }[]>(
      'marathon',
      'deployment',
      'list',
    );
    expect(deployment?.affectedApps).toEqual(['/waiting']);
    const timedOut = await home.run([
      'marathon',
      'deployment',
      'watch',
      deployment?.id ?? '',
      '--timeout',
      '1',
    ]);
    expect(timedOut.code).toBe(7);
    expect(timedOut.stderr).toMatch(/cpus/);
    await home.must('marathon', 'app', 'remove', '/waiting', '--force');
    await waitFor(
      'no deployment',
      async () => (await home.json<[]>('marathon', 'deployment', 'list')).length === 0,
    );
  });

  it('app show of an app that there is not ends with 3', async () => {
    const { code, stderr } = await home.run(['marathon', 'app', 'show', '/nope']);
    expect(code).toBe(3);
    expect(stderr).toContain('/nope');
  });
});

describe('task', () => {
  it('list, log and ls show tasks, their output and their files', async () => {
    const tasks = await home.json<Task[]>('task', 'list');
    expect(tasks.map(({ state }) => state)).toEqual(tasks.map(() => 'TASK_RUNNING'));
    const id = tasks.find(({ name }) => name === 'web')?.id ?? '';
    expect(await home.must('task', 'log', id)).toContain(`hello from ${id}`);
    expect(await home.must('task', 'ls', id)).toMatch(/stdout/);
    expect(await home.must('task', 'list')).toContain(id);
  });

  it('log --follow prints what is written from now on, until the task ends', async () => {
    const door = join(home.folder, 'door');
    const cmd = `until test -e ${door}; do sleep 0.05; done; echo opened; sleep 100000`;
    const added = await home.run(['marathon', 'app', 'add', '--wait'], {
      input: JSON.stringify({ id: '/follow', cmd, cpus: 0.1, mem: 16 }),
    });
    expect(added.code, added.stderr).toBe(0);
    const followed = home.run(['task', 'log', '--follow', 'follow']);
    await mkdir(door);
    const [task] = await home.json<Task[]>('task', 'list', 'follow');
    await waitFor('it is written', async () =>
      (await home.must('task', 'log', task?.id ?? '')).includes('opened'),
    );
    await home.must('marathon', 'app', 'remove', '/follow');
    expect((await followed).stdout).toContain('opened');
  });
});

describe('package', () => {
  it('search, describe and render read the universe', async () => {
    const found = await home.json<{ packages: { name: string }[] }>('package', 'search', 'hdfs');
    expect(found.packages.map(({ name }) => name)).toContain('hdfs');
    const config = JSON.parse(await home.must('package', 'describe', 'hdfs', '--config')) as {
      properties: object;
    };
    expect(Object.keys(config.properties)).toContain('service');
    const options = await file('render.json', { service: { name: 'my-hdfs' } });
    const rendered = JSON.parse(await home.must('package', 'render', 'hdfs', `--options=${options}`)) as App;
    expect(rendered.id).toBe('/my-hdfs');
  });

  it('install refuses options that the schema forbids, and names every one', async () => {
    const options = await file('bad.json', { service: { name: 7, unheard: true } });
    const { code, stderr } = await home.run([
      'package',
      'install',
      'hello-world',
      `--options=${options}`,
      '--yes',
    ]);
    expect(code).toBe(1);
    expect(stderr).toContain('/service/name');
    expect(stderr).toContain('unheard');
    expect(await home.json('package', 'list')).toEqual([]);
  });

  it('install --wait returns when the service is usable; uninstall takes all of it away', async () => {
    await home.must('package', 'install', 'hello-world', '--yes', '--wait');
    const installed = await home.json<{ name: string; appId: string }[]>('package', 'list');
    expect(installed).toEqual([expect.objectContaining({ name: 'hello-world' })]);
    const services = await home.json<{ name: string; active: boolean }[]>('service', 'list');
    expect(services).toContainEqual(expect.objectContaining({ name: 'hello-world', active: true }));
    const tasks = await home.json<Task[]>('task', 'list', 'hello');
    expect(tasks.length).toBeGreaterThan(1);

    await home.must('package', 'uninstall', 'hello-world', '--yes', '--wait');
    expect(await home.json('package', 'list')).toEqual([]);
    await waitFor(
      'nothing of it runs',
      async () => (await home.json<Task[]>('task', 'list', 'hello')).length === 0,
    );
    const slaves = await home.must('node', 'list', '--json');
    expect(slaves).not.toContain('hello-world-role');
  });

  it('install of a package that there is not ends with 3', async () => {
    const { code, stderr } = await home.run(['package', 'install', 'nope', '--yes']);
    expect(code).toBe(3);
    expect(stderr).toContain('nope');
  });

  it('repo add, list and remove keep the repositories, in order', async () => {
    const folder = join(home.folder, 'universe');
    const revision = join(folder, 'repo', 'packages', 'M', 'mine', '0');
    await mkdir(revision, { recursive: true });
    await mkdir(join(folder, 'repo', 'meta'), { recursive: true });
    await writeFile(
      join(revision, 'package.json'),
      JSON.stringify({
        packagingVersion: '4.0',
        name: 'mine',
        version: '1',
        description: 'An own package',
        maintainer: 'me@example.com',
        tags: ['own'],
      }),
    );
    await writeFile(
      join(revision, 'marathon.json.mustache'),
      '{"id": "mine", "cmd": "sleep 1000", "cpus": 0.1, "mem": 16}',
    );
    await home.must('package', 'repo', 'add', 'own', folder, '--index', '0');
    const { repositories } = await home.json<{ repositories: { name: string }[] }>('package', 'repo', 'list');
    expect(repositories[0]?.name).toBe('own');
    const found = await home.json<{ packages: { name: string }[] }>('package', 'search', 'mine');
    expect(found.packages.map(({ name }) => name)).toEqual(['mine']);
    await home.must('package', 'repo', 'remove', 'own');
    expect((await home.run(['package', 'describe', 'mine'])).code).toBe(3);
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
      const tasks = await home.json<(Task & { slave_id: string })[]>('task', 'list');
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
