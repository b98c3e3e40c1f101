import { symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { request } from '../../src/http/client.ts';
import { waitFor } from '../support/wait-for.ts';
import { shellTask } from './fake-master.ts';
import { startTestCluster, type TestCluster } from './test-agent.ts';

const get = async (cluster: TestCluster, path: string) => {
  const { status, body, headers } = await request({ url: `${cluster.agent.url}${path}` });
  return { status, text: body.toString('utf8'), headers };
};

const read = async (cluster: TestCluster, path: string) => JSON.parse((await get(cluster, path)).text);

const call = async (cluster: TestCluster, body: object) => {
  const answer = await request({
    method: 'POST',
    url: `${cluster.agent.url}/api/v1`,
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify(body),
  });
  return { status: answer.status, text: answer.body.toString('utf8') };
};

/** A cluster with one task that runs and one that has finished. */
const busyCluster = async () => {
  const cluster = await startTestCluster({
    attributes: 'rack:r1;level:10;zones:{a,b}',
    hostname: 'localhost',
  });
  const labels = { labels: [{ key: 'k', value: 'v' }] };
  cluster.master.launch(
    shellTask('runs', 'echo begin; exec sleep 1000', { labels }),
    shellTask('ends', 'echo done'),
  );
  await cluster.master.until('runs', 'TASK_RUNNING');
  await cluster.master.until('ends', 'TASK_FINISHED');
  const state = () => read(cluster, '/state');
  await waitFor('the last update is acknowledged', async () => {
    const { frameworks } = await state();
    return (
      frameworks[0].completed_executors.length === 1 &&
      frameworks[0].executors[0].tasks[0].statuses.length === 2
    );
  });
  const sandbox: string = (await state()).frameworks[0].executors[0].directory;
  await waitFor(
    'it has spoken',
    async () => (await read(cluster, `/files/read?path=${sandbox}/stdout&offset=-1`)).offset === 6,
  );
  return { cluster, sandbox };
};

describe('the reads of an agent', () => {
  it('show its state as Mesos does', async () => {
    const { cluster, sandbox } = await busyCluster();
    const state = await read(cluster, '/slave(1)/state.json');
    expect(state).toMatchObject({
      id: 'agent-0',
      version: '1.11.0',
      pid: `slave(1)@127.0.0.1:${cluster.agent.port}`,
      hostname: 'localhost',
      resources: { cpus: 8, mem: 4096, disk: 10_000, gpus: 0, ports: '[31000-31999]' },
      reserved_resources: {},
      unreserved_resources_allocated: { cpus: 0.2, mem: 64, disk: 0, gpus: 0 },
      attributes: { rack: 'r1', level: 10, zones: '{a, b}' },
      master_hostname: 'master.example',
      completed_frameworks: [],
    });
    const [framework] = state.frameworks;
    expect(framework).toMatchObject({ id: 'fw', name: 'test', checkpoint: true, roles: ['*'] });
    const [run] = framework.executors;
    expect(run).toMatchObject({
      id: 'runs',
      name: "Command Executor (Task: runs) (Command: sh -c 'echo begin; ...')",
      source: 'runs',
      role: '*',
      resources: { cpus: 0.2, mem: 64 },
      queued_tasks: [],
      completed_tasks: [],
    });
    expect(sandbox).toBe(
      join(cluster.folder, 'slaves/agent-0/frameworks/fw/executors/runs/runs', run.container),
    );
    expect(run.tasks).toEqual([
      {
        id: 'runs',
        name: 'runs',
        framework_id: 'fw',
        executor_id: '',
        slave_id: 'agent-0',
        state: 'TASK_RUNNING',
        resources: { cpus: 0.1, mem: 32, disk: 0, gpus: 0 },
        role: '*',
        labels: [{ key: 'k', value: 'v' }],
        statuses: ['TASK_STARTING', 'TASK_RUNNING'].map((name) => ({
          state: name,
          timestamp: expect.any(Number),
          container_status: {
            container_id: { value: run.container },
            network_infos: [{ ip_addresses: [{ protocol: 'IPv4', ip_address: '127.0.0.1' }] }],
          },
        })),
      },
    ]);
    expect(framework.completed_executors[0].completed_tasks[0]).toMatchObject({ state: 'TASK_FINISHED' });
  });

  it('show what runs and what it uses', async () => {
    const { cluster } = await busyCluster();
    const [container] = await read(cluster, '/containers');
    expect(container).toMatchObject({
      executor_id: 'runs',
      framework_id: 'fw',
      source: 'runs',
      status: { executor_pid: expect.any(Number) },
      statistics: { cpus_soft_limit: 0.2, mem_limit_bytes: 64 * 1024 * 1024 },
    });
    expect(container.statistics.mem_rss_bytes).toBeGreaterThan(0);
    expect(await read(cluster, '/containers?container_id=other')).toEqual([]);
    expect(await read(cluster, '/monitor/statistics')).toHaveLength(1);
    const metrics = await read(cluster, '/metrics/snapshot');
    expect(metrics).toMatchObject({
      'slave/tasks_running': 1,
      'slave/tasks_finished': 1,
      'slave/registered': 1,
    });
    expect((await get(cluster, '/logging/toggle')).text).toBe('0\n');
    expect(await get(cluster, '/logging/toggle?level=2&duration=1mins')).toMatchObject({ status: 200 });
    expect((await get(cluster, '/logging/toggle')).text).toBe('2\n');
    expect(await get(cluster, '/logging/toggle?level=x&duration=1mins')).toMatchObject({
      status: 400,
      text: "Invalid level 'x'.\n",
    });
    expect((await get(cluster, '/health')).status).toBe(200);
    expect(await read(cluster, '/version')).toEqual({ version: '1.11.0' });
    expect(await read(cluster, '/flags')).toMatchObject({ flags: { work_dir: cluster.folder } });
    expect(await get(cluster, '/nosuch')).toMatchObject({ status: 404, text: '404 Not Found.' });
  });
});

describe('the files API', () => {
  it('browses, reads and downloads sandboxes under all their names', async () => {
    const { cluster, sandbox } = await busyCluster();
    const names = [sandbox, join(sandbox, '../latest'), '/frameworks/fw/executors/runs/runs/latest'];
    for (const name of names) {
      const entries = await read(cluster, `/files/browse?path=${name}`);
      expect(entries.map(({ path }: { path: string }) => path)).toEqual([`${name}/stderr`, `${name}/stdout`]);
      expect(entries[1]).toMatchObject({ mode: '-rw-r--r--', nlink: 1, size: 6, gid: expect.any(String) });
    }
    const debug = await read(cluster, '/files/debug');
    for (const name of names) expect(debug[name]).toBe(sandbox);
    const file = `${sandbox}/stdout`;
    expect(await read(cluster, `/files/read.json?path=${file}&offset=0&length=3`)).toEqual({
      data: 'beg',
      offset: 0,
    });
    expect(await read(cluster, `/files/read?path=${file}&offset=4`)).toEqual({ data: 'n\n', offset: 4 });
    expect(await read(cluster, `/files/read?path=${file}&offset=99`)).toEqual({ data: '', offset: 99 });
    expect(await read(cluster, `/files/read?path=${file}`)).toEqual({ data: '', offset: 6 });
    expect(await read(cluster, `/files/browse?path=${file}`)).toEqual([]);
    const download = await get(cluster, `/files/download?path=${file}`);
    expect(download.text).toBe('begin\n');
    expect(download.headers['content-disposition']).toBe('attachment; filename=stdout');
    expect(download.headers['content-type']).toBe('application/octet-stream');
  });

  it('gives no more than 16 pages at once', async () => {
    const { cluster, sandbox } = await busyCluster();
    writeFileSync(join(sandbox, 'large'), 'x'.repeat(100_000));
    const { data } = await read(cluster, `/files/read?path=${sandbox}/large&offset=0&length=90000`);
    expect(data).toHaveLength(65_536);
  });

  it('answers what it refuses as Mesos does', async () => {
    const { cluster, sandbox } = await busyCluster();
    const refusals: [string, number, string][] = [
      ['/files/browse', 400, "Expecting 'path=value' in query.\n"],
      ['/files/browse?path=/nosuch', 404, ''],
      ['/files/read?path=/slave/log', 404, ''],
      ['/files/download?path=/nosuch', 404, '404 Not Found.'],
      [`/files/read?path=${sandbox}&offset=0`, 400, 'Cannot read a directory.\n'],
      [`/files/read?path=${sandbox}/stdout&offset=-2`, 400, 'Negative offset provided: -2.\n'],
      [`/files/read?path=${sandbox}/stdout&offset=x`, 400, "Failed to parse offset: 'x' is not a number.\n"],
    ];
    for (const [path, status, text] of refusals)
      expect(await get(cluster, path)).toMatchObject({ status, text });
  });

  it('leads nowhere else, by dots, links or bytes', async () => {
    const { cluster, sandbox } = await busyCluster();
    symlinkSync('/etc', join(sandbox, 'way-out'));
    writeFileSync(join(cluster.folder, 'private'), 'private');
    const ways = [
      '/etc/passwd',
      `${sandbox}/../../../../../../../../private`,
      `${sandbox}/way-out/passwd`,
      `${sandbox}/way-out`,
      `${cluster.folder}/meta/checkpoint`,
      `${sandbox}%00/stdout`,
    ];
    for (const way of ways) {
      for (const kind of ['browse', 'read', 'download']) {
        const { status, text } = await get(cluster, `/files/${kind}?path=${way}`);
        expect([403, 404], `${kind} ${way}`).toContain(status);
        expect(text).not.toMatch(/root:|private/);
      }
    }
  });

  it('still shows the sandbox of a task that is over after a restart', async () => {
    const { cluster } = await busyCluster();
    await cluster.restart();
    const path = '/frameworks/fw/executors/ends/runs/latest/stdout';
    expect(await read(cluster, `/files/read?path=${path}&offset=0`)).toEqual({ data: 'done\n', offset: 0 });
  });
});

describe('the operator API', () => {
  it('answers the calls that clients make', async () => {
    const { cluster, sandbox } = await busyCluster();
    const answer = async (body: { type: string } & Record<string, unknown>) => {
      const { status, text } = await call(cluster, body);
      expect(status, text).toBe(200);
      return JSON.parse(text)[body.type.toLowerCase()];
    };
    expect(await answer({ type: 'GET_HEALTH' })).toEqual({ healthy: true });
    expect(await answer({ type: 'GET_VERSION' })).toEqual({ version_info: { version: '1.11.0' } });
    expect((await answer({ type: 'GET_AGENT' })).agent_info).toMatchObject({
      id: { value: 'agent-0' },
      hostname: 'localhost',
    });
    const tasks = await answer({ type: 'GET_TASKS' });
    expect(tasks.launched_tasks).toMatchObject([{ task_id: { value: 'runs' }, state: 'TASK_RUNNING' }]);
    expect(tasks.completed_tasks).toMatchObject([{ task_id: { value: 'ends' }, state: 'TASK_FINISHED' }]);
    expect(await answer({ type: 'GET_STATE' })).toMatchObject({ get_tasks: tasks });
    expect((await answer({ type: 'GET_EXECUTORS' })).executors).toHaveLength(1);
    expect((await answer({ type: 'GET_FRAMEWORKS' })).frameworks).toMatchObject([
      { framework_info: { name: 'test' } },
    ]);
    expect((await answer({ type: 'GET_CONTAINERS' })).containers).toMatchObject([
      { executor_id: { value: 'runs' } },
    ]);
    expect((await answer({ type: 'GET_METRICS' })).metrics.length).toBeGreaterThan(30);
    expect((await answer({ type: 'GET_FLAGS' })).flags.length).toBeGreaterThan(5);
    const files = await answer({ type: 'LIST_FILES', list_files: { path: sandbox } });
    expect(files.file_infos[1]).toMatchObject({ path: `${sandbox}/stdout`, size: 6, mode: 0o100644 });
    const piece = await answer({ type: 'READ_FILE', read_file: { path: `${sandbox}/stdout`, offset: 0 } });
    expect(piece).toEqual({ size: 6, data: Buffer.from('begin\n').toString('base64') });
  });

  it('logs more for as long as an operator wants it', async () => {
    const cluster = await startTestCluster();
    const level = async () =>
      JSON.parse((await call(cluster, { type: 'GET_LOGGING_LEVEL' })).text).get_logging_level.level;
    const raise = (nanoseconds: number) =>
      call(cluster, {
        type: 'SET_LOGGING_LEVEL',
        set_logging_level: { level: 2, duration: { nanoseconds } },
      });
    expect(await level()).toBe(0);
    expect(await raise(3_600_000_000_000)).toEqual({ status: 200, text: '' });
    expect(await level()).toBe(2);
    await raise(1_000_000);
    await waitFor('it is quiet again', async () => (await level()) === 0);
  });

  it('refuses what it does not understand', async () => {
    const cluster = await startTestCluster();
    expect(await call(cluster, {})).toEqual({
      status: 400,
      text: "Failed to validate agent::Call: Expecting 'type' to be present",
    });
    expect(await call(cluster, { type: 'LIST_FILES' })).toEqual({
      status: 400,
      text: "Failed to validate agent::Call: Expecting 'list_files' to be present",
    });
    const textOffset = { type: 'READ_FILE', read_file: { path: '/nosuch', offset: '0' } };
    expect((await call(cluster, textOffset)).status).toBe(404);
    expect((await call(cluster, { type: 'READ_FILE', read_file: { path: 1, offset: 0 } })).status).toBe(400);
    expect(
      (await call(cluster, { type: 'READ_FILE', read_file: { path: '/nosuch', offset: 0 } })).status,
    ).toBe(404);
  });
});
