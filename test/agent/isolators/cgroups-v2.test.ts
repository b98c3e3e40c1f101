import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, vi } from 'vitest';
import { Cgroups, type Controller } from '../../../src/agent/isolators/cgroups/cgroups.ts';
import { cgroupsCpu } from '../../../src/agent/isolators/cgroups-cpu.ts';
import { cgroupsMem } from '../../../src/agent/isolators/cgroups-mem.ts';
import { cgroupsPids } from '../../../src/agent/isolators/cgroups-pids.ts';
import { defaultIsolation } from '../../../src/agent/isolators/default-isolation.ts';
import type { Isolator, IsolatorContext, IsolatorFactory } from '../../../src/agent/isolators/isolator.ts';
import { systemClock } from '../../../src/runtime/clock.ts';
import { silentLog } from '../../../src/runtime/log.ts';
import { waitFor } from '../../support/wait-for.ts';
import { onTestEnd } from '../test-agent.ts';
import { type CgroupTree, makeCgroupTree } from './cgroup-tree.ts';
import { containerOf, scalar } from './isolated-container.ts';

// The kernel removes a group although it has files, as long as it has no groups below it.
vi.mock('node:fs', async (original) => {
  const fs = await original<typeof import('node:fs')>();
  const rmdirSync = (path: string): void => {
    if (fs.readdirSync(path, { withFileTypes: true }).some((entry) => entry.isDirectory())) {
      throw Object.assign(new Error('EBUSY'), { code: 'EBUSY' });
    }
    if (path.startsWith('/sys/')) fs.rmdirSync(path);
    else fs.rmSync(path, { recursive: true });
  };
  return { ...fs, rmdirSync };
});

const MIB = 1024 * 1024;
const make = async (
  factory: IsolatorFactory,
  tree: CgroupTree,
  flags: Record<string, string> = {},
): Promise<Isolator> => {
  const context: IsolatorContext = {
    workDir: '/work',
    clock: systemClock,
    log: silentLog,
    isolation: [],
    flags: { cgroups_hierarchy: tree.folder, ...flags },
  };
  const isolator = await factory(context);
  onTestEnd(async () => isolator.close?.());
  return isolator;
};

