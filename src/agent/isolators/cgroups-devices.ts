import type { Cgroups } from './cgroups/cgroups.ts';
import { controllerIsolator } from './cgroups/controller-isolator.ts';
import { openCgroups } from './cgroups/open-cgroups.ts';
import type { Isolator, IsolatorContext, IsolatorFactory } from './isolator.ts';

/** What every container may use, as in Mesos: making nodes, consoles, terminals, null, zero, full, tty, random, tun. */
const ALLOWED = [
  'c *:* m',
  'b *:* m',
  'c 5:1 rwm',
  'c 4:0 rwm',
  'c 4:1 rwm',
  'c 136:* rwm',
  'c 5:2 rwm',
  'c 10:200 rwm',
  'c 1:3 rwm',
  'c 1:5 rwm',
  'c 1:7 rwm',
  'c 5:0 rwm',
  'c 1:9 rwm',
  'c 1:8 rwm',
];

/** cgroups/devices: keeps containers to the devices that all may use, and those that other isolators allow. */
export const cgroupsDevices: IsolatorFactory = (context): Isolator => {
  const cgroups = openDevices(context);
  return controllerIsolator(cgroups, {
    name: 'cgroups/devices',
    controllers: ['devices'],
    limit: (id, _resources, isNew) => {
      if (!isNew) return;
      cgroups.write('devices', id, 'devices.deny', 'a');
      for (const device of ALLOWED) cgroups.write('devices', id, 'devices.allow', device);
    },
  });
};

/** In the second version of cgroups programs for the kernel take this controller's place. */
export const openDevices = (context: IsolatorContext): Cgroups => {
  const cgroups = openCgroups(context, []);
  if (cgroups.version === 2)
    throw new Error('this machine has cgroups of the second version, which know no devices');
  return openCgroups(context, ['devices']);
};
