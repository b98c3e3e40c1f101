import { join } from 'node:path';
import { scalarOf } from '../../mesos/resources/traits.ts';
import { openDevices } from './cgroups-devices.ts';
import type { IsolatorFactory } from './isolator.ts';
import { type GpuDevice, gpuDevices, sharedGpuFiles } from './nvidia-devices.ts';

/**
 * gpu/nvidia: gives a container as many of the machine's graphics processors as its `gpus` say, each to one container at a
 * time; the others it cannot open. After a restart the kernel's list of what a container may open tells which it has.
 */
export const gpuNvidia: IsolatorFactory = (context) => {
  const cgroups = openDevices(context);
  const folder = context.flags.nvidia_device_folder ?? '/dev';
  const all = gpuDevices(folder, context.flags.nvidia_gpu_devices);
  const shared = sharedGpuFiles(folder);
  const taken = new Map<string, readonly GpuDevice[]>();
  const take = (count: number): GpuDevice[] => {
    const used = new Set([...taken.values()].flat().map(({ index }) => index));
    const free = all.filter(({ index }) => !used.has(index)).slice(0, count);
    if (free.length < count) throw new Error(`${count} gpus are asked for, and ${free.length} are free`);
    return free;
  };
  return {
    name: 'gpu/nvidia',
    recover: async (containers) => {
      for (const { id, limitedAs } of containers) {
        const list = cgroups.read('devices', limitedAs, 'devices.list').split('\n');
        const own = all.filter(({ number }) => list.some((line) => line.startsWith(`c ${number} `)));
        if (own.length > 0) taken.set(id, own);
      }
    },
    prepare: async ({ id, limitedAs, resources, rootfs }) => {
      const count = scalarOf(resources, 'gpus');
      if (!Number.isInteger(count)) throw new Error(`gpus come whole, not as ${count}`);
      if (count === 0) return undefined;
      const own = take(count);
      taken.set(id, own);
      const files = [...own, ...shared];
      for (const { number } of files) cgroups.write('devices', limitedAs, 'devices.allow', `c ${number} rwm`);
      const indexes = own.map(({ index }) => index).join(',');
      return {
        environment: { NVIDIA_VISIBLE_DEVICES: indexes, CUDA_VISIBLE_DEVICES: indexes },
        // Who sees the host's root folder sees its devices.
        mounts:
          rootfs === undefined
            ? []
            : files.map(({ name }) => ({
                source: join(folder, name),
                target: `/dev/${name}`,
                type: 'bind',
                isReadOnly: false,
              })),
      };
    },
    cleanup: async (containerId) => {
      taken.delete(containerId);
    },
  };
};
