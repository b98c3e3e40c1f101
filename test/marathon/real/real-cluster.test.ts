import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { request } from '../../../src/http/client.ts';
import { type RunningMarathon, startMarathon } from '../../../src/marathon/server.ts';
import { systemClock } from '../../../src/runtime/clock.ts';
import { silentLog } from '../../../src/runtime/log.ts';
import { systemRandom } from '../../../src/runtime/random.ts';
import { openStore } from '../../../src/store/lmdb-store.ts';
import { memoryStore } from '../../../src/store/memory-store.ts';
import { onTestEnd, startTestAgent, startTestMaster } from '../../master/support/cluster.ts';
import { waitFor } from '../../support/wait-for.ts';

interface Task {
  id: string;
  state: string;
  ports: number[];
  healthCheckResults: { alive: boolean }[];
}

/** A Marathon with a store on disk, which can be started again from it. */
class TestMarathon {
  readonly #folder: string;
  readonly #masterUrls: readonly string[];
  #life: { marathon: RunningMarathon; close: () => Promise<void> } | undefined;

  private constructor(folder: string, masterUrls: readonly string[]) {
    this.#folder = folder;
    this.#masterUrls = masterUrls;
  }

  static async start(masterUrls: readonly string[]): Promise<TestMarathon> {
    const marathon = new TestMarathon(await mkdtemp(join(tmpdir(), 'plenum-marathon-')), masterUrls);
    await marathon.start();
    return marathon;
  }

  async start(): Promise<void> {
    const store = openStore(this.#folder);
    const marathon = await startMarathon({
      masterUrls: this.#masterUrls,
      store: store.within('marathon'),
      clock: systemClock,
      random: systemRandom,
      log: silentLog,
      version: '1.11.0',
    });
    this.#life = {
      marathon,
      close: async () => {
        await marathon.close();
        await store.close();
      },
    };
  }

  async stop(): Promise<void> {
    await this.#life?.close();
    this.#life = undefined;
  }

