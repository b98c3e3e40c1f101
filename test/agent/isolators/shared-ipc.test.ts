import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { ContainerInfo, ExecutorInfo } from '../../../src/mesos/generated/mesos.ts';
import { waitFor } from '../../support/wait-for.ts';
import { FRAMEWORK, shellTask } from '../fake-master.ts';
import { startTestCluster } from '../test-agent.ts';

const isRoot = process.getuid?.() === 0;
const title = `IPC that the containers of a pod share${isRoot ? '' : ' (skipped: needs root)'}`;

const withIpc = (linux_info: NonNullable<ContainerInfo['linux_info']>): { container: ContainerInfo } => ({
  container: { type: 'MESOS', linux_info },
});

const executor: ExecutorInfo = {
  type: 'DEFAULT',
  executor_id: { value: 'pod' },
  ...withIpc({ ipc_mode: 'PRIVATE', shm_size: 16, share_cgroups: false }),
};

/** Says which namespace it is in and how large its /dev/shm is, leaves a file there, and lists what it sees of others. */
const look = (id: string): string =>
  `readlink /proc/self/ns/ipc; df -k /dev/shm | tail -1 | awk '{print $2}'; touch /dev/shm/plenum-${id}; while :; do ls /dev/shm | tr '\\n' ' '; echo; sleep 0.2; done`;

describe.runIf(isRoot)(title, { timeout: 90_000 }, () => {
  it('is one for all that want none of their own, and gone with the last of them', async () => {
    const { master, agent, folder } = await startTestCluster({
      isolation: 'filesystem/linux,namespaces/pid,namespaces/ipc',
    });
    const tasks = [
      shellTask('one', look('one'), { executor }),
      shellTask('two', look('two'), { executor, ...withIpc({ ipc_mode: 'SHARE_PARENT' }) }),
      shellTask('own', look('own'), { executor, ...withIpc({ ipc_mode: 'PRIVATE', shm_size: 4 }) }),
    ];
    master.send({
      type: 'LAUNCH',
      launch: { framework_info: FRAMEWORK, executor_info: executor, tasks, is_group: true },
    });
    const printed = (id: string): string[] => {
      const file = join(folder, 'slaves/agent-0/frameworks/fw/executors/pod/runs/latest/tasks', id, 'stdout');
      return existsSync(file) ? readFileSync(file, 'utf8').split('\n') : [];
    };
    const sees = (id: string, files: string): Promise<boolean> =>
      waitFor(`${id} sees ${files}`, () => printed(id).includes(files), { timeoutMs: 30_000 });
    await sees('one', 'plenum-one plenum-two ');
    await sees('two', 'plenum-one plenum-two ');
    await sees('own', 'plenum-own ');
    const [namespace, size] = printed('one');
    expect(namespace).toMatch(/^ipc:\[\d+\]$/);
    expect(size).toBe(String(16 * 1024));
    expect(printed('two').slice(0, 2)).toEqual([namespace, size]);
    const [apart, smaller] = printed('own');
    expect(apart).toMatch(/^ipc:\[\d+\]$/);
    expect(apart).not.toBe(namespace);
    expect(smaller).toBe(String(4 * 1024));
    expect(existsSync('/dev/shm/plenum-one')).toBe(false);

    await agent.endTasks();
    const kept = join(folder, 'meta/ipc');
    await waitFor('nothing of it is left', () => readdirSync(kept).length === 0, { timeoutMs: 30_000 });
    expect(readFileSync('/proc/self/mountinfo', 'utf8')).not.toContain(kept);
  });
});