describe('cgroups of the second version', () => {
  it('hand their controllers down, and have processes in a group at the bottom', async () => {
    const tree = await makeCgroupTree();
    const isolator = await make(cgroupsMem, tree);
    await isolator.prepare?.(containerOf('c'));
    const group = tree.groupOf('c');
    for (const folder of [tree.folder, join(tree.folder, 'mesos'), join(group, '..')]) {
      expect(readFileSync(join(folder, 'cgroup.subtree_control'), 'utf8')).toContain('+memory');
    }
    expect(existsSync(join(group, 'cgroup.subtree_control'))).toBe(false);
    expect(isolator.cgroups?.(containerOf('c'))).toEqual([join(group, 'leaf', 'cgroup.procs')]);
    await isolator.cleanup?.('c');
    expect(existsSync(group)).toBe(false);
  });

  it('share processors by weight, and limit them by the time in a period', async () => {
    const tree = await makeCgroupTree();
    const isolator = await make(cgroupsCpu, tree, { cgroups_enable_cfs: 'true' });
    await isolator.prepare?.(containerOf('half'));
    expect(tree.read('half', 'cpu.weight')).toBe('50');
    expect(tree.read('half', 'cpu.max')).toBe('50000 100000');
    await isolator.prepare?.(containerOf('free', { limits: { cpus: Number.POSITIVE_INFINITY } }));
    expect(tree.read('free', 'cpu.max')).toBe('max 100000');
    await isolator.prepare?.(containerOf('huge', { resources: [scalar('cpus', 1_000)] }));
    expect(tree.read('huge', 'cpu.weight')).toBe('10000');
    const revocable = [{ ...scalar('cpus', 4), revocable: {} }];
    await isolator.prepare?.(containerOf('low', { resources: revocable }));
    expect(tree.read('low', 'cpu.weight')).toBe('4');
    await isolator.update?.(containerOf('half'), { resources: [scalar('cpus', 2)], limits: {} });
    expect(tree.read('half', 'cpu.weight')).toBe('200');
    expect(tree.read('half', 'cpu.max')).toBe('200000 100000');
  });

  it('are together as much as the machine has, beside what else runs on it', async () => {
    const tree = await makeCgroupTree();
    const isolator = await make(cgroupsCpu, tree);
    await isolator.prepare?.(containerOf('c'));
    const weight = String(availableParallelism() * 100);
    for (const above of ['..', '../..']) expect(tree.read(`c/${above}`, 'cpu.weight')).toBe(weight);
  });

  it('tell how much time was used, and how often there was none', async () => {
    const tree = await makeCgroupTree();
    const isolator = await make(cgroupsCpu, tree);
    await isolator.prepare?.(containerOf('c', { limits: { cpus: 0.25 } }));
    const stat = 'usage_usec 3500000\nuser_usec 2500000\nsystem_usec 1000000\n';
    tree.write('c', 'cpu.stat', `${stat}nr_periods 10\nnr_throttled 4\nthrottled_usec 1500000\n`);
    expect(await isolator.usage?.('c')).toEqual({
      cpus_user_time_secs: 2.5,
      cpus_system_time_secs: 1,
      cpus_nr_periods: 10,
      cpus_nr_throttled: 4,
      cpus_throttled_time_secs: 1.5,
      cpus_limit: 0.25,
    });
  });

  it('have a soft and a hard limit of memory, and one that is never below what runs needs', async () => {
    const tree = await makeCgroupTree();
    const isolator = await make(cgroupsMem, tree, { cgroups_limit_swap: 'true' });
    await isolator.prepare?.(containerOf('c', { limits: { mem: 128 } }));
    expect(tree.read('c', 'memory.low')).toBe(String(64 * MIB));
    expect(tree.read('c', 'memory.max')).toBe(String(128 * MIB));
    expect(tree.read('c', 'memory.swap.max')).toBe('0');
    await isolator.update?.(containerOf('c'), { resources: [scalar('mem', 40)], limits: {} });
    expect(tree.read('c', 'memory.low')).toBe(String(40 * MIB));
    expect(tree.read('c', 'memory.max')).toBe(String(128 * MIB));
    await isolator.update?.(containerOf('c'), { resources: [scalar('mem', 500)], limits: {} });
    expect(tree.read('c', 'memory.max')).toBe(String(500 * MIB));
    await isolator.prepare?.(containerOf('free', { limits: { mem: Number.POSITIVE_INFINITY } }));
    expect(tree.read('free', 'memory.max')).toBe('max');
    tree.write('free', 'memory.max', 'max\n');
    expect(await isolator.usage?.('free')).not.toHaveProperty('mem_limit_bytes');
  });

  it('tell how much memory is used, for what', async () => {
    const tree = await makeCgroupTree();
    const isolator = await make(cgroupsMem, tree);
    await isolator.prepare?.(containerOf('c'));
    tree.write('c', 'memory.current', '5000\n');
    tree.write('c', 'memory.swap.current', '70\n');
    tree.write('c', 'memory.stat', 'anon 3000\nfile 1500\nfile_mapped 400\nunevictable 9\n');
    expect(await isolator.usage?.('c')).toEqual({
      mem_total_bytes: 5_000,
      mem_limit_bytes: 64 * MIB,
      mem_soft_limit_bytes: 64 * MIB,
      mem_swap_bytes: 70,
      mem_rss_bytes: 3_000,
      mem_anon_bytes: 3_000,
      mem_cache_bytes: 1_500,
      mem_file_bytes: 1_500,
      mem_mapped_file_bytes: 400,
      mem_unevictable_bytes: 9,
    });
  });

  it.each([
    ['with its peak', `${60 * MIB}\n`, 'Maximum Used: 60MB', 60],
    ['without, as old kernels', '', 'Maximum Used: 64MB', 64],
  ])('tell of a kill for want of memory, %s', async (_what, peak, said, value) => {
    const tree = await makeCgroupTree();
    const isolator = await make(cgroupsMem, tree);
    await isolator.prepare?.(containerOf('c'));
    tree.write('c', 'memory.events', 'low 0\nhigh 0\nmax 5\noom 1\noom_kill 0\n');
    expect(await isolator.autopsy?.('c')).toBeUndefined();
    if (peak !== '') tree.write('c', 'memory.peak', peak);
    tree.write('c', 'memory.stat', 'anon 3000\n');
    tree.write('c', 'memory.events', 'low 0\nhigh 0\nmax 9\noom 2\noom_kill 1\n');
    const limitation = {
      reason: 'REASON_CONTAINER_LIMITATION_MEMORY',
      message: `Memory limit exceeded: Requested: 64MB ${said}\n\nMEMORY STATISTICS: \nanon 3000\n\n`,
      resources: [{ name: 'mem', type: 'SCALAR', role: '*', scalar: { value } }],
    };
    expect(await isolator.autopsy?.('c')).toEqual(limitation);
    expect(await isolator.watch?.('c')).toEqual(limitation);
  });

  it('do not take an old kill for that of a container which shares the limits', async () => {
    const tree = await makeCgroupTree();
    const isolator = await make(cgroupsMem, tree);
    await isolator.prepare?.(containerOf('pod'));
    tree.write('pod', 'memory.events', 'oom_kill 2\n');
    const nested = { parentId: 'pod', limitedAs: 'pod' };
    await isolator.prepare?.(containerOf('late', nested));
    expect(await isolator.autopsy?.('late')).toBeUndefined();
    tree.write('pod', 'memory.events', 'oom_kill 3\n');
    expect(await isolator.autopsy?.('late')).toMatchObject({ reason: 'REASON_CONTAINER_LIMITATION_MEMORY' });
  });

  it('count processes, and limit their number', async () => {
    const tree = await makeCgroupTree();
    const isolator = await make(cgroupsPids, tree, { cgroups_pids_limit: '20' });
    await isolator.prepare?.(containerOf('c'));
    expect(tree.read('c', 'pids.max')).toBe('20');
    tree.write('c', 'leaf/cgroup.procs', '1000001\n1000002\n');
    tree.write('c', 'pids.current', '7\n');
    expect(await isolator.usage?.('c')).toEqual({ processes: 2, threads: 7 });
  });

  it('of a former life that belong to nobody are removed, with groups that were made below', async () => {
    const tree = await makeCgroupTree();
    const isolator = await make(cgroupsPids, tree);
    await isolator.prepare?.(containerOf('known'));
    await isolator.prepare?.(containerOf('orphan'));
    mkdirSync(join(tree.groupOf('orphan'), 'leaf', 'made', 'deep'), { recursive: true });
    const next = await make(cgroupsPids, tree);
    await next.recover?.([{ ...containerOf('known'), pid: undefined }]);
    expect(existsSync(tree.groupOf('known'))).toBe(true);
    expect(existsSync(tree.groupOf('orphan'))).toBe(false);
  });

  it('without a controller are said to be so, and not taken by default', async () => {
    const tree = await makeCgroupTree('cpu pids');
    await expect(make(cgroupsMem, tree)).rejects.toThrow(
      `this machine has no cgroups of memory below ${tree.folder}`,
    );
    const flags = { cgroups_hierarchy: tree.folder };
    const names = defaultIsolation({ workDir: '/work', flags, clock: systemClock });
    if (process.getuid?.() !== 0) return;
    expect(names).toEqual(expect.arrayContaining(['cgroups/cpu', 'posix/mem', 'cgroups/pids']));
  });
});

