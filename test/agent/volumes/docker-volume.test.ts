import { chmodSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ContainerInfo, Volume, VolumeMode } from '../../../src/mesos/generated/mesos.ts';
import { waitFor } from '../../support/wait-for.ts';
import { type AgentProgram, buildAgentProgram } from '../agent-process.ts';
import { shellTask, startFakeMaster } from '../fake-master.ts';
import { onTestEnd, startTestCluster, temporaryFolder } from '../test-agent.ts';
import { startVolumePlugin, type VolumePlugin } from './volume-plugin.ts';

const TIMEOUT_MS = 90_000;
const isRoot = process.getuid?.() === 0;
const ISOLATION = 'posix/cpu,posix/mem,filesystem/linux,docker/volume';

const withVolumes = (...volumes: Volume[]): { container: ContainerInfo } => ({
  container: { type: 'MESOS', volumes },
});

const external = (name: string, options: Record<string, string> = {}, mode: VolumeMode = 'RW'): Volume => ({
  mode,
  container_path: `mnt/${name}`,
  source: {
    type: 'DOCKER_VOLUME',
    docker_volume: {
      driver: 'test',
      name,
      driver_options: { parameter: Object.entries(options).map(([key, value]) => ({ key, value })) },
    },
  },
});

describe.runIf(isRoot)('an external volume', { timeout: TIMEOUT_MS }, () => {
  const start = async (flags: Record<string, string> = {}) => {
    const plugin = await startVolumePlugin();
    const cluster = await startTestCluster({
      isolation: ISOLATION,
      isolatorFlags: { docker_volume_plugins_dir: plugin.sockets, ...flags },
    });
    return { ...cluster, plugin };
  };

  it('is mounted by its driver for its first container, and unmounted after its last', async () => {
    const { master, plugin } = await start();
    const wait = 'until [ -e mnt/data/go ]; do sleep 0.1; done';
    master.launch(
      shellTask('one', `echo one >mnt/data/said; ${wait}`, withVolumes(external('data', { size: '5' }))),
    );
    await waitFor('it has written', () => existsSync(join(plugin.folder, 'data/said')));
    const reads = `grep one mnt/data/said && ! touch mnt/data/new`;
    master.launch(shellTask('two', reads, withVolumes(external('data', {}, 'RO'))));
    await master.until('two', 'TASK_FINISHED');
    expect(plugin.calls).toEqual(['Create data {"size":"5"}', 'Mount data']);
    writeFileSync(join(plugin.folder, 'data/go'), '');
    await master.until('one', 'TASK_FINISHED');
    await waitFor('it is unmounted', () => plugin.calls.at(-1) === 'Unmount data');
    expect(plugin.calls).toHaveLength(3);
  });

  it.each([
    ['says no', '{"Err":"disk on fire"}', "The driver 'test' cannot mount 'data': disk on fire"],
    ['answers nonsense', '<html>', "The driver 'test' cannot mount 'data': it answered 200: <html>"],
    ['does not say where', '{"Err":""}', "The driver 'test' did not say where it has mounted 'data'"],
    ['does not answer', '', "The driver 'test' cannot mount 'data': no answer after 0.5 s"],
  ])('fails the task when its driver %s', async (_what, answer, message) => {
    const { master, plugin } = await start({ docker_volume_timeout: '500ms' });
    plugin.answers.set('Mount', answer);
    master.launch(shellTask('task', 'true', withVolumes(external('data'))));
    const status = await master.until('task', 'TASK_FAILED');
    expect(status.message).toBe(`Failed to launch container: docker/volume: ${message}`);
    await waitFor('what may have been mounted is unmounted', () => plugin.calls.at(-1) === 'Unmount data');
  });

  it.each<[string, Volume[], RegExp]>([
    [
      'has a driver that is not there',
      [
        {
          mode: 'RW',
          container_path: 'x',
          source: { type: 'DOCKER_VOLUME', docker_volume: { driver: 'none', name: 'x' } },
        },
      ],
      /The driver 'none' cannot create 'x': there is no none\.sock in /,
    ],
    [
      'has a driver whose name leads elsewhere',
      [
        {
          mode: 'RW',
          container_path: 'x',
          source: { type: 'DOCKER_VOLUME', docker_volume: { driver: '../x', name: 'x' } },
        },
      ],
      /that is no name of a driver/,
    ],
    ['is there twice', [external('data'), external('data')], /Found duplicate docker volume with driver/],
    [
      'names no driver',
      [
        {
          mode: 'RW',
          container_path: 'x',
          source: { type: 'DOCKER_VOLUME', docker_volume: { name: 'x' } },
        },
      ],
      /The volume x names no driver/,
    ],
    [
      'is one of CSI',
      [
        {
          mode: 'RW',
          container_path: 'x',
          source: { type: 'CSI_VOLUME', csi_volume: { plugin_name: 'x' } },
        },
      ],
      /Volume x: this agent has no volumes of the kind CSI_VOLUME/,
    ],
    [
      'leads out of the sandbox',
      [{ ...external('data'), container_path: '../data' }],
      /leads out of the sandbox/,
    ],
  ])('is refused when it %s', async (_what, volumes, message) => {
    const { master } = await start();
    master.launch(shellTask('task', 'true', withVolumes(...volumes)));
    expect((await master.until('task', 'TASK_FAILED')).message).toMatch(message);
  });

  it('may come by the program dvdcli, as in Mesos', async () => {
    const folder = await temporaryFolder();
    const [program, diary] = [join(folder, 'dvdcli'), join(folder, 'diary')];
    writeFileSync(
      program,
      `#!/bin/sh\necho "$*" >>${diary}\n[ "$1" = unmount ] || { mkdir -p ${folder}/at; echo ${folder}/at; }\n`,
    );
    chmodSync(program, 0o755);
    const { master } = await start({ docker_volume_dvdcli: program });
    master.launch(
      shellTask('task', 'echo hello >mnt/data/file', withVolumes(external('data', { size: '5' }))),
    );
    await master.until('task', 'TASK_FINISHED');
    expect(readFileSync(join(folder, 'at/file'), 'utf8')).toBe('hello\n');
    await waitFor('it is unmounted', () => readFileSync(diary, 'utf8').includes('unmount'));
    expect(readFileSync(diary, 'utf8').split('\n')).toEqual([
      'mount --volumedriver=test --volumename=data --volumeopts=size=5',
      'unmount --volumedriver=test --volumename=data',
      '',
    ]);
  });
});

