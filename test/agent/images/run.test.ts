import { once } from 'node:events';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startAgent } from '../../../src/agent/server.ts';
import { request } from '../../../src/http/client.ts';
import type { ContainerInfo, ExecutorInfo, TaskInfo } from '../../../src/mesos/generated/mesos.ts';
import { systemClock } from '../../../src/runtime/clock.ts';
import { silentLog } from '../../../src/runtime/log.ts';
import { systemRandom } from '../../../src/runtime/random.ts';
import { buildImage, saveImage } from '../../support/registry/build-image.ts';
import { shellLayer } from '../../support/registry/busybox.ts';
import type { TestRegistry } from '../../support/registry/test-registry.ts';
import { waitFor } from '../../support/wait-for.ts';
import { type AgentProgram, buildAgentProgram } from '../agent-process.ts';
import { type FakeMaster, FRAMEWORK, shellTask, startFakeMaster } from '../fake-master.ts';
import { canMakeNetworks, uniquePort, withPorts } from '../networks/network-tasks.ts';
import { onTestEnd, RESOURCES, startTestCluster, type TestCluster, temporaryFolder } from '../test-agent.ts';
import { isRoot, testRegistry } from './provision.ts';

const TIMEOUT_MS = 60_000;
const OS = 'NAME=Tiny\n';
const PASSWD = 'root:x:0:0::/:/bin/sh\nweb:x:4321:4322::/srv:/bin/sh\n';
const BASE = shellLayer();
const image = (config: Record<string, unknown> = {}, own = 'own') =>
  buildImage({
    layers: [
      BASE,
      [
        { path: 'etc/os-release', content: OS },
        { path: 'etc/passwd', content: PASSWD },
        { path: 'etc/own', content: own },
      ],
    ],
    config: { Env: ['PATH=/bin', 'GREETING=from the image', 'KEPT=image'], WorkingDir: '/srv', ...config },
  });

const mesosContainer = (name: string): ContainerInfo => ({
  type: 'MESOS',
  mesos: { image: { type: 'DOCKER', docker: { name } } },
});

const latestSandbox = (folder: string, task: string): string =>
  join(folder, 'slaves/agent-0/frameworks/fw/executors', task, 'runs/latest');

/** Runs a task to its end; gives its last status and what it printed. */
const run = async (cluster: { master: FakeMaster; folder: string }, task: TaskInfo) => {
  const id = task.task_id.value;
  cluster.master.launch(task);
  const last = await waitFor(
    `the end of ${id}`,
    () =>
      cluster.master
        .updates(id)
        .find(({ state }) => ['TASK_FINISHED', 'TASK_FAILED', 'TASK_KILLED'].includes(state)),
    { timeoutMs: TIMEOUT_MS },
  );
  const sandbox = latestSandbox(cluster.folder, id);
  const read = (name: string) =>
    existsSync(join(sandbox, name)) ? readFileSync(join(sandbox, name), 'utf8') : '';
  return { state: last.state, message: last.message ?? '', stdout: read('stdout'), stderr: read('stderr') };
};

/** What a server says by itself; false when it says nothing. */
const readFrom = async (host: string, port: number): Promise<string | false> => {
  const socket = connect(port, host);
  let said = '';
  socket.setEncoding('utf8').on('data', (text: string) => {
    said += text;
  });
  await once(socket, 'close').catch(() => undefined);
  return said !== '' && said;
};

const roots = (folder: string): string[] => readdirSync(join(folder, 'provisioner', 'containers'));

