import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { scalarOf } from '../../mesos/resources/traits.ts';
import { gpusFolder } from '../core/work-folder.ts';
import { openCgroups } from './cgroups/open-cgroups.ts';
import { openDevices } from './cgroups-devices.ts';
import type { IsolatorFactory } from './isolator.ts';
import { type DeviceFile, type GpuDevice, gpuDevices, sharedGpuFiles } from './nvidia-devices.ts';
import type { MountPlan } from './preparation-parts.ts';

/**
 * gpu/nvidia: gives a container as many of the machine's graphics processors as its `gpus` say, each to one container at a
 * time; the others it cannot open. Where cgroups know no devices, as in their second version, the others are out of sight,
 * which keeps from mistakes but not from a malicious root. Who has which is noted for the agent's next life.
 */
export const gpuNvidia: IsolatorFactory = (context) => {
  const { isolation, flags, workDir } = context;
  const hasDevices = openCgroups(context, []).version === 1;
  if (hasDevices && !isolation.includes('cgroups/devices')) throw new Error('it needs cgroups/devices');
  const cgroups = hasDevices ? openDevices(context) : undefined;
  const folder = flags.nvidia_device_folder ?? '/dev';
  const all = gpuDevices(folder, flags.nvidia_gpu_devices);
  const shared = sharedGpuFiles(folder);
  const notes = new GpuNotes(gpusFolder(workDir));
  const taken = new Map<string, readonly number[]>();
  const take = (id: string, count: number): GpuDevice[] => {
    const used = new Set([...taken.values()].flat());
    const free = all.filter(({ index }) => !used.has(index)).slice(0, count);
    if (free.length < count) throw new Error(`${count} gpus are asked for, and ${free.length} are free`);
    const indexes = free.map(({ index }) => index);
    taken.set(id, indexes);
    notes.write(id, indexes);
    return free;
  };
  return {
    name: 'gpu/nvidia',
    recover: async (containers) => {
      const known = new Set(containers.map(({ id }) => id));
      for (const [id, indexes] of notes.read()) {
        if (known.has(id)) taken.set(id, indexes);
        else notes.remove(id);
      }
    },
    prepare: async ({ id, limitedAs, resources, rootfs }) => {
      const count = scalarOf(resources, 'gpus');
      if (!Number.isInteger(count)) throw new Error(`gpus come whole, not as ${count}`);
      const isHidden =
        cgroups === undefined && rootfs === undefined && isolation.includes('filesystem/linux');
      if (count === 0) return isHidden ? { mounts: hide(folder, all) } : undefined;
      const own = take(id, count);
      const files = [...own, ...shared];
      for (const { number } of files)
        cgroups?.write('devices', limitedAs, 'devices.allow', `c ${number} rwm`);
      const indexes = own.map(({ index }) => index).join(',');
      const others = all.filter((device) => !own.includes(device));
      return {
        environment: { NVIDIA_VISIBLE_DEVICES: indexes, CUDA_VISIBLE_DEVICES: indexes },
        // Who sees the host's root folder sees its devices.
        mounts: rootfs !== undefined ? show(folder, files) : isHidden ? hide(folder, others) : [],
      };
    },
    cleanup: async (containerId) => {
      taken.delete(containerId);
      notes.remove(containerId);
    },
  };
};

const show = (folder: string, files: readonly DeviceFile[]): MountPlan[] =>
  files.map(({ name }) => device(join(folder, name), `/dev/${name}`));

const hide = (folder: string, files: readonly DeviceFile[]): MountPlan[] =>
  files.map(({ name }) => device('/dev/null', join(folder, name)));

const device = (source: string, target: string): MountPlan => ({
  source,
  target,
  type: 'bind',
  isReadOnly: false,
});

/** A file for each container that has some. */
class GpuNotes {
  readonly #folder: string;

  constructor(folder: string) {
    this.#folder = folder;
    mkdirSync(folder, { recursive: true });
  }

  read(): [string, number[]][] {
    return readdirSync(this.#folder).map((name) => [
      decodeURIComponent(name),
      readFileSync(join(this.#folder, name), 'utf8').split(',').map(Number),
    ]);
  }

  write(containerId: string, indexes: readonly number[]): void {
    writeFileSync(this.#fileOf(containerId), indexes.join(','));
  }

  remove(containerId: string): void {
    rmSync(this.#fileOf(containerId), { force: true });
  }

  #fileOf(containerId: string): string {
    return join(this.#folder, encodeURIComponent(containerId));
  }
}
