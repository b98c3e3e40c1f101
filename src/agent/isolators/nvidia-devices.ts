import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';

/** A device file. */
export interface DeviceFile {
  readonly name: string;
  /** Major and minor, such as 195:0. */
  readonly number: string;
}

export interface GpuDevice extends DeviceFile {
  readonly index: number;
}

/** Files that whoever uses one of the processors needs. */
const SHARED = ['nvidiactl', 'nvidia-uvm', 'nvidia-uvm-tools', 'nvidia-modeset'];

/**
 * The graphics processors of the machine by their device files `nvidia0`, `nvidia1`, …; those of a list such as `0,2`
 * (--nvidia_gpu_devices) when there is one. Throws, for people, for one in the list that is not there.
 */
export const gpuDevices = (folder: string, list: string | undefined): GpuDevice[] => {
  const found = namesIn(folder).flatMap((name) => {
    const [, digits] = /^nvidia(\d+)$/.exec(name) ?? [];
    return digits === undefined ? [] : [{ ...deviceFile(folder, name), index: Number(digits) }];
  });
  found.sort((one, other) => one.index - other.index);
  if (list === undefined) return found;
  return list.split(',').map((text) => {
    const device = found.find(({ index }) => String(index) === text.trim());
    if (!device) throw new Error(`--nvidia_gpu_devices: there is no ${join(folder, `nvidia${text.trim()}`)}`);
    return device;
  });
};

export const sharedGpuFiles = (folder: string): DeviceFile[] => {
  const names = namesIn(folder);
  return SHARED.filter((name) => names.includes(name)).map((name) => deviceFile(folder, name));
};

const MINOR_BITS = 8;
const HIGH_MINOR_SHIFT = 12;

const deviceFile = (folder: string, name: string): DeviceFile => {
  const { rdev } = statSync(join(folder, name));
  // As glibc packs them; device numbers of more than 32 bits do not occur.
  const major = (rdev >> MINOR_BITS) & 0xfff;
  const minor = (rdev & 0xff) | ((rdev >> HIGH_MINOR_SHIFT) & 0xfff00);
  return { name, number: `${major}:${minor}` };
};

const namesIn = (folder: string): string[] => {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
};
