import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { TaskInfo } from '../../../src/mesos/generated/mesos.ts';
import { waitFor } from '../../support/wait-for.ts';
import { shellTask } from '../fake-master.ts';
import { startTestCluster, temporaryFolder } from '../test-agent.ts';

const isRoot = process.getuid?.() === 0;
const scalar = (name: string, value: number) => ({
  name,
  type: 'SCALAR' as const,
  scalar: { value },
  allocation_info: { role: '*' },
});

/** A Node.js program that takes more and more memory, and does not mind that children die. */
const EATER = `exec ${process.execPath} -e 'const kept = []; setInterval(() => kept.push(Buffer.alloc(8e6, 1)), 1)'`;

const containerOf = (linux_info: NonNullable<TaskInfo['container']>['linux_info']): Partial<TaskInfo> => ({
  container: { type: 'MESOS', ...(linux_info ? { linux_info } : {}) },
});

const outputOf = (folder: string, task: string): string =>
  join(folder, 'slaves/agent-0/frameworks/fw/executors', task, 'runs/latest/stdout');

describe.skipIf(!isRoot)('an agent that runs as root', () => {
  it('ends a container that takes more memory than it has, and says how much that was', async () => {
    const { master } = await startTestCluster();
    master.launch(shellTask('eats', EATER));
    const status = await master.until('eats', 'TASK_FAILED');
    expect(status.reason).toBe('REASON_CONTAINER_LIMITATION_MEMORY');
    // The 32 MB of the task, and as much for its executor.
    expect(status.message).toMatch(
      /^Memory limit exceeded: Requested: 64MB Maximum Used: 6\d.*\n\nMEMORY STATISTICS: \n/,
    );
    expect(status.limitation?.resources).toMatchObject([
      { name: 'mem', scalar: { value: expect.any(Number) } },
    ]);
  });

  it('ends the whole container when the kernel killed a child of its command', async () => {
    const { master } = await startTestCluster();
    master.launch(shellTask('careless', `( ${EATER} ); sleep 1000`));
    const status = await master.until('careless', 'TASK_FAILED');
    expect(status.reason).toBe('REASON_CONTAINER_LIMITATION_MEMORY');
  });

  it('lets a task go up to its own limit', async () => {
    const { master } = await startTestCluster();
    const take = `${process.execPath} -e 'Buffer.alloc(1.5e8, 1)'`;
    master.launch(shellTask('roomy', take, { limits: { mem: { value: 512 } } }));
    await master.until('roomy', 'TASK_FINISHED');
  });

  it('tells what a container uses, and what it may use', async () => {
    const { master, agent } = await startTestCluster();
    master.launch(shellTask('busy', 'while :; do :; done', { limits: { cpus: { value: 0.5 } } }));
    await master.until('busy', 'TASK_RUNNING');
    const read = async () => (await (await fetch(`${agent.url}/monitor/statistics`)).json())[0].statistics;
    const statistics = await waitFor('it has used some time', async () => {
      const now = await read();
      return now.cpus_user_time_secs > 0.1 && now;
    });
    expect(statistics).toMatchObject({
      cpus_limit: 0.5,
      cpus_soft_limit: 0.2,
      mem_limit_bytes: 64 * 1024 * 1024,
      mem_soft_limit_bytes: 64 * 1024 * 1024,
      mem_total_bytes: expect.any(Number),
      mem_rss_bytes: expect.any(Number),
      processes: expect.any(Number),
      threads: expect.any(Number),
    });
  });

  it('shows a container its own processes only, unless it shares the namespace', async () => {
    const { master, folder } = await startTestCluster();
    const out = (name: string) => join(folder, name);
    master.launch(
      shellTask('own', `ls /proc | grep -c '^[0-9]' > ${out('own')}`),
      shellTask('shared', `[ -d /proc/${process.pid} ]`, containerOf({ share_pid_namespace: true })),
    );
    await master.until('own', 'TASK_FINISHED');
    await master.until('shared', 'TASK_FINISHED');
    expect(Number(readFileSync(out('own'), 'utf8'))).toBeLessThan(10);
  });

  it('mounts volumes for the container alone, and read-only ones so', async () => {
    const { master } = await startTestCluster();
    const host = await temporaryFolder();
    writeFileSync(join(host, 'file'), 'from the host');
    const volumes = [
      { mode: 'RO' as const, container_path: 'given', host_path: host },
      {
        mode: 'RW' as const,
        container_path: host,
        source: { type: 'SANDBOX_PATH' as const, sandbox_path: { type: 'SELF' as const, path: 'own' } },
      },
    ];
    const container = { type: 'MESOS' as const, volumes };
    const command = `grep -q host given/file && ! touch given/new && touch ${host}/mine && [ -e own/mine ]`;
    master.launch(shellTask('mounts', command, { container }));
    await master.until('mounts', 'TASK_FINISHED');
    expect(() => readFileSync(join(host, 'mine'))).toThrow();
  });

  it('takes capabilities away, also from root', async () => {
    const { master } = await startTestCluster();
    const isolation = containerOf({
      bounding_capabilities: { capabilities: ['CHOWN', 'NET_RAW'] },
      effective_capabilities: { capabilities: ['NET_RAW'] },
    });
    const file = 'cat /proc/self/status';
    master.launch(
      shellTask('weak', `${file} | grep -q 'CapBnd:.*0000000000002001' && ! hostname other`, isolation),
    );
    await master.until('weak', 'TASK_FINISHED');
    const beyond = containerOf({
      bounding_capabilities: { capabilities: ['CHOWN'] },
      effective_capabilities: { capabilities: ['SYS_ADMIN'] },
    });
    master.launch(shellTask('strong', 'true', beyond));
    const status = await master.until('strong', 'TASK_FAILED');
    expect(status.message).toContain('linux/capabilities: SYS_ADMIN cannot be had');
  });

  it('keeps a container to so many processes', async () => {
    const { master } = await startTestCluster({ isolatorFlags: { cgroups_pids_limit: '20' } });
    master.launch(shellTask('forks', 'for i in $(seq 100); do sleep 1000 & done; exit 0'));
    const status = await master.until('forks', 'TASK_FAILED');
    expect(status.message).toBe('Command exited with status 2');
  });

  it('gives each container graphics processors of its own', async () => {
    const { spawnSync } = await import('node:child_process');
    const devices = await temporaryFolder();
    mkdirSync(devices, { recursive: true });
    for (const [name, minor] of [
      ['nvidia0', '0'],
      ['nvidia1', '1'],
      ['nvidiactl', '255'],
    ] as const) {
      expect(spawnSync('mknod', [join(devices, name), 'c', '195', minor]).status).toBe(0);
    }
    const { master, folder } = await startTestCluster({
      isolation: 'cgroups/devices,gpu/nvidia',
      isolatorFlags: { nvidia_device_folder: devices },
      resources: 'cpus:4;mem:1024',
    });
    const detected = master.subscriptions()[0]?.agent_info.resources?.find(({ name }) => name === 'gpus');
    expect(detected?.scalar?.value).toBe(2);
    const resources = [scalar('cpus', 0.1), scalar('mem', 32), scalar('gpus', 1)];
    // Nobody drives these devices: who may open one hears that it is not there, who may not that it is forbidden.
    const command = `echo $NVIDIA_VISIBLE_DEVICES; for n in 0 1; do cat ${devices}/nvidia$n 2>&1; done; sleep 1000`;
    const seen = async (id: string) => {
      master.launch(shellTask(id, command, { resources }));
      await master.until(id, 'TASK_RUNNING');
    };
    await seen('one');
    await seen('two');
    const outputs = await waitFor('both have tried', () => {
      const texts = ['one', 'two'].map((id) => readFileSync(outputOf(folder, id), 'utf8'));
      return texts.every((text) => text.split('\n').length === 4) && texts;
    });
    const forbidden = /Operation not permitted/;
    expect(outputs.map((text) => text.split('\n').map((line) => forbidden.test(line)))).toEqual([
      [false, false, true, false],
      [false, true, false, false],
    ]);
    expect(outputs.map((text) => text.split('\n')[0])).toEqual(['0', '1']);
    master.launch(shellTask('three', 'true', { resources }));
    const status = await master.until('three', 'TASK_FAILED');
    expect(status.message).toContain('1 gpus are asked for, and 0 are free');
  });
});

