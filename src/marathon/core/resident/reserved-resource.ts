import type { Resource, VolumeMode } from '../../../mesos/generated/mesos.ts';
import { toStackFormat } from '../../../mesos/resources/reservation-format.ts';

/** Labels of what Marathon reserves (marathon.md 3.17): other programs know Marathon's reservations by them. */
const FRAMEWORK_LABEL = 'marathon_framework_id';
const INSTANCE_LABEL = 'marathon_task_id';

/** Whom a resource is reserved for. */
export interface Holder {
  readonly frameworkId: string;
  readonly instanceId: string;
}

/** What the labels of a resource say, in whichever format it comes; undefined when it is none of Marathon's. */
export const holderOf = ({ reservation, reservations }: Resource): Holder | undefined => {
  const { labels = [] } = (reservations?.at(-1) ?? reservation)?.labels ?? {};
  const labelled = (key: string): string | undefined => labels.find((label) => label.key === key)?.value;
  const frameworkId = labelled(FRAMEWORK_LABEL);
  const instanceId = labelled(INSTANCE_LABEL);
  return frameworkId === undefined || instanceId === undefined ? undefined : { frameworkId, instanceId };
};

/** An unreserved resource out of an offer, reserved for an instance. */
export const reservedFor = (
  resource: Resource,
  { holder, role, principal }: { holder: Holder; role: string; principal: string | undefined },
): Resource => ({
  ...toStackFormat(resource),
  reservations: [
    {
      type: 'DYNAMIC',
      role,
      ...(principal === undefined ? {} : { principal }),
      labels: {
        labels: [
          { key: FRAMEWORK_LABEL, value: holder.frameworkId },
          { key: INSTANCE_LABEL, value: holder.instanceId },
        ],
      },
    },
  ],
});

/** A volume of the disk it is made of. It is made to be written: Mesos makes no others. */
export const asVolume = (
  resource: Resource,
  {
    persistenceId,
    containerPath,
    principal,
  }: { persistenceId: string; containerPath: string; principal: string | undefined },
): Resource => ({
  ...resource,
  disk: {
    ...resource.disk,
    persistence: { id: persistenceId, ...(principal === undefined ? {} : { principal }) },
    volume: { container_path: containerPath, mode: 'RW' },
  },
});

/** A volume as a task uses it. */
export const mountedAt = (resource: Resource, containerPath: string, mode: VolumeMode): Resource => ({
  ...resource,
  disk: { ...resource.disk, volume: { container_path: containerPath, mode } },
});

/** The disk that is left of a volume when it is destroyed. */
export const withoutVolume = ({ disk, ...resource }: Resource): Resource =>
  disk?.source === undefined ? resource : { ...resource, disk: { source: disk.source } };