const UNIFIED = ['/sys/fs/cgroup', '/sys/fs/cgroup/unified'].find((folder) =>
  existsSync(join(folder, 'cgroup.controllers')),
);
const controller =
  UNIFIED && readFileSync(join(UNIFIED, 'cgroup.controllers'), 'utf8').trim().split(' ').at(-1);

describe.runIf(process.getuid?.() === 0 && controller)(
  'cgroups of the second version, of this kernel',
  () => {
    it('are joined, killed and removed, with those that the container has made', async () => {
      const name = controller as Controller;
      const root = `plenum-test-${process.pid}`;
      const cgroups = new Cgroups({
        hierarchy: UNIFIED ?? '',
        root,
        clock: systemClock,
        destroyTimeoutMs: 20_000,
      });
      onTestEnd(async () => cgroups.removeRoot(name));
      expect(cgroups.version).toBe(2);
      cgroups.make(name, 'c');
      const leaf = join(UNIFIED ?? '', root, 'c', 'leaf');
      const startIn = (folder: string): ChildProcess =>
        spawn('/bin/sh', ['-c', `echo 0 >${folder}/cgroup.procs && exec sleep 1000`], { stdio: 'ignore' });
      const first = startIn(leaf);
      await waitFor('one has joined', () => cgroups.processes(name, 'c').includes(first.pid ?? 0));
      mkdirSync(join(leaf, 'own'));
      const second = startIn(join(leaf, 'own'));
      const list = join(leaf, 'own', 'cgroup.procs');
      await waitFor('the other, too', () => readFileSync(list, 'utf8').includes(String(second.pid)));
      await cgroups.remove(name, 'c');
      expect(cgroups.list(name)).toEqual([]);
      await waitFor('both are dead', () => first.signalCode === 'SIGKILL' && second.signalCode === 'SIGKILL');
    });
  },
);