describe('an agent', () => {
  it('gives a command the limits of its ContainerInfo', async () => {
    const { master } = await startTestCluster({ isolation: 'posix/cpu,posix/mem,posix/rlimits' });
    const rlimits = [
      { type: 'RLMT_NOFILE' as const, soft: 100, hard: 200 },
      { type: 'RLMT_CORE' as const, soft: 0, hard: 0 },
    ];
    const container = { type: 'MESOS' as const, rlimit_info: { rlimits } };
    const command = '[ "$(ulimit -Sn)/$(ulimit -Hn)/$(ulimit -Hc)" = 100/200/0 ]';
    master.launch(shellTask('limited', command, { container }));
    await master.until('limited', 'TASK_FINISHED');
  });

  it.each([
    [
      'above the hard one',
      { type: 'RLMT_NOFILE' as const, soft: 3, hard: 2 },
      /soft limit 3 of RLMT_NOFILE is above/,
    ],
    ['without a hard one', { type: 'RLMT_NOFILE' as const, soft: 3 }, /needs both of 'soft' and 'hard'/],
    ['of no known type', { type: 'UNKNOWN' as const }, /no type that is known/],
  ])('refuses a soft limit %s', async (_what, rlimit, message) => {
    const { master } = await startTestCluster({ isolation: 'posix/rlimits' });
    const container = { type: 'MESOS' as const, rlimit_info: { rlimits: [rlimit] } };
    master.launch(shellTask('wrong', 'true', { container }));
    const status = await master.until('wrong', 'TASK_FAILED');
    expect(status.reason).toBe('REASON_CONTAINER_LAUNCH_FAILED');
    expect(status.message).toMatch(message);
  });

  it('ends a container that writes more than its disk, when that is enforced', async () => {
    const { master } = await startTestCluster({
      isolation: 'posix/cpu,posix/mem,disk/du',
      isolatorFlags: { enforce_container_disk_quota: 'true', container_disk_watch_interval: '100ms' },
    });
    const resources = [scalar('cpus', 0.1), scalar('mem', 32), scalar('disk', 2)];
    master.launch(shellTask('writes', 'head -c 5000000 /dev/zero > file; sleep 1000', { resources }));
    const status = await master.until('writes', 'TASK_FAILED');
    expect(status.reason).toBe('REASON_CONTAINER_LIMITATION_DISK');
    expect(status.message).toMatch(/^Disk usage \(\d+[KM]B\) exceeds quota \(2MB\)$/);
    expect(status.limitation?.resources).toMatchObject([{ name: 'disk', scalar: { value: 4 } }]);
  });

  it('ends a container that listens where it may not, when that is enforced', async () => {
    const { master } = await startTestCluster({
      isolation: 'posix/cpu,posix/mem,network/ports',
      isolatorFlags: { enforce_container_ports: 'true', container_ports_watch_interval: '100ms' },
    });
    const free = createServer();
    await new Promise<void>((resolve) => free.listen(0, () => resolve()));
    const { port } = free.address() as { port: number };
    await new Promise((resolve) => free.close(resolve));
    const listen = `exec ${process.execPath} -e 'require("net").createServer().listen(${port})'`;
    const ports = {
      name: 'ports',
      type: 'RANGES' as const,
      ranges: { range: [{ begin: port, end: port }] },
      allocation_info: { role: '*' },
    };
    master.launch(
      shellTask('may', listen.replace('listen(', 'listen(').replace('createServer()', 'createServer()'), {
        resources: [scalar('cpus', 0.1), scalar('mem', 32), ports],
      }),
    );
    await master.until('may', 'TASK_RUNNING');
    const other = listen.replace(`listen(${port})`, 'listen(0)');
    master.launch(shellTask('may-not', other));
    const status = await master.until('may-not', 'TASK_FAILED');
    expect(status.reason).toBe('REASON_CONTAINER_LIMITATION');
    expect(status.message).toMatch(/^Container is listening on unallocated port\(s\): \[\d+-\d+\]$/);
    expect(master.states('may').at(-1)).toBe('TASK_RUNNING');
  });
});