describe.runIf(isRoot)('a task with an image', { timeout: TIMEOUT_MS }, () => {
  const prepare = async (
    config?: Record<string, unknown>,
  ): Promise<TestCluster & { name: string; registry: TestRegistry }> => {
    const registry = await testRegistry({ type: 'token' });
    registry.push('some/app:1', image(config));
    const cluster = await startTestCluster();
    return Object.assign(cluster, { name: `${registry.host}/some/app:1`, registry });
  };

  it('sees the files of the image, its variables below its own, and its working folder', async () => {
    const cluster = await prepare();
    const { name } = cluster;
    const task = shellTask(
      'looks',
      'cat /etc/os-release; echo $GREETING; echo $KEPT; pwd; ls /root 2>&1; true',
    );
    const environment = { variables: [{ name: 'KEPT', value: 'task' }] };
    const ended = await run(cluster, {
      ...task,
      command: { ...task.command, environment },
      container: mesosContainer(name),
    });
    expect(ended.stderr).toMatch(/^Pulling \d of \d layers of \S+\n(Pulled layer \d of \d\n)+$/);
    expect(ended.state).toBe('TASK_FINISHED');
    const metrics = await request({ url: `${cluster.agent.url}/metrics/snapshot` });
    expect(JSON.parse(metrics.body.toString())).toMatchObject({
      'containerizer/mesos/provisioner/docker_store/image_pull_ms/count': 1,
    });
    const [os, greeting, kept, folder, root] = ended.stdout.split('\n');
    expect([os, greeting, kept, folder]).toEqual(['NAME=Tiny', 'from the image', 'task', '/srv']);
    expect(root).toContain('No such file');
  });

  it('shares a volume with a container of its pod that has none', async () => {
    const { master, name } = await prepare();
    const executor: ExecutorInfo = { type: 'DEFAULT', executor_id: { value: 'pod' } };
    const inPod = (id: string, command: string, path: string, more: Partial<ContainerInfo>): TaskInfo =>
      shellTask(id, command, {
        executor,
        container: {
          type: 'MESOS',
          linux_info: { share_cgroups: false },
          volumes: [
            {
              container_path: path,
              mode: 'RW',
              source: { type: 'SANDBOX_PATH', sandbox_path: { type: 'PARENT', path: 'volumes/shared' } },
            },
          ],
          ...more,
        },
      });
    const waitForFile = (file: string): string => `until test -s ${file}; do sleep 0.05; done`;
    const tasks = [
      inPod('with', `cat /etc/own > /data/a && ${waitForFile('/data/b')}`, '/data', mesosContainer(name)),
      inPod('without', `${waitForFile('mine/a')}; test "$(cat mine/a)" = own && echo b > mine/b`, 'mine', {}),
    ];
    master.send({
      type: 'LAUNCH',
      launch: { framework_info: FRAMEWORK, executor_info: executor, tasks, is_group: true },
    });
    await master.until('without', 'TASK_FINISHED');
    await master.until('with', 'TASK_FINISHED');
  });

  it('finds its sandbox, and leaves files there', async () => {
    const cluster = await prepare();
    const task = shellTask('writes', 'echo hello > $MESOS_SANDBOX/file; echo $MESOS_SANDBOX');
    const ended = await run(cluster, { ...task, container: mesosContainer(cluster.name) });
    expect(ended.stdout).toBe('/mnt/mesos/sandbox\n');
    expect(readFileSync(join(latestSandbox(cluster.folder, 'writes'), 'file'), 'utf8')).toBe('hello\n');
  });

  it('runs as the user of the image, and ends as its command does', async () => {
    const cluster = await prepare({ User: 'web' });
    const task = shellTask('fails', 'id -u; id -g; exit 7');
    const ended = await run(cluster, { ...task, container: mesosContainer(cluster.name) });
    expect(ended).toMatchObject({
      state: 'TASK_FAILED',
      message: 'Command exited with status 7',
      stdout: '4321\n4322\n',
    });
  });

  it('runs what the image says, with its own arguments in place of those', async () => {
    const cluster = await prepare({ Entrypoint: ['/bin/echo', 'entry'], Cmd: ['usual'] });
    const container = mesosContainer(cluster.name);
    const base = shellTask('x', '');
    const withCommand = (id: string, command: TaskInfo['command']): TaskInfo => ({
      ...base,
      name: id,
      task_id: { value: id },
      ...(command ? { command } : {}),
      container,
    });
    const usual = await run(cluster, withCommand('usual', { shell: false }));
    expect(usual.stdout).toBe('entry usual\n');
    const own = await run(cluster, withCommand('own', { shell: false, arguments: ['a', 'b c'] }));
    expect(own.stdout).toBe('entry a b c\n');
    const other = await run(
      cluster,
      withCommand('other', { shell: false, value: '/bin/echo', arguments: ['echo', 'x'] }),
    );
    expect(other.stdout).toBe('x\n');
  });

  it('gives its root folder back when it has ended', async () => {
    const cluster = await prepare();
    const task = shellTask('ends', 'touch /srv/made');
    await run(cluster, { ...task, container: mesosContainer(cluster.name) });
    await waitFor('the root folder is gone', () => roots(cluster.folder).length === 0);
    const mounts = readFileSync('/proc/self/mounts', 'utf8').split('\n');
    expect(mounts.filter((line) => line.includes(cluster.folder))).toEqual([]);
  });

  it('shares layers with others, and nothing else', async () => {
    const cluster = await prepare();
    const { registry, master, folder } = cluster;
    registry.push('some/other:1', image({}, 'other'));
    const second = `${registry.host}/some/other:1`;
    const wait =
      'touch /srv/$NAME; ls /srv; cat /etc/own; until test -e $MESOS_SANDBOX/go; do sleep 0.1; done';
    const names = ['one', 'two', 'three'];
    for (const [index, name] of names.entries()) {
      const task = shellTask(name, `NAME=${name}; ${wait}`);
      master.launch({ ...task, container: mesosContainer(index === 0 ? cluster.name : second) });
    }
    for (const name of names) await master.until(name, 'TASK_RUNNING');
    for (const [index, name] of names.entries()) {
      const file = join(latestSandbox(folder, name), 'stdout');
      const wanted = `${name}\n${index === 0 ? 'own' : 'other'}`;
      await waitFor('what it sees', () => readFileSync(file, 'utf8') === wanted);
    }
    expect(registry.count('some/app/blobs') + registry.count('some/other/blobs')).toBe(5);
    for (const name of names) writeFileSync(join(latestSandbox(folder, name), 'go'), '');
    for (const name of names) await master.until(name, 'TASK_FINISHED');
  });

  it('may come from a file', async () => {
    const cluster = await startTestCluster();
    const path = join(cluster.folder, 'app.tar');
    writeFileSync(path, saveImage(image(), ['app:1']));
    const task = shellTask('filed', 'cat /etc/own');
    const ended = await run(cluster, { ...task, container: mesosContainer(`file:${path}`) });
    expect(ended.stdout).toBe('own');
  });

  it('leaves an image that an operator can have removed', async () => {
    const cluster = await prepare();
    const call = { type: 'PRUNE_IMAGES', prune_images: {} };
    const prune = () =>
      fetch(`${cluster.agent.url}/api/v1`, {
        method: 'POST',
        headers: { 'Content-Type': 'application/json' },
        body: JSON.stringify(call),
      });
    await run(cluster, { ...shellTask('uses', 'true'), container: mesosContainer(cluster.name) });
    await waitFor('its root folder is gone', () => roots(cluster.folder).length === 0);
    const images = join(cluster.folder, 'store', 'docker', 'images');
    expect(readdirSync(images)).toHaveLength(1);
    expect((await prune()).status).toBe(200);
    expect(readdirSync(images)).toEqual([]);
    expect(readdirSync(join(cluster.folder, 'store', 'docker', 'layers'))).toEqual([]);
  });

  it('fails with the reason when its image cannot be had', async () => {
    const cluster = await prepare();
    const container = mesosContainer(`${cluster.registry.host}/some/missing:1`);
    const ended = await run(cluster, { ...shellTask('fails', 'true'), container });
    expect(ended.state).toBe('TASK_FAILED');
    expect(ended.message).toContain(`${cluster.registry.host} has no some/missing:1`);
    expect(roots(cluster.folder)).toEqual([]);
  });
});

