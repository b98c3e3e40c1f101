import { accessSync, constants, realpathSync } from 'node:fs';
import { basename, join } from 'node:path';

/** Programs of the host that containers are started with. */
const NAMES = [
  'setsid',
  'mkfifo',
  'unshare',
  'nsenter',
  'setpriv',
  'prlimit',
  'mount',
  'umount',
  'pivot_root',
  'script',
  'stty',
  'flock',
  'ip',
  'iptables',
  'iptables-restore',
] as const;

/** Where those come from that are not part of util-linux or coreutils. */
const PACKAGES: Readonly<Partial<Record<HostProgram, string>>> = {
  ip: 'iproute2',
  iptables: 'iptables',
  'iptables-restore': 'iptables',
};

export type HostProgram = (typeof NAMES)[number];

/** Where each of them lies. */
export type HostPrograms = Readonly<Partial<Record<HostProgram, string>>>;

const FOLDERS = ['/usr/local/sbin', '/usr/local/bin', '/usr/sbin', '/usr/bin', '/sbin', '/bin'];

/** Looks for the programs. They are run by their full paths: a task's PATH must not decide what root runs. */
export const findHostPrograms = (folders: readonly string[] = FOLDERS): HostPrograms =>
  process.platform === 'linux'
    ? Object.fromEntries(
        NAMES.flatMap((name) => {
          const path = folders.map((folder) => join(folder, name)).find(isExecutable);
          return path === undefined ? [] : [[name, path]];
        }),
      )
    : {};

/** The path of a program that has to be there. Throws, for people, when it is not. */
export const requireProgram = (programs: HostPrograms, name: HostProgram): string => {
  const path = programs[name];
  if (path === undefined)
    throw new Error(`This machine has no program '${name}' (${PACKAGES[name] ?? 'util-linux'})`);
  return path;
};

/** BusyBox has programs of the same names that know less. */
const isExecutable = (path: string): boolean => {
  try {
    accessSync(path, constants.X_OK);
    return basename(realpathSync(path)) !== 'busybox';
  } catch {
    return false;
  }
};
