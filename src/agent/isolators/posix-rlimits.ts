import { readFileSync } from 'node:fs';
import type { RLimitInfo } from '../../mesos/generated/mesos.ts';
import { findHostPrograms, requireProgram } from '../processes/host-programs.ts';
import type { IsolatorFactory } from './isolator.ts';
import type { RLimit } from './preparation-parts.ts';

/** posix/rlimits: the limits of ContainerInfo.rlimit_info, in force from the command on. */
export const posixRlimits: IsolatorFactory = () => ({
  name: 'posix/rlimits',
  rights: ({ container }) => ({ rlimits: readRlimits(container?.rlimit_info) }),
  prepare: async ({ container }) => {
    const rlimits = readRlimits(container?.rlimit_info);
    if (rlimits.length === 0) return undefined;
    requireProgram(findHostPrograms(), 'prlimit');
    if (!mayRaiseLimits()) for (const rlimit of rlimits) refuseAboveOwn(rlimit);
    return { rlimits };
  },
});

/** Both bounds or neither, which is no limit; a soft one is not above the hard one (mesos.md 6.4). Throws, for people. */
export const readRlimits = (info: RLimitInfo | undefined): RLimit[] => {
  const seen = new Set<string>();
  return (info?.rlimits ?? []).map(({ type, soft, hard }) => {
    if (type === undefined || type === 'UNKNOWN')
      throw new Error('A resource limit has no type that is known');
    if (seen.has(type)) throw new Error(`The resource limit ${type} is there twice`);
    seen.add(type);
    if ((soft === undefined) !== (hard === undefined)) {
      throw new Error(`The resource limit ${type} needs both of 'soft' and 'hard', or neither`);
    }
    if (soft !== undefined && hard !== undefined && soft > hard) {
      throw new Error(`The soft limit ${soft} of ${type} is above the hard limit ${hard}`);
    }
    return { type, soft, hard };
  });
};

const SYS_RESOURCE = 24n;

const mayRaiseLimits = (): boolean => {
  const [, hex = '0'] = /^CapEff:\s*([0-9a-f]+)$/m.exec(readFileSync('/proc/self/status', 'latin1')) ?? [];
  return ((BigInt(`0x${hex}`) >> SYS_RESOURCE) & 1n) === 1n;
};

const NAMES_IN_PROC: Readonly<Record<string, string>> = {
  RLMT_AS: 'address space',
  RLMT_CORE: 'core file size',
  RLMT_CPU: 'cpu time',
  RLMT_DATA: 'data size',
  RLMT_FSIZE: 'file size',
  RLMT_LOCKS: 'file locks',
  RLMT_MEMLOCK: 'locked memory',
  RLMT_MSGQUEUE: 'msgqueue size',
  RLMT_NICE: 'nice priority',
  RLMT_NOFILE: 'open files',
  RLMT_NPROC: 'processes',
  RLMT_RSS: 'resident set',
  RLMT_RTPRIO: 'realtime priority',
  RLMT_RTTIME: 'realtime timeout',
  RLMT_SIGPENDING: 'pending signals',
  RLMT_STACK: 'stack size',
};

/** Told now: what the program says that would set it is in the sandbox only. */
const refuseAboveOwn = ({ type, hard }: RLimit): void => {
  const line = readFileSync('/proc/self/limits', 'latin1')
    .split('\n')
    .find((text) => text.startsWith(`Max ${NAMES_IN_PROC[type]} `));
  const [own = 'unlimited'] = line?.slice(47).trim().split(/\s+/) ?? [];
  if (own !== 'unlimited' && (hard ?? Number.POSITIVE_INFINITY) > Number(own)) {
    throw new Error(`The hard limit ${hard ?? 'unlimited'} of ${type} is above the agent's own, ${own}`);
  }
};