  async remove(): Promise<void> {
    await this.stop();
    await rm(this.#folder, { recursive: true, force: true });
  }

  async ask<Answer>(method: string, path: string, body?: object): Promise<Answer> {
    const response = await request({
      method,
      url: `${this.#life?.marathon.url}${path}`,
      ...(body ? { body: JSON.stringify(body), headers: { 'Content-Type': 'application/json' } } : {}),
    });
    const text = response.body.toString();
    if (response.status >= 400) throw new Error(`${method} ${path}: ${response.status} ${text}`);
    return JSON.parse(text);
  }

  async tasks(appId: string): Promise<Task[]> {
    return (await this.ask<{ tasks: Task[] }>('GET', `/v2/apps/${appId}/tasks`)).tasks;
  }

  deployed(): Promise<unknown> {
    return waitFor('all deployments end', async () => {
      const deployments = await this.ask<unknown[]>('GET', '/v2/deployments');
      return deployments.length === 0;
    });
  }

  async running(appId: string, count: number): Promise<Task[]> {
    return waitFor(`${count} tasks of ${appId} run`, async () => {
      const tasks = (await this.tasks(appId)).toSorted((one, other) => one.id.localeCompare(other.id));
      return tasks.length === count && tasks.every(({ state }) => state === 'TASK_RUNNING') && tasks;
    });
  }
}

interface Standby {
  readonly url: string;
  leaderUrl: string;
  close(): Promise<void>;
}

/** A master that does not lead: it names the one that does, as Mesos does. */
const startStandby = async (leaderUrl: string): Promise<Standby> => {
  const server = createServer((asked, response) => {
    asked.resume();
    const leader = standby.leaderUrl.slice('http:'.length);
    response.writeHead(307, { Location: `${leader}${asked.url}` }).end();
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const standby: Standby = {
    url: `http://127.0.0.1:${port}`,
    leaderUrl,
    close: () => new Promise((resolve) => server.close(() => resolve())),
  };
  onTestEnd(async () => {
    server.closeAllConnections();
    server.close();
  });
  return standby;
};

const marathons: TestMarathon[] = [];

const startTestMarathon = async (...masterUrls: string[]): Promise<TestMarathon> => {
  const marathon = await TestMarathon.start(masterUrls);
  marathons.push(marathon);
  return marathon;
};

/** Tasks outlive everything, so apps are removed before the agents go. */
afterEach(async () => {
  for (const marathon of marathons.splice(0)) await marathon.remove();
});

describe('marathon on a real master with real agents', () => {
  it('runs an app, finds its tasks again after a restart, and ends them', async () => {
    const master = await startTestMaster();
    await startTestAgent(master.url);
    const marathon = await startTestMarathon(master.url);
    const app = { id: 'web', cmd: 'echo $PORT0 $MARATHON_APP_ID > out; sleep 1000', cpus: 0.1, mem: 32 };
    await marathon.ask('POST', '/v2/apps', { ...app, instances: 2 });
    const before = await marathon.running('web', 2);

    await marathon.stop();
    await marathon.start();
    expect(await marathon.running('web', 2)).toEqual(before);

    await marathon.ask('PUT', '/v2/groups/dev', {
      enforceRole: true,
      apps: [{ id: 'api', cmd: 'sleep 1000', cpus: 0.1, mem: 32 }],
    });
    await marathon.running('dev/api', 1);

    await marathon.ask('PUT', '/v2/apps/web', { instances: 3 });
    await marathon.running('web', 3);
    await marathon.ask('PUT', '/v2/apps/web', { ...app, cmd: 'sleep 999', instances: 3 });
    await marathon.deployed();
    const after = await marathon.running('web', 3);
    expect(after.filter(({ id }) => before.some((old) => old.id === id))).toEqual([]);

    for (const path of ['apps/web', 'groups/dev']) await marathon.ask('DELETE', `/v2/${path}`);
    await marathon.deployed();
    expect(await marathon.ask('GET', '/v2/tasks')).toEqual({ tasks: [] });
  });

  it('goes on when the master is restarted, with the same tasks', async () => {
    const master = await startTestMaster();
    await startTestAgent(master.url);
    const marathon = await startTestMarathon(master.url);
    await marathon.ask('POST', '/v2/apps', { id: 'web', cmd: 'sleep 1000', cpus: 0.1, mem: 32 });
    const before = await marathon.running('web', 1);
    await master.restart();
    await marathon.ask('POST', '/v2/apps', { id: 'other', cmd: 'sleep 1000', cpus: 0.1, mem: 32 });
    await marathon.running('other', 1);
    expect(await marathon.running('web', 1)).toEqual(before);
    for (const id of ['web', 'other']) await marathon.ask('DELETE', `/v2/apps/${id}`);
    await marathon.deployed();
  });

  it('finds the next leader by any of several masters, of which one is dead, as the same framework', async () => {
    const store = memoryStore();
    const first = await startTestMaster({ store });
    const standby = await startStandby(first.url);
    const dead = await startStandby(first.url);
    await dead.close();
    await startTestAgent(standby.url);
    const marathon = await startTestMarathon(dead.url, standby.url);
    const { frameworkId } = await marathon.ask<{ frameworkId: string }>('GET', '/v2/info');
    await marathon.ask('POST', '/v2/apps', { id: 'web', cmd: 'sleep 1000', cpus: 0.1, mem: 32 });
    const before = await marathon.running('web', 1);

    await first.master.close();
    const second = await startTestMaster({ store });
    standby.leaderUrl = second.url;
    await marathon.ask('PUT', '/v2/apps/web', { instances: 2 });
    const after = await marathon.running('web', 2);
    expect(after.map(({ id }) => id)).toContain(before[0]?.id);
    expect(await marathon.ask('GET', '/v2/info')).toMatchObject({ frameworkId });
    await marathon.ask('DELETE', '/v2/apps/web');
    await marathon.deployed();
  });

  it('goes on as a new framework with new tasks when its framework was torn down', async () => {
    const master = await startTestMaster();
    await startTestAgent(master.url);
    const marathon = await startTestMarathon(master.url);
    await marathon.ask('POST', '/v2/apps', { id: 'web', cmd: 'sleep 1000', cpus: 0.1, mem: 32 });
    const [before] = await marathon.running('web', 1);
    const { frameworkId } = (await marathon.ask('GET', '/v2/info')) as { frameworkId: string };
    await request({ method: 'POST', url: `${master.url}/teardown`, body: `frameworkId=${frameworkId}` });
    const after = await waitFor('another task runs', async () => {
      const [task] = await marathon.running('web', 1);
      return task?.id !== before?.id && task;
    });
    expect(after.state).toBe('TASK_RUNNING');
    expect(await marathon.ask('GET', '/v2/info')).not.toMatchObject({ frameworkId });
    await marathon.ask('DELETE', '/v2/apps/web');
    await marathon.deployed();
  });

  it('performs health checks itself, and has the agent perform them', async () => {
    const master = await startTestMaster();
    await startTestAgent(master.url);
    const marathon = await startTestMarathon(master.url);
    const server = `require('http').createServer((q, r) => r.end('ok')).listen(process.env.PORT0)`;
    await marathon.ask('POST', '/v2/apps', {
      id: 'web',
      cmd: `exec '${process.execPath}' -e "${server}"`,
      cpus: 0.1,
      mem: 64,
      healthChecks: [
        { protocol: 'HTTP', path: '/', intervalSeconds: 1 },
        { protocol: 'TCP', intervalSeconds: 1 },
        { protocol: 'COMMAND', command: { value: 'test -n "$PORT0"' }, delaySeconds: 0, intervalSeconds: 1 },
      ],
    });
    await marathon.deployed();
    const [task] = await marathon.running('web', 1);
    expect(task?.healthCheckResults.map(({ alive }) => alive)).toEqual([true, true, true]);
    const { app } = await marathon.ask<{ app: { tasksHealthy: number } }>('GET', '/v2/apps/web');
    expect(app.tasksHealthy).toBe(1);
    await marathon.ask('DELETE', '/v2/apps/web');
    await marathon.deployed();
  });
});
