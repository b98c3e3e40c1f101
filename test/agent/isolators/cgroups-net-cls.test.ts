import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { cgroupsNetCls } from '../../../src/agent/isolators/cgroups-net-cls.ts';
import type { Isolator } from '../../../src/agent/isolators/isolator.ts';
import { systemClock } from '../../../src/runtime/clock.ts';
import { silentLog } from '../../../src/runtime/log.ts';
import { temporaryFolder } from '../test-agent.ts';
import { makeCgroupTree } from './cgroup-tree.ts';
import { containerOf } from './isolated-container.ts';

const make = async (hierarchy: string, flags: Record<string, string>): Promise<Isolator> =>
  cgroupsNetCls({
    workDir: '/work',
    clock: systemClock,
    log: silentLog,
    isolation: [],
    flags: { cgroups_hierarchy: hierarchy, ...flags },
  });

/** Like the first version of cgroups, with this controller alone. */
const makeHierarchy = async (): Promise<string> => {
  const folder = await temporaryFolder();
  mkdirSync(join(folder, 'net_cls'));
  writeFileSync(join(folder, 'net_cls', 'cgroup.procs'), '');
  return folder;
};

describe('cgroups/net_cls', () => {
  it('gives each container a class of its own, and tells it', async () => {
    const hierarchy = await makeHierarchy();
    const isolator = await make(hierarchy, {
      cgroups_net_cls_primary_handle: '0x0012',
      cgroups_net_cls_secondary_handles: '0x0004,0x0005',
    });
    await isolator.prepare?.(containerOf('one'));
    await isolator.prepare?.(containerOf('two'));
    const nested = containerOf('nested', { parentId: 'one', limitedAs: 'one' });
    await isolator.prepare?.(nested);
    const root = join(hierarchy, 'net_cls', 'mesos');
    const file = join(root, readdirSync(root)[0] ?? '', 'one', 'net_cls.classid');
    expect(readFileSync(file, 'utf8')).toBe(String(0x0012_0004));
    for (const [id, classid] of [
      ['one', 0x0012_0004],
      ['two', 0x0012_0005],
      ['nested', 0x0012_0004],
    ] as const) {
      expect(await isolator.status?.(id)).toEqual({ cgroup_info: { net_cls: { classid } } });
    }
    await expect(isolator.prepare?.(containerOf('three'))).rejects.toThrow(
      'All 2 classes of packets are taken',
    );
  });

  it('gives none without a primary handle', async () => {
    const isolator = await make(await makeHierarchy(), {});
    await isolator.prepare?.(containerOf('one'));
    expect(await isolator.status?.('one')).toEqual({});
  });

  it.each([
    [{ cgroups_net_cls_primary_handle: '0' }, '--cgroups_net_cls_primary_handle: 0 is no handle'],
    [{ cgroups_net_cls_primary_handle: '0x10000' }, 'is no handle'],
    [{ cgroups_net_cls_primary_handle: 'high' }, 'is no handle'],
    [{ cgroups_net_cls_secondary_handles: '5' }, 'is no range'],
    [{ cgroups_net_cls_secondary_handles: '5,4' }, 'is no range'],
  ])('is not made with %j', async (flags, message) => {
    const hierarchy = await makeHierarchy();
    await expect(make(hierarchy, flags as Record<string, string>)).rejects.toThrow(message);
  });

  it('cannot be had where the machine knows no such classes', async () => {
    const { folder } = await makeCgroupTree();
    await expect(make(folder, {})).rejects.toThrow('which know no classes of packets');
    await expect(make(await temporaryFolder(), {})).rejects.toThrow('this machine has no cgroups of net_cls');
  });
});
