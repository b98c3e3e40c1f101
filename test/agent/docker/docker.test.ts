import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ContainerInfo, ContainerInfoDockerInfo, TaskInfo } from '../../../src/mesos/generated/mesos.ts';
import { type DockerEngine, hasDockerEngine, startDockerEngine } from '../../support/docker-engine.ts';
import { tarOf } from '../../support/registry/build-image.ts';
import { shellLayer } from '../../support/registry/busybox.ts';
import { waitFor } from '../../support/wait-for.ts';
import { shellTask } from '../fake-master.ts';
import { startTestCluster, type TestCluster } from '../test-agent.ts';

const TIMEOUT_MS = 90_000;

describe.runIf(hasDockerEngine())('the containerizer docker', { timeout: TIMEOUT_MS }, () => {
  let engine: DockerEngine;

  beforeAll(async () => {
    engine = await startDockerEngine();
    await engine.importImage(
      'tiny:1',
      tarOf([...shellLayer(), { path: 'etc/os-release', content: 'NAME=Tiny\n' }]),
    );
  }, TIMEOUT_MS);

  afterAll(() => engine?.close());

  const prepare = (): Promise<TestCluster> =>
    startTestCluster({ containerizers: 'docker,mesos', docker: { socket: engine.socket } });

  const container = (more: Partial<ContainerInfoDockerInfo> = {}): ContainerInfo => ({
    type: 'DOCKER',
    docker: { image: 'tiny:1', ...more },
  });

  const sandboxOf = (cluster: TestCluster, id: string): string =>
    join(cluster.folder, 'slaves/agent-0/frameworks/fw/executors', id, 'runs/latest');

  const printed = (cluster: TestCluster, id: string): string => {
    const file = join(sandboxOf(cluster, id), 'stdout');
    return existsSync(file) ? readFileSync(file, 'utf8') : '';
  };

  const run = async (cluster: TestCluster, task: TaskInfo) => {
    const id = task.task_id.value;
    cluster.master.launch(task);
    const last = await waitFor(
      `the end of ${id}`,
      () => cluster.master.updates(id).find(({ state }) => /FINISHED|FAILED|KILLED/.test(state)),
      { timeoutMs: TIMEOUT_MS },
    );
    return { state: last.state, message: last.message ?? '', stdout: printed(cluster, id) };
  };

  const WAIT = 'until test -e $MESOS_SANDBOX/go; do sleep 0.1; done';
  const letGo = (cluster: TestCluster, id: string): void =>
    writeFileSync(join(sandboxOf(cluster, id), 'go'), '');

  it('runs a task at the engine, with its sandbox and what it prints', async () => {
    const cluster = await prepare();
    const command = `cat /etc/os-release; echo $MESOS_CONTAINER_NAME; echo oops >&2; ${WAIT}; exit 3`;
    cluster.master.launch({ ...shellTask('one', command), container: container() });
    await cluster.master.until('one', 'TASK_RUNNING');
    await waitFor('its output', () => /^NAME=Tiny\nmesos-[0-9a-f-]{36}\n$/.test(printed(cluster, 'one')));
    letGo(cluster, 'one');
    expect(await cluster.master.until('one', 'TASK_FAILED')).toMatchObject({
      message: 'Command exited with status 3',
    });
    expect(readFileSync(join(sandboxOf(cluster, 'one'), 'stderr'), 'utf8')).toBe('oops\n');
  });

  it("runs without a shell, and with the task's variables", async () => {
    const cluster = await prepare();
    const task = shellTask('env', '');
    const environment = { variables: [{ name: 'OWN', value: 'x y' }] };
    const command = { shell: false, value: '/bin/env', arguments: [], environment };
    const ended = await run(cluster, { ...task, command, container: container() });
    expect(ended.state).toBe('TASK_FINISHED');
    expect(ended.stdout).toContain('OWN=x y\n');
    expect(ended.stdout).toContain('MESOS_SANDBOX=/mnt/mesos/sandbox\n');
    expect(ended.stdout).not.toContain('LIBPROCESS_IP');
  });

  it('ends a task that is killed, in its grace period or after it', async () => {
    const cluster = await prepare();
    const { master } = cluster;
    const listens = 'trap "echo asked; exit 0" TERM; echo up; while true; do sleep 0.1; done';
    const deaf = 'trap "" TERM; echo up; while true; do sleep 0.1; done';
    master.launch({ ...shellTask('listens', listens), container: container() });
    master.launch({ ...shellTask('deaf', deaf), container: container() });
    for (const id of ['listens', 'deaf']) {
      await waitFor(`${id} is up`, () => printed(cluster, id) === 'up\n');
      await master.until(id, 'TASK_RUNNING');
      master.send({
        type: 'KILL',
        kill: {
          framework_id: { value: 'fw' },
          task_id: { value: id },
          kill_policy: { grace_period: { nanoseconds: 1e9 } },
        },
      });
    }
    await waitFor('both ended', () =>
      ['listens', 'deaf'].every((id) => /FINISHED|KILLED/.test(master.states(id).at(-1) ?? '')),
    );
    expect(printed(cluster, 'listens')).toBe('up\nasked\n');
    expect(master.states('deaf').at(-1)).toBe('TASK_KILLED');
  });

  it('finds its containers again after a restart, and goes on with what they print', async () => {
    const cluster = await prepare();
    const command = `echo before; ${WAIT}; echo after; exit 4`;
    for (const id of ['lives', 'ends']) {
      cluster.master.launch({ ...shellTask(id, command), container: container() });
      await cluster.master.until(id, 'TASK_RUNNING');
      await waitFor('its output', () => printed(cluster, id) === 'before\n');
    }
    await cluster.agent.close();
    letGo(cluster, 'ends');
    await cluster.restart();
    expect(await cluster.master.until('ends', 'TASK_FAILED')).toMatchObject({
      message: 'Command exited with status 4',
    });
    expect(cluster.master.states('lives').at(-1)).toBe('TASK_RUNNING');
    letGo(cluster, 'lives');
    await cluster.master.until('lives', 'TASK_FAILED');
    for (const id of ['lives', 'ends']) expect(printed(cluster, id)).toBe('before\nafter\n');
  });

  it('removes containers of this agent that nobody knows', async () => {
    const cluster = await prepare();
    const spec = { Image: 'tiny:1', Cmd: ['/bin/sleep', '1000'], Labels: { 'plenum.agent': cluster.folder } };
    const { EngineApi } = await import('../../../src/agent/docker/engine-api.ts');
    const api = new EngineApi(engine.socket);
    await api.create('mesos-orphan', { ...spec, HostConfig: { NetworkMode: 'none' } });
    await api.create('mesos-foreign', { ...spec, Labels: {}, HostConfig: { NetworkMode: 'none' } });
    await api.start('mesos-orphan');
    await cluster.restart();
    await waitFor('the orphan is gone', async () => (await api.inspect('mesos-orphan')) === undefined);
    expect(await api.inspect('mesos-foreign')).toBeDefined();
    await api.remove('mesos-foreign');
  });

  it.each([
    ['an image that nobody has', { image: '127.0.0.1:1/none:1' }, /127\.0\.0\.1:1/],
    [
      'ports on the network of the host',
      { port_mappings: [{ host_port: 31000, container_port: 80 }] },
      /Port mappings are only supported for bridge and user-defined networks/,
    ],
    [
      'an unknown parameter',
      { parameters: [{ key: 'wings', value: '2' }] },
      /The Docker parameter 'wings' is not supported/,
    ],
  ] as [string, Partial<ContainerInfoDockerInfo>, RegExp][])('refuses %s', async (_what, more, reason) => {
    const cluster = await prepare();
    const ended = await run(cluster, { ...shellTask('refused', 'true'), container: container(more) });
    expect(ended.state).toBe('TASK_FAILED');
    expect(ended.message).toMatch(/^Failed to launch container: /);
    expect(ended.message).toMatch(reason);
  });
});
