import { mkdir, readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { request } from '../../src/http/client.ts';
import { type ClusterAddresses, createPlenumHome, type PlenumHome } from '../support/plenum.ts';
import { taskProcesses } from '../support/task-processes.ts';
import { waitFor } from '../support/wait-for.ts';

interface Task {
  id: string;
  appId: string;
  state: string;
}

const INSTANCES = 100;

let home: PlenumHome;
let cluster: ClusterAddresses;
let markers: string;

const tasksOf = async (appId: string): Promise<Task[]> => {
  const answer = await request({
    url: `${cluster.marathon}/v2/tasks?status=running`,
    headers: { Accept: 'application/json' },
  });
  const { tasks } = JSON.parse(answer.body.toString()) as { tasks: Task[] };
  return tasks.filter((task) => task.appId === appId && task.state === 'TASK_RUNNING');
};

const runningIds = async (appId: string): Promise<string[]> =>
  (await tasksOf(appId)).map(({ id }) => id).sort();

const untilRunning = (appId: string, count: number): Promise<string[]> =>
  waitFor(
    `${count} tasks of ${appId} run`,
    async () => {
      const ids = await runningIds(appId);
      return ids.length === count && ids;
    },
    { timeoutMs: 60_000, everyMs: 100 },
  );

const untilNoDeployment = (): Promise<true> =>
  waitFor(
    'no deployment is under way',
    async () =>
      (await request({ url: `${cluster.marathon}/v2/deployments` })).body.toString() === '[]' && true,
    { timeoutMs: 60_000, everyMs: 100 },
  );

/** Every start of a task appends a line to a file of the task's name: a second line is a second start. */
const startsOf = async (): Promise<Map<string, number>> => {
  const starts = new Map<string, number>();
  for (const name of await readdir(markers)) {
    starts.set(name, (await readFile(join(markers, name), 'utf8')).trim().split('\n').length);
  }
  return starts;
};

/** What must hold at any time: the tasks known to the cluster are those alive on the machine, each started once. */
const expectNothingLostOrDoubled = async (ids: string[]): Promise<void> => {
  const alive = await waitFor('the tasks are those alive', async () => {
    const processes = taskProcesses('sleep');
    const found = [...(await startsOf()).keys()].filter((id) => processes.has(id)).sort();
    return found.join() === ids.join() && found;
  });
  expect(alive).toEqual(ids);
  const startedTwice = [...(await startsOf())].filter(([, times]) => times !== 1);
  expect(startedTwice).toEqual([]);
};

const bringBack = async (): Promise<void> => {
  cluster = { ...cluster, ...(await home.json<ClusterAddresses>('up')) };
};

const definition = (id: string, instances: number): string =>
  JSON.stringify({
    id,
    instances,
    cpus: 0.001,
    mem: 1,
    cmd: `echo started >> ${markers}/$MESOS_TASK_ID; exec sleep 100000`,
    upgradeStrategy: { minimumHealthCapacity: 0.5, maximumOverCapacity: 0.2 },
  });

beforeAll(async () => {
  home = await createPlenumHome();
  markers = join(home.folder, 'markers');
  await mkdir(markers);
  cluster = await home.up('--agents', '3');
  const added = await home.run(['marathon', 'app', 'add'], { input: definition('/steady', INSTANCES) });
  expect(added.code, added.stderr).toBe(0);
  await untilRunning('/steady', INSTANCES);
});

afterAll(() => home.remove());

describe('with 100 tasks running', () => {
  it.each([
    ['an agent', () => [cluster.agents[0]?.pid]],
    ['the control plane', () => [cluster.pid]],
    ['the control plane and every agent', () => [cluster.pid, ...cluster.agents.map(({ pid }) => pid)]],
  ])('kill -9 of %s loses and doubles nothing', async (_what, victims) => {
    const before = await untilRunning('/steady', INSTANCES);
    const ports = [cluster.gateway, cluster.master, cluster.marathon];
    const agentIds = cluster.agents.map(({ id }) => id).sort();
    for (const pid of victims()) if (pid !== undefined) process.kill(pid, 'SIGKILL');
    await expectNothingLostOrDoubled(before);

    await bringBack();
    expect([cluster.gateway, cluster.master, cluster.marathon]).toEqual(ports);
    expect(cluster.agents.map(({ id }) => id).sort()).toEqual(agentIds);
    expect(await untilRunning('/steady', INSTANCES)).toEqual(before);
    await untilNoDeployment();
    await expectNothingLostOrDoubled(before);
  });

  it('a task that ends while every part is dead is replaced, and only that one', async () => {
    const before = await untilRunning('/steady', INSTANCES);
    const victim = before[0] ?? '';
    const [pid] = taskProcesses('sleep').get(victim) ?? [];
    for (const part of [cluster.pid, ...cluster.agents.map((agent) => agent.pid)])
      process.kill(part, 'SIGKILL');
    expect(pid).toBeGreaterThan(0);
    process.kill(Number(pid), 'SIGKILL');
    await bringBack();
    const after = await waitFor(
      'the ended task is replaced',
      async () => {
        const ids = await runningIds('/steady');
        return ids.length === INSTANCES && !ids.includes(victim) && ids;
      },
      { timeoutMs: 60_000 },
    );
    expect(after.filter((id) => before.includes(id))).toHaveLength(INSTANCES - 1);
    await expectNothingLostOrDoubled(after);
  });
});

describe('while a deployment is under way', () => {
  it('kill -9 of the control plane does not stop a scale-up, nor touch what ran before', async () => {
    const before = await untilRunning('/steady', INSTANCES);
    await home.must('marathon', 'app', 'scale', '/steady', String(INSTANCES + 50));
    process.kill(cluster.pid, 'SIGKILL');
    await bringBack();
    const after = await untilRunning('/steady', INSTANCES + 50);
    await untilNoDeployment();
    expect(after.filter((id) => before.includes(id))).toEqual(before);
    await expectNothingLostOrDoubled(after);
  });

  it('kill -9 of an agent does not stop a scale-up either', async () => {
    await home.must('marathon', 'app', 'scale', '/steady', String(INSTANCES + 80));
    process.kill(cluster.agents[1]?.pid ?? 0, 'SIGKILL');
    await bringBack();
    const after = await untilRunning('/steady', INSTANCES + 80);
    await untilNoDeployment();
    await expectNothingLostOrDoubled(after);
  });

  it('kill -9 of every part in the middle of a rolling upgrade lets it end with the new definition everywhere', async () => {
    const added = await home.run(['marathon', 'app', 'add', '--wait'], { input: definition('/rolling', 20) });
    expect(added.code, added.stderr).toBe(0);
    const before = await untilRunning('/rolling', 20);
    await home.must('marathon', 'app', 'update', '/rolling', 'mem=2');
    await waitFor('the upgrade has begun', async () =>
      (await runningIds('/rolling')).some((id) => !before.includes(id)),
    );
    for (const part of [cluster.pid, ...cluster.agents.map(({ pid }) => pid)]) process.kill(part, 'SIGKILL');
    await bringBack();
    await untilNoDeployment();
    const after = await untilRunning('/rolling', 20);
    expect(after.filter((id) => before.includes(id))).toEqual([]);
    const starts = await startsOf();
    expect([...starts].filter(([, times]) => times !== 1)).toEqual([]);
  });
});
