import { readFileSync } from 'node:fs';
import type { Clock } from '../../runtime/clock.ts';
import { findHostPrograms } from '../processes/host-programs.ts';
import type { Controller } from './cgroups/cgroups.ts';
import { cpuControllers, openCgroups } from './cgroups/open-cgroups.ts';

/** Capabilities without which root can set nothing apart, as a container's root often is. */
const SYS_ADMIN = 21n;

const PROGRAMS = ['unshare', 'nsenter', 'setpriv', 'mount', 'umount', 'setsid', 'mkfifo'] as const;

const NETWORK_PROGRAMS = ['ip', 'iptables', 'iptables-restore', 'flock'] as const;

/**
 * The isolation of an agent that was told none: without root what Mesos has, as root the strongest that this machine
 * allows. Cgroups without a controller, and machines without namespaces, get what is left.
 */
export const defaultIsolation = (context: {
  workDir: string;
  flags: Readonly<Record<string, string>>;
  clock: Clock;
}): string[] => {
  if (process.getuid?.() !== 0 || process.platform !== 'linux' || !hasSysAdmin()) {
    return ['posix/cpu', 'posix/mem', 'filesystem/posix', 'volume/secret'];
  }
  const can = (controllers: readonly Controller[]): boolean => {
    try {
      openCgroups(context, controllers);
      return true;
    } catch {
      return false;
    }
  };
  const cpu = can([]) ? cpuControllers(openCgroups(context, [])) : [];
  const programs = findHostPrograms();
  const hasNamespaces = PROGRAMS.every((name) => programs[name] !== undefined);
  return [
    can(cpu) ? 'cgroups/cpu' : 'posix/cpu',
    can(['memory']) ? 'cgroups/mem' : 'posix/mem',
    ...(can(['pids']) ? ['cgroups/pids'] : []),
    ...(hasNamespaces
      ? [
          'filesystem/linux',
          'docker/runtime',
          'docker/volume',
          'namespaces/pid',
          'namespaces/ipc',
          'linux/capabilities',
        ]
      : ['filesystem/posix']),
    'volume/secret',
    ...(hasNamespaces && NETWORK_PROGRAMS.every((name) => programs[name] !== undefined)
      ? ['network/cni']
      : []),
    ...(programs.prlimit === undefined ? [] : ['posix/rlimits']),
  ];
};

const hasSysAdmin = (): boolean => {
  const [, hex = '0'] = /^CapEff:\s*([0-9a-f]+)$/m.exec(readFileSync('/proc/self/status', 'latin1')) ?? [];
  return ((BigInt(`0x${hex}`) >> SYS_ADMIN) & 1n) === 1n;
};
