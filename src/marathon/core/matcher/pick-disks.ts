import type { Resource } from '../../../mesos/generated/mesos.ts';
import type { VolumeNeed } from '../resident/volume-need.ts';

/** A disk of an offer that nobody has reserved, and what is left of it in MiB. */
export interface OfferedDisk {
  readonly resource: Resource;
  readonly kind: 'root' | 'path' | 'mount';
  freeMiB: number;
}

export interface PickedDisk {
  readonly need: VolumeNeed;
  readonly disk: OfferedDisk;
  /** As much of the disk as the volume takes. */
  readonly resource: Resource;
}

export type PickedDisks =
  | { readonly isEnough: true; readonly disks: readonly PickedDisk[] }
  | { readonly isEnough: false; readonly lacking: VolumeNeed };

/**
 * Chooses a disk for each volume, the largest volume first (marathon.md 3.8): the agent's own disk, the path disk with
 * most room, or the smallest mounted disk that will do, which then belongs to the volume alone. `keptMiB` of the agent's
 * own disk are wanted for other things.
 */
export const pickDisks = (
  needs: readonly VolumeNeed[],
  offered: readonly OfferedDisk[],
  keptMiB: number,
): PickedDisks => {
  const left = offered.map((disk) => ({
    ...disk,
    disk,
    freeMiB: disk.freeMiB - (disk.kind === 'root' ? keptMiB : 0),
  }));
  const disks: PickedDisk[] = [];
  for (const need of needs.toSorted((one, other) => other.persistent.size - one.persistent.size)) {
    const { type, size } = need.persistent;
    const fitting = left.filter((disk) => fits(disk, need));
    const [best] = fitting.toSorted((one, other) =>
      type === 'mount' ? one.freeMiB - other.freeMiB : other.freeMiB - one.freeMiB,
    );
    if (best === undefined) return { isEnough: false, lacking: need };
    const taken = type === 'mount' ? best.freeMiB : size;
    best.freeMiB -= taken;
    disks.push({ need, disk: best.disk, resource: { ...best.resource, scalar: { value: taken } } });
  }
  return { isEnough: true, disks };
};

const fits = ({ kind, freeMiB, resource }: Readonly<OfferedDisk>, { persistent }: VolumeNeed): boolean => {
  const { type, size, maxSize, profileName, constraints } = persistent;
  const { source } = resource.disk ?? {};
  const root = source?.path?.root ?? source?.mount?.root ?? '';
  return (
    kind === type &&
    freeMiB >= size &&
    (maxSize === undefined || freeMiB <= maxSize) &&
    (profileName === undefined || source?.profile === profileName) &&
    constraints.every(
      ([, operator, pattern]) => new RegExp(`^(?:${pattern})$`).test(root) === (operator === 'LIKE'),
    )
  );
};

/** For people: `a mount volume of 1024 MiB for data`. */
export const volumeText = ({ name, persistent: { type, size, profileName } }: VolumeNeed): string =>
  `a ${type} volume of ${size} MiB${profileName === undefined ? '' : ` of the profile ${profileName}`} for ${name}`;
