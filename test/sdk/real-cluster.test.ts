import { readFile } from 'node:fs/promises';
import { userInfo } from 'node:os';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { request } from '../../src/http/client.ts';
import { systemClock } from '../../src/runtime/clock.ts';
import { silentLog } from '../../src/runtime/log.ts';
import { systemRandom } from '../../src/runtime/random.ts';
import { readSpec } from '../../src/sdk/service/read-spec.ts';
import { type RunningService, startService } from '../../src/sdk/service/start-service.ts';
import { memoryStore } from '../../src/store/memory-store.ts';
import {
  onTestEnd,
  startTestAgent,
  startTestMaster,
  type TestAgent,
  type TestMaster,
} from '../master/support/cluster.ts';
import { taskProcesses } from '../support/task-processes.ts';
import { waitFor } from '../support/wait-for.ts';

/** A service on a real master and a real agent, with real processes. */

const DESCRIPTION = `
name: real
templates: { greeting: "from {{TASK_NAME}}, port {{PORT_HTTP}}, said by $USER\\n" }
pods:
  store:
    volumes: [{ path: data, size: 8 }]
    tasks:
      init: { goal: ONCE, cmd: echo made > data/made, cpus: 0.1, memory: 16 }
      server:
        goal: RUNNING
        cmd: cat greeting >> data/said && echo $MESOS_TASK_ID > data/id && exec sleep 100000
        cpus: 0.1
        memory: 16
        ports: { http: {} }
        configs: { greeting: { template: greeting, dest: greeting } }
        readiness-check: { cmd: test -e data/id, interval: 0.1 }
`;

let master: TestMaster;
let agent: TestAgent;

beforeEach(async () => {
  master = await startTestMaster();
  agent = await startTestAgent(master.url);
});

const start = async (store = memoryStore()): Promise<RunningService> => {
  const service = await startService({
    spec: readSpec({
      name: 'real.yml',
      text: DESCRIPTION,
      variables: {},
      defaultUser: userInfo().username,
    }),
    masterUrls: [master.url],
    hosts: ['127.0.0.1'],
    port: 0,
    hostnames: [],
    store,
    clock: systemClock,
    random: systemRandom,
    log: silentLog,
    onEnded: () => undefined,
  });
  onTestEnd(() => service.close());
  return service;
};

interface Task {
  name: string;
  id: string;
  status: string;
}

const untilHealthy = (service: RunningService): Promise<true> =>
  waitFor(
    'it is healthy',
    async () => (await request({ url: `${service.url}/v1/health` })).status === 200 && true,
  );

const server = async (service: RunningService): Promise<Task | undefined> => {
  const { body } = await request({ url: `${service.url}/v1/pod/store-0/status` });
  const { tasks } = JSON.parse(body.toString('utf8')) as { tasks: Task[] };
  return tasks.find(({ name }) => name === 'store-0-server');
};

/** What the tasks have left on the volume, of which there is one. */
const volumeFile = async (name: string): Promise<string> => {
  const { body } = await request({ url: `${master.url}/slaves` });
  const { slaves } = JSON.parse(body.toString('utf8')) as {
    slaves: { reserved_resources_full: Record<string, { disk?: { persistence?: { id: string } } }[]> }[];
  };
  const ids = slaves
    .flatMap(({ reserved_resources_full: full }) => full['real-role'] ?? [])
    .flatMap(({ disk }) => disk?.persistence?.id ?? []);
  expect(ids).toHaveLength(1);
  return readFile(join(agent.folder, 'volumes', 'roles', 'real-role', ids[0] ?? '', name), 'utf8');
};

describe('a service on a real cluster', () => {
  it('is deployed in order, with its files and its volume', async () => {
    const service = await start();
    await untilHealthy(service);
    expect(await volumeFile('made')).toBe('made\n');
    // What stands in a file is not for the shell.
    expect(await volumeFile('said')).toMatch(/^from store-0-server, port \d+, said by \$USER\n$/);
  });

  it('is started again on its volume, with its port, when its process is killed', async () => {
    const service = await start();
    await untilHealthy(service);
    const before = await server(service);
    const [pid] = taskProcesses('sleep').get((await volumeFile('id')).trim()) ?? [];
    expect(pid).toBeGreaterThan(0);
    process.kill(Number(pid), 'SIGKILL');
    await waitFor('another run of it', async () => (await server(service))?.id !== before?.id);
    await untilHealthy(service);
    const [first, second, ...others] = (await volumeFile('said')).trim().split('\n');
    expect(second).toBe(first);
    expect(others).toEqual([]);
  });

  it('keeps its tasks when a scheduler without memory takes over', async () => {
    const first = await start();
    await untilHealthy(first);
    const before = await server(first);
    await first.close();
    const second = await start();
    await untilHealthy(second);
    expect((await server(second))?.id).toBe(before?.id);
    expect((await volumeFile('said')).trim().split('\n')).toHaveLength(1);
  });

  it('keeps its tasks when master and agent are started again', async () => {
    const service = await start();
    await untilHealthy(service);
    const before = await server(service);
    await master.restart();
    await agent.restart();
    await waitFor('the master knows it again', async () => {
      const { body } = await request({ url: `${master.url}/tasks` });
      const { tasks } = JSON.parse(body.toString('utf8')) as { tasks: { id: string; state: string }[] };
      return tasks.some(({ id, state }) => id === before?.id && state === 'TASK_RUNNING');
    });
    await untilHealthy(service);
    expect((await server(service))?.id).toBe(before?.id);
    expect((await volumeFile('said')).trim().split('\n')).toHaveLength(1);
  });
});