describe.runIf(isRoot)('external volumes of an agent that is killed', { timeout: TIMEOUT_MS }, () => {
  let program: AgentProgram;

  beforeAll(async () => {
    program = await buildAgentProgram();
  }, TIMEOUT_MS);

  afterAll(() => program?.remove());

  const prepare = async () => {
    const plugin = await startVolumePlugin();
    const master = await startFakeMaster();
    onTestEnd(() => master.close());
    const workDir = await temporaryFolder();
    const more = { isolation: ISOLATION, isolatorFlags: { docker_volume_plugins_dir: plugin.sockets } };
    return { plugin, master, start: () => program.start({ master: master.url, workDir, more }) };
  };

  const unmounts = ({ calls }: VolumePlugin): string[] =>
    calls.filter((call) => call.startsWith('Unmount')).sort();

  it('stay mounted for containers that run, and are unmounted for those that have ended', async () => {
    const { plugin, master, start } = await prepare();
    const agent = await start();
    const task = (id: string) =>
      shellTask(id, `touch mnt/${id}/up; until [ -e mnt/${id}/go ]; do sleep 0.1; done`, {
        ...withVolumes(external(id)),
      });
    master.launch(task('short'), task('long'));
    for (const id of ['short', 'long']) {
      await waitFor(`${id} is up`, () => existsSync(join(plugin.folder, id, 'up')));
    }
    await agent.kill();
    writeFileSync(join(plugin.folder, 'short/go'), '');
    await start();
    await master.until('short', 'TASK_FINISHED');
    await waitFor('one is unmounted', () => unmounts(plugin).length === 1);
    expect(unmounts(plugin)).toEqual(['Unmount short']);
    writeFileSync(join(plugin.folder, 'long/go'), '');
    await master.until('long', 'TASK_FINISHED');
    await waitFor('so is the other', () => unmounts(plugin).length === 2);
    expect(unmounts(plugin)).toEqual(['Unmount long', 'Unmount short']);
  });
});