describe.runIf(isRoot)(
  'a container of type DOCKER without a container engine',
  { timeout: TIMEOUT_MS },
  () => {
    const dockerContainer = (
      name: string,
      more: Partial<ContainerInfo['docker'] & object> = {},
    ): ContainerInfo => ({
      type: 'DOCKER',
      docker: { image: name, network: 'BRIDGE', ...more },
    });
    const prepare = async () => {
      const registry = await testRegistry();
      registry.push('some/app:1', image({ Entrypoint: ['/bin/echo', 'entry'], Cmd: ['usual'] }));
      const cluster = await startTestCluster();
      return { cluster, name: `${registry.host}/some/app:1` };
    };

    it('runs as docker would run it', async () => {
      const { cluster, name } = await prepare();
      const command = { shell: false, value: 'a', arguments: ['b'] };
      const parameters = [
        { key: 'label', value: 'MESOS_TASK_ID=x' },
        { key: 'env', value: 'GIVEN=by parameter' },
        { key: 'workdir', value: '/etc' },
      ];
      const container = dockerContainer(name, { parameters });
      const words = await run(cluster, { ...shellTask('words', ''), command, container });
      expect(words).toMatchObject({ state: 'TASK_FINISHED', stdout: 'entry a b\n' });
      const shell = await run(cluster, { ...shellTask('shell', 'echo $GIVEN; pwd'), container });
      expect(shell.stdout).toBe('by parameter\n/etc\n');
    });

    it.runIf(canMakeNetworks)('has an address of its own on a bridge, and ports of the machine', async () => {
      const { cluster, name } = await prepare();
      const port = uniquePort();
      const container = dockerContainer(name, { port_mappings: [{ host_port: port, container_port: 80 }] });
      const command = 'while :; do hostname | nc -l -p 80; done';
      cluster.master.launch(withPorts({ ...shellTask('web', command), container }, port));
      const status = await cluster.master.until('web', 'TASK_RUNNING');
      const [info] = status.container_status?.network_infos ?? [];
      expect(info).toMatchObject({ name: 'mesos-bridge', ip_addresses: [{ protocol: 'IPv4' }] });
      const id = status.container_status?.container_id?.value;
      const said = await waitFor('it answers', () => readFrom('127.0.0.1', port));
      expect(said).toBe(`${id}\n`);
    });

    it('is refused with all that it asks for in vain', async () => {
      const { cluster, name } = await prepare();
      const container = dockerContainer(name, {
        privileged: true,
        port_mappings: [{ host_port: 31000, container_port: 80 }],
        parameters: [{ key: 'cap-add', value: 'NET_ADMIN' }],
      });
      const ended = await run(cluster, { ...shellTask('asks', 'true'), container });
      expect(ended.state).toBe('TASK_FAILED');
      expect(ended.message).toBe(
        'Failed to launch container: Without a container engine there is no privileged container, no parameter cap-add=NET_ADMIN: start the agent with --containerizers docker,mesos where one runs',
      );
    });
  },
);

