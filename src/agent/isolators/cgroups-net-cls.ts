import { controllerIsolator } from './cgroups/controller-isolator.ts';
import { openCgroups } from './cgroups/open-cgroups.ts';
import type { IsolatorFactory } from './isolator.ts';

const HIGHEST = 0xffff;
const DEFAULT_SECONDARIES = '0x0001,0xffff';

/**
 * cgroups/net_cls: gives the packets of each container a class, by which `tc` and iptables know them. Its upper half is
 * --cgroups_net_cls_primary_handle, without which there are groups but no classes; its lower half is the container's own,
 * one of --cgroups_net_cls_secondary_handles. It is told in the container's status, as `cgroup_info`.
 */
export const cgroupsNetCls: IsolatorFactory = (context) => {
  const { flags } = context;
  const cgroups = openCgroups(context, []);
  if (cgroups.version === 2)
    throw new Error('this machine has cgroups of the second version, which know no classes of packets');
  openCgroups(context, ['net_cls']);
  const primary = handleFlag('cgroups_net_cls_primary_handle', flags.cgroups_net_cls_primary_handle);
  const [first, last] = rangeOf(flags.cgroups_net_cls_secondary_handles ?? DEFAULT_SECONDARIES);
  const classOf = (owner: string): number => Number(cgroups.read('net_cls', owner, 'net_cls.classid'));
  const freeClass = (upper: number): number => {
    const taken = new Set(cgroups.list('net_cls').map(classOf));
    for (let lower = first; lower <= last; lower++) {
      const classid = upper * (HIGHEST + 1) + lower;
      if (!taken.has(classid)) return classid;
    }
    throw new Error(`All ${last - first + 1} classes of packets are taken`);
  };
  const isolator = controllerIsolator(cgroups, {
    name: 'cgroups/net_cls',
    controllers: ['net_cls'],
    limit: (owner, _resources, isNew) => {
      if (isNew && primary !== undefined)
        cgroups.write('net_cls', owner, 'net_cls.classid', freeClass(primary));
    },
  });
  return {
    ...isolator,
    status: async (containerId) => {
      const owner = isolator.ownerOf(containerId);
      const classid = owner === undefined ? 0 : classOf(owner);
      return classid > 0 ? { cgroup_info: { net_cls: { classid } } } : {};
    },
  };
};

/** Such as 0x0012. Throws, for people. */
const handleFlag = (name: string, text: string | undefined): number | undefined => {
  if (text === undefined) return undefined;
  const handle = /^(0x[\da-f]{1,4}|\d{1,5})$/i.test(text.trim()) ? Number(text.trim()) : Number.NaN;
  if (handle > 0 && handle <= HIGHEST) return handle;
  throw new Error(`--${name}: ${text} is no handle from 0x0001 to 0xffff`);
};

const rangeOf = (text: string): [number, number] => {
  const name = 'cgroups_net_cls_secondary_handles';
  const parts = text.split(',');
  const [first = 0, last = 0] = parts.map((part) => handleFlag(name, part));
  if (parts.length === 2 && first <= last) return [first, last];
  throw new Error(`--${name}: ${text} is no range such as ${DEFAULT_SECONDARIES}`);
};
