import type { DiskStatistics, Resource, ResourceStatistics } from '../../mesos/generated/mesos.ts';
import { isPersistentVolume } from '../../mesos/resources/traits.ts';
import { volumeFolder } from '../core/mounts.ts';
import { formatBytes, MEBIBYTE } from './byte-text.ts';
import { diskUsage } from './disk-usage.ts';
import { durationFlag } from './flag-values.ts';
import type { ContainerIdentity, ContainerResources, IsolatorFactory, Limitation } from './isolator.ts';
import { PeriodicWatch } from './periodic-watch.ts';

const DEFAULT_INTERVAL_MS = 15_000;

/** A folder with as much as may be in it. */
interface Quota {
  readonly folder: string;
  readonly bytes: number;
  /** Of a persistent volume. */
  readonly resource?: Resource;
}

interface Measured {
  quotas: readonly Quota[];
  used: Map<string, number>;
}

/**
 * disk/du: measures sandboxes and persistent volumes every --container_disk_watch_interval. With
 * --enforce_container_disk_quota a container that holds more than its disk resources ends with
 * REASON_CONTAINER_LIMITATION_DISK.
 */
export const diskDu: IsolatorFactory = ({ workDir, flags, clock }) => {
  const isEnforced = flags.enforce_container_disk_quota === 'true';
  const measured = new Map<string, Measured>();
  const look = async (containerId: string): Promise<Limitation | undefined> => {
    const container = measured.get(containerId);
    for (const quota of container?.quotas ?? []) {
      const used = await diskUsage(quota.folder);
      container?.used.set(quota.folder, used);
      if (isEnforced && used > quota.bytes) return limitationOf(used, quota);
    }
    return undefined;
  };
  const watch = new PeriodicWatch(
    clock,
    durationFlag(flags, 'container_disk_watch_interval', DEFAULT_INTERVAL_MS),
    look,
  );
  const know = ({
    id,
    sandbox,
    resources,
  }: ContainerIdentity & ContainerResources & { sandbox: string }): void => {
    const used = measured.get(id)?.used ?? new Map();
    measured.set(id, { quotas: quotasOf(workDir, sandbox, resources), used });
  };
  return {
    name: 'disk/du',
    recover: async (containers) => containers.forEach(know),
    prepare: async (container) => {
      know(container);
      return undefined;
    },
    watch: (containerId) => watch.until(containerId),
    // What was written just before the end, or while the agent was dead, is found now.
    autopsy: (containerId) => look(containerId),
    usage: async (containerId) => statisticsOf(measured.get(containerId)),
    cleanup: async (containerId) => {
      watch.forget(containerId);
      measured.delete(containerId);
    },
    close: () => watch.close(),
  };
};

/** A sandbox without disk resources has no quota: a task that asked for none may still print something. */
const quotasOf = (workDir: string, sandbox: string, resources: readonly Resource[]): Quota[] => {
  const disks = resources.filter(({ name }) => name === 'disk');
  const bytesOf = ({ scalar }: Resource): number => (scalar?.value ?? 0) * MEBIBYTE;
  const plain = disks.filter((resource) => !isPersistentVolume(resource) && !resource.disk?.source);
  return [
    ...(plain.length === 0
      ? []
      : [{ folder: sandbox, bytes: plain.reduce((sum, resource) => sum + bytesOf(resource), 0) }]),
    ...disks
      .filter(isPersistentVolume)
      .map((resource) => ({ folder: volumeFolder(workDir, resource), bytes: bytesOf(resource), resource })),
  ];
};

const limitationOf = (used: number, { bytes, resource }: Quota): Limitation => ({
  reason: 'REASON_CONTAINER_LIMITATION_DISK',
  message: `Disk usage (${formatBytes(used)}) exceeds quota (${formatBytes(bytes)})`,
  resources: [
    {
      name: 'disk',
      type: 'SCALAR',
      role: '*',
      scalar: { value: Math.floor(used / MEBIBYTE) },
      ...(resource?.disk ? { disk: resource.disk } : {}),
    },
  ],
});

const statisticsOf = (measured: Measured | undefined): Partial<ResourceStatistics> => {
  if (!measured) return {};
  const disks: DiskStatistics[] = [];
  let total: { used: number; limit: number } | undefined;
  for (const { folder, bytes, resource } of measured.quotas) {
    const used = measured.used.get(folder);
    if (used === undefined) continue;
    if (!resource) total = { used, limit: bytes };
    const { persistence, source } = resource?.disk ?? {};
    disks.push({
      ...(source ? { source } : {}),
      ...(persistence ? { persistence } : {}),
      limit_bytes: bytes,
      used_bytes: used,
    });
  }
  return {
    ...(total ? { disk_used_bytes: total.used, disk_limit_bytes: total.limit } : {}),
    ...(disks.length === 0 ? {} : { disk_statistics: disks }),
  };
};