describe.runIf(isRoot)('kill -9 of an agent whose tasks have images', { timeout: 2 * TIMEOUT_MS }, () => {
  let program: AgentProgram;

  beforeAll(async () => {
    program = await buildAgentProgram();
  });

  afterAll(() => program.remove());

  const prepare = async () => {
    const folder = await temporaryFolder();
    const registry = await testRegistry();
    registry.push('some/app:1', image());
    const master = await startFakeMaster();
    onTestEnd(() => master.close());
    onTestEnd(async () => {
      const last = await startAgent({
        masterUrls: [],
        workDir: folder,
        resources: RESOURCES,
        version: '1.11.0',
        log: silentLog,
        clock: systemClock,
        random: systemRandom,
      });
      await last.endTasks();
    });
    const container = mesosContainer(`${registry.host}/some/app:1`);
    return { folder, registry, master, container };
  };

  it('leaves them running, with their files, and their end is told with its true status', async () => {
    const { folder, registry, master, container } = await prepare();
    const wait = 'until test -e $MESOS_SANDBOX/go; do sleep 0.1; done; cat /etc/os-release; exit 5';
    const first = await program.start({ master: master.url, workDir: folder });
    master.launch({ ...shellTask('lives', wait), container }, { ...shellTask('ends', wait), container });
    for (const id of ['lives', 'ends']) await master.until(id, 'TASK_RUNNING');
    const stdout = (id: string): string => readFileSync(join(latestSandbox(folder, id), 'stdout'), 'utf8');
    await first.kill();
    writeFileSync(join(latestSandbox(folder, 'ends'), 'go'), '');
    await waitFor('its output', () => stdout('ends') === OS);

    await program.start({ master: master.url, workDir: folder });
    expect((await master.until('ends', 'TASK_FAILED')).message).toBe('Command exited with status 5');
    writeFileSync(join(latestSandbox(folder, 'lives'), 'go'), '');
    expect((await master.until('lives', 'TASK_FAILED')).message).toBe('Command exited with status 5');
    expect(stdout('lives')).toBe(OS);
    await waitFor('the root folders are gone', () => roots(folder).length === 0);
    expect(registry.count('manifests')).toBe(1);
  });

  it('in the middle of a pull leaves nothing half done: the task runs once the agent is back', async () => {
    const { folder, registry, master, container } = await prepare();
    registry.fault = (request, response) => {
      if (!request.url?.includes('/blobs/')) return false;
      response.writeHead(200).write('begins');
      return true;
    };
    const first = await program.start({ master: master.url, workDir: folder });
    master.launch({ ...shellTask('pulls', 'cat /etc/own'), container });
    await waitFor('the pull is under way', () => registry.count('/blobs/') > 0);
    await first.kill();
    registry.fault = () => false;
    const store = join(folder, 'store', 'docker');
    await program.start({ master: master.url, workDir: folder });
    await master.until('pulls', 'TASK_FINISHED');
    expect(readFileSync(join(latestSandbox(folder, 'pulls'), 'stdout'), 'utf8')).toBe('own');
    expect(readdirSync(join(store, 'staging'))).toEqual([]);
    expect(readdirSync(join(store, 'layers'))).toHaveLength(2);
  });
});
