import { existsSync } from 'node:fs';
import type { ContainerConfig } from '../isolators/isolator.ts';
import type { MountPlan } from '../isolators/preparation-parts.ts';
import { SANDBOX_IN_CONTAINER } from './container-config.ts';

/** Devices of the host that every container has, as in Mesos. */
const DEVICES = ['full', 'null', 'random', 'tty', 'urandom', 'zero'];
/** Files of the host that say how it reaches others; containers on the host's network are no different there. */
const NETWORK_FILES = ['/etc/hosts', '/etc/hostname', '/etc/resolv.conf'];

/**
 * What a root folder from an image gets besides its own files (mesos.md 6.4): the kernel's file systems, a few devices, a
 * /tmp of its own, the network's names, and the sandbox.
 */
export const rootMounts = ({ rootfs = '', sandbox }: ContainerConfig): MountPlan[] => [
  // To become a root a folder has to be a mount point.
  { source: rootfs, target: '/', type: 'bind', isReadOnly: false },
  kernel('proc', '/proc', 'nosuid,nodev,noexec'),
  { ...kernel('sysfs', '/sys', 'nosuid,nodev,noexec'), isReadOnly: true },
  kernel('tmpfs', '/dev', 'nosuid,strictatime,mode=755,size=64m'),
  ...DEVICES.map((name) => bind(`/dev/${name}`, `/dev/${name}`)),
  kernel('devpts', '/dev/pts', 'nosuid,noexec,newinstance,ptmxmode=0666,mode=620'),
  kernel('tmpfs', '/dev/shm', 'nosuid,nodev,mode=1777'),
  kernel('tmpfs', '/tmp', 'nosuid,nodev,mode=1777'),
  ...NETWORK_FILES.filter((path) => existsSync(path)).map((path) => ({
    ...bind(path, path),
    isReadOnly: true,
  })),
  bind(sandbox, SANDBOX_IN_CONTAINER),
];

const kernel = (type: string, target: string, options: string): MountPlan => ({
  source: type,
  target,
  type,
  isReadOnly: false,
  options,
});

const bind = (source: string, target: string): MountPlan => ({
  source,
  target,
  type: 'bind',
  isReadOnly: false,
});
