import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { waitFor } from '../../support/wait-for.ts';
import { shellTask } from '../fake-master.ts';
import { startTestCluster, temporaryFolder } from '../test-agent.ts';
import { makeCgroupTree } from './cgroup-tree.ts';

const isRoot = process.getuid?.() === 0;
const scalar = (name: string, value: number) => ({
  name,
  type: 'SCALAR' as const,
  scalar: { value },
  allocation_info: { role: '*' },
});
const RESOURCES = [scalar('cpus', 0.1), scalar('mem', 32), scalar('gpus', 1)];

/** A folder like /dev with two graphics processors, which nobody drives. */
const makeDevices = async (): Promise<string> => {
  const folder = await temporaryFolder();
  for (const [name, minor] of [
    ['nvidia0', '0'],
    ['nvidia1', '1'],
    ['nvidiactl', '255'],
  ] as const) {
    expect(spawnSync('mknod', [join(folder, name), 'c', '195', minor]).status).toBe(0);
  }
  return folder;
};

const outputOf = (folder: string, task: string): string =>
  readFileSync(join(folder, 'slaves/agent-0/frameworks/fw/executors', task, 'runs/latest/stdout'), 'utf8');

describe.runIf(isRoot)('graphics processors', { timeout: 60_000 }, () => {
  it('are out of the sight of others where cgroups know no devices', async () => {
    const devices = await makeDevices();
    const { folder: hierarchy } = await makeCgroupTree();
    const { master, folder } = await startTestCluster({
      isolation: 'filesystem/linux,gpu/nvidia',
      isolatorFlags: { nvidia_device_folder: devices, cgroups_hierarchy: hierarchy },
      resources: 'cpus:4;mem:1024',
    });
    const look = `for n in 0 1; do stat -c %t ${devices}/nvidia$n; done; echo seen; sleep 1000`;
    master.launch(shellTask('one', look, { resources: RESOURCES }));
    await master.until('one', 'TASK_RUNNING');
    master.launch(shellTask('none', look));
    for (const id of ['one', 'none']) {
      await waitFor(`${id} has looked`, () => outputOf(folder, id).includes('seen'));
    }
    // The major number of such a processor is c3, and 1 that of /dev/null.
    expect(outputOf(folder, 'one')).toBe('c3\n1\nseen\n');
    expect(outputOf(folder, 'none')).toBe('1\n1\nseen\n');
  });

  it('stay with their containers when the agent is restarted, and are free when these end', async () => {
    const devices = await makeDevices();
    const { folder: hierarchy } = await makeCgroupTree();
    const cluster = await startTestCluster({
      isolation: 'filesystem/linux,gpu/nvidia',
      isolatorFlags: { nvidia_device_folder: devices, cgroups_hierarchy: hierarchy },
      resources: 'cpus:4;mem:1024;gpus:2',
    });
    const { master } = cluster;
    const command = 'echo $NVIDIA_VISIBLE_DEVICES; until [ -e go ]; do sleep 0.1; done';
    const launch = (id: string): void => master.launch(shellTask(id, command, { resources: RESOURCES }));
    for (const id of ['one', 'two']) {
      launch(id);
      await master.until(id, 'TASK_RUNNING');
    }
    await cluster.restart();
    launch('three');
    expect((await master.until('three', 'TASK_FAILED')).message).toContain(
      '1 gpus are asked for, and 0 are free',
    );
    master.send({ type: 'KILL', kill: { framework_id: { value: 'fw' }, task_id: { value: 'one' } } });
    await master.until('one', 'TASK_KILLED');
    await waitFor('its processor is free', async () => {
      const id = `next-${Math.random()}`;
      launch(id);
      await waitFor('a state', () => master.states(id).some((state) => /RUNNING|FAILED/.test(state)));
      return master.states(id).includes('TASK_RUNNING');
    });
  });
});
