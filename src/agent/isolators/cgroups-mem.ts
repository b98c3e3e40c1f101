import type { ResourceStatistics } from '../../mesos/generated/mesos.ts';
import { scalarOf } from '../../mesos/resources/traits.ts';
import { formatBytes, MEBIBYTE } from './byte-text.ts';
import type { Cgroups } from './cgroups/cgroups.ts';
import { controllerIsolator } from './cgroups/controller-isolator.ts';
import { OomWatch } from './cgroups/oom-watch.ts';
import { openCgroups } from './cgroups/open-cgroups.ts';
import type { ContainerResources, IsolatorFactory, Limitation } from './isolator.ts';

const MIN_BYTES = 32 * MEBIBYTE;

/**
 * cgroups/mem: the memory that was asked for is a soft limit, that or the task's own limit a hard one. A container in which
 * the kernel had to kill something is ended as a whole, with REASON_CONTAINER_LIMITATION_MEMORY.
 */
export const cgroupsMem: IsolatorFactory = (context) => {
  const cgroups = openCgroups(context, ['memory']);
  const limitsSwap = context.flags.cgroups_limit_swap === 'true';
  /** Kills that a group had seen when a container came to it: those of its predecessors there are not its own. */
  const seen = new Map<string, number>();
  const watch = new OomWatch(context.clock);
  const isolator = controllerIsolator(cgroups, {
    name: 'cgroups/mem',
    controllers: ['memory'],
    limit: (id, resources, isNew) => setLimits(cgroups, id, { resources, isNew, limitsSwap }),
    usage: (id) => usageOf(cgroups, id),
  });
  const findKill = (containerId: string): Limitation | undefined => {
    const owner = isolator.ownerOf(containerId);
    if (owner === undefined || killsIn(cgroups, owner) <= (seen.get(containerId) ?? 0)) return undefined;
    return limitationOf(cgroups, owner);
  };
  return {
    ...isolator,
    prepare: async (container) => {
      await isolator.prepare?.(container);
      seen.set(container.id, killsIn(cgroups, container.limitedAs));
      return undefined;
    },
    watch: (containerId) => watch.until(containerId, () => findKill(containerId)),
    autopsy: async (containerId) => findKill(containerId),
    cleanup: async (containerId) => {
      watch.forget(containerId);
      seen.delete(containerId);
      await isolator.cleanup?.(containerId);
    },
    close: () => {
      watch.close();
      isolator.close?.();
    },
  };
};

const setLimits = (
  cgroups: Cgroups,
  id: string,
  { resources, isNew, limitsSwap }: { resources: ContainerResources; isNew: boolean; limitsSwap: boolean },
): void => {
  const requested = Math.max(MIN_BYTES, Math.floor(scalarOf(resources.resources, 'mem') * MEBIBYTE));
  const { mem } = resources.limits;
  const hard = mem === undefined ? requested : Math.max(MIN_BYTES, Math.floor(mem * MEBIBYTE));
  const files =
    cgroups.version === 1
      ? { soft: 'memory.soft_limit_in_bytes', hard: 'memory.limit_in_bytes' }
      : { soft: 'memory.low', hard: 'memory.max' };
  cgroups.write('memory', id, files.soft, requested);
  // Less than what is used would have the kernel kill at once: while anything runs the hard limit only grows.
  if (!isNew && Number(cgroups.read('memory', id, files.hard)) >= hard) return;
  if (!Number.isFinite(hard)) {
    cgroups.write('memory', id, files.hard, cgroups.version === 1 ? -1 : 'max');
    return;
  }
  // Memory with swap may not be less than memory: on the way up it goes first, on the way down last.
  const hasSwap = limitsSwap && cgroups.version === 1;
  if (hasSwap && !isNew) cgroups.write('memory', id, 'memory.memsw.limit_in_bytes', hard);
  cgroups.write('memory', id, files.hard, hard);
  if (hasSwap && isNew) cgroups.write('memory', id, 'memory.memsw.limit_in_bytes', hard);
  if (limitsSwap && cgroups.version === 2) cgroups.write('memory', id, 'memory.swap.max', 0);
};

const killsIn = (cgroups: Cgroups, id: string): number =>
  cgroups
    .readNumbers('memory', id, cgroups.version === 1 ? 'memory.oom_control' : 'memory.events')
    .get('oom_kill') ?? 0;

/** In Mesos' words, with the kernel's figures for whoever wants to know where the memory went. */
const limitationOf = (cgroups: Cgroups, id: string): Limitation => {
  const number = (first: string, second: string): number =>
    Number(cgroups.read('memory', id, cgroups.version === 1 ? first : second));
  const limit = number('memory.limit_in_bytes', 'memory.max');
  // Kernels before 5.19 do not say what the most was: it was the limit.
  const most = number('memory.max_usage_in_bytes', 'memory.peak') || limit;
  return {
    reason: 'REASON_CONTAINER_LIMITATION_MEMORY',
    message: `Memory limit exceeded: Requested: ${formatBytes(limit)} Maximum Used: ${formatBytes(most)}\n\nMEMORY STATISTICS: \n${cgroups.read('memory', id, 'memory.stat')}\n`,
    resources: [{ name: 'mem', type: 'SCALAR', role: '*', scalar: { value: Math.floor(most / MEBIBYTE) } }],
  };
};

const usageOf = (cgroups: Cgroups, id: string): Partial<ResourceStatistics> => {
  const stat = cgroups.readNumbers('memory', id, 'memory.stat');
  const of = (name: string): number => stat.get(name) ?? 0;
  if (cgroups.version === 2) {
    const limit = Number(cgroups.read('memory', id, 'memory.max'));
    return {
      mem_total_bytes: Number(cgroups.read('memory', id, 'memory.current')),
      ...(Number.isFinite(limit) ? { mem_limit_bytes: limit } : {}),
      mem_soft_limit_bytes: Number(cgroups.read('memory', id, 'memory.low')),
      mem_swap_bytes: Number(cgroups.read('memory', id, 'memory.swap.current')),
      mem_rss_bytes: of('anon'),
      mem_anon_bytes: of('anon'),
      mem_cache_bytes: of('file'),
      mem_file_bytes: of('file'),
      mem_mapped_file_bytes: of('file_mapped'),
      mem_unevictable_bytes: of('unevictable'),
    };
  }
  return {
    mem_total_bytes: Number(cgroups.read('memory', id, 'memory.usage_in_bytes')),
    mem_limit_bytes: Number(cgroups.read('memory', id, 'memory.limit_in_bytes')),
    mem_soft_limit_bytes: Number(cgroups.read('memory', id, 'memory.soft_limit_in_bytes')),
    mem_rss_bytes: of('total_rss'),
    mem_anon_bytes: of('total_rss'),
    mem_cache_bytes: of('total_cache'),
    mem_file_bytes: of('total_cache'),
    mem_mapped_file_bytes: of('total_mapped_file'),
    mem_swap_bytes: of('total_swap'),
    mem_unevictable_bytes: of('total_unevictable'),
  };
};
