import { availableParallelism } from 'node:os';
import { scalarOf } from '../../mesos/resources/traits.ts';
import type { Cgroups } from './cgroups/cgroups.ts';
import { controllerIsolator } from './cgroups/controller-isolator.ts';
import { cpuControllers, openCgroups } from './cgroups/open-cgroups.ts';
import type { ContainerResources, IsolatorFactory } from './isolator.ts';

/** Constants of Mesos (mesos.md B.2). */
const SHARES_PER_CPU = 1_024;
const SHARES_PER_REVOCABLE_CPU = 10;
const MIN_SHARES = 2;
const PERIOD_US = 100_000;
const MIN_QUOTA_US = 1_000;
/** The same in the second version, where 100 is what a group has that was told nothing. */
const WEIGHT_PER_CPU = 100;
const MAX_WEIGHT = 10_000;

const TICKS_PER_SECOND = 100;
const NANOSECONDS = 1e9;
const MICROSECONDS = 1e6;

/**
 * cgroups/cpu: a share of the processors in proportion to the cpus, and at most so much when the task has a limit or
 * --cgroups_enable_cfs says that all have one.
 */
export const cgroupsCpu: IsolatorFactory = (context) => {
  const probe = openCgroups(context, ['cpu']);
  const controllers = cpuControllers(probe);
  const cgroups = openCgroups(context, controllers);
  const hasQuota = context.flags.cgroups_enable_cfs === 'true';
  shareMachine(cgroups);
  const isRevocableLow = context.flags.revocable_cpu_low_priority !== 'false';
  return controllerIsolator(cgroups, {
    name: 'cgroups/cpu',
    controllers,
    limit: (id, container) => {
      const cpus = scalarOf(container.resources, 'cpus');
      setShare(cgroups, id, cpus, isRevocableLow && isRevocable(container));
      const limit = container.limits.cpus ?? (hasQuota ? cpus : undefined);
      if (limit !== undefined) setQuota(cgroups, id, limit);
    },
    usage: (id) => ({ ...usedTime(cgroups, id), ...throttled(cgroups, id), ...limits(cgroups, id) }),
  });
};

const isRevocable = ({ resources }: ContainerResources): boolean =>
  resources.some(({ name, revocable }) => name === 'cpus' && revocable !== undefined);

/**
 * Beside what else runs on the machine all tasks together count for the processors that they are offered. A group that was
 * told nothing counts as a single busy process: tasks stood still while a compiler ran.
 */
const shareMachine = (cgroups: Cgroups): void => {
  if (cgroups.version === 1) {
    cgroups.writeAbove('cpu', 'cpu.shares', availableParallelism() * SHARES_PER_CPU);
    return;
  }
  cgroups.writeAbove('cpu', 'cpu.weight', Math.min(MAX_WEIGHT, availableParallelism() * WEIGHT_PER_CPU));
};

const setShare = (cgroups: Cgroups, id: string, cpus: number, isLow: boolean): void => {
  if (cgroups.version === 1) {
    const shares = cpus * (isLow ? SHARES_PER_REVOCABLE_CPU : SHARES_PER_CPU);
    cgroups.write('cpu', id, 'cpu.shares', Math.max(MIN_SHARES, Math.floor(shares)));
    return;
  }
  const weight = isLow ? cpus : cpus * WEIGHT_PER_CPU;
  cgroups.write('cpu', id, 'cpu.weight', Math.min(MAX_WEIGHT, Math.max(1, Math.floor(weight))));
};

const setQuota = (cgroups: Cgroups, id: string, cpus: number): void => {
  const quotaUs = Number.isFinite(cpus) ? Math.max(MIN_QUOTA_US, Math.floor(cpus * PERIOD_US)) : undefined;
  if (cgroups.version === 2) {
    cgroups.write('cpu', id, 'cpu.max', `${quotaUs ?? 'max'} ${PERIOD_US}`);
    return;
  }
  cgroups.write('cpu', id, 'cpu.cfs_period_us', PERIOD_US);
  cgroups.write('cpu', id, 'cpu.cfs_quota_us', quotaUs ?? -1);
};

const usedTime = (cgroups: Cgroups, id: string) => {
  if (cgroups.version === 1) {
    const ticks = cgroups.readNumbers('cpuacct', id, 'cpuacct.stat');
    return {
      cpus_user_time_secs: (ticks.get('user') ?? 0) / TICKS_PER_SECOND,
      cpus_system_time_secs: (ticks.get('system') ?? 0) / TICKS_PER_SECOND,
    };
  }
  const times = cgroups.readNumbers('cpu', id, 'cpu.stat');
  return {
    cpus_user_time_secs: (times.get('user_usec') ?? 0) / MICROSECONDS,
    cpus_system_time_secs: (times.get('system_usec') ?? 0) / MICROSECONDS,
  };
};

const throttled = (cgroups: Cgroups, id: string) => {
  const stat = cgroups.readNumbers('cpu', id, 'cpu.stat');
  const nanoseconds = stat.get('throttled_time') ?? (stat.get('throttled_usec') ?? 0) * 1_000;
  return stat.get('nr_periods') === undefined
    ? {}
    : {
        cpus_nr_periods: stat.get('nr_periods') ?? 0,
        cpus_nr_throttled: stat.get('nr_throttled') ?? 0,
        cpus_throttled_time_secs: nanoseconds / NANOSECONDS,
      };
};

/** What was set, read back from the kernel. */
const limits = (cgroups: Cgroups, id: string) => {
  const [quota, period] =
    cgroups.version === 2
      ? cgroups.read('cpu', id, 'cpu.max').trim().split(' ')
      : [cgroups.read('cpu', id, 'cpu.cfs_quota_us'), cgroups.read('cpu', id, 'cpu.cfs_period_us')];
  const limit = Number(quota) / Number(period);
  return limit > 0 ? { cpus_limit: limit } : {};
};
