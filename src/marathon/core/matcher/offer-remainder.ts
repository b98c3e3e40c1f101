import type { Offer, Resource, ValueRange } from '../../../mesos/generated/mesos.ts';
import { isPersistentVolume, isReserved, reservationRole } from '../../../mesos/resources/traits.ts';
import type { OfferedDisk, PickedDisk } from './pick-disks.ts';

const THOUSANDTHS = 1000;

/** Which of an offer's resources an app may use (marathon.md 3.9). */
export interface Access {
  readonly unreserved: boolean;
  /** Reserved for the app's role. */
  readonly reserved: boolean;
}

/** A scalar resource that ephemeral tasks may take from; what is left of it in thousandths. */
interface ScalarPart {
  readonly resource: Resource;
  readonly isReserved: boolean;
  left: number;
}

interface PortPart {
  readonly resource: Resource;
  readonly isReserved: boolean;
  ranges: ValueRange[];
}

/** What is left of an offer while tasks are being placed on it. */
export class OfferRemainder {
  readonly offer: Offer;
  readonly role: string;
  /** Tasks placed so far. */
  placed = 0;
  readonly #scalars = new Map<string, ScalarPart[]>();
  readonly #ports: PortPart[] = [];
  /** Disks beside the agent's own that nobody has reserved. */
  readonly #disks: OfferedDisk[] = [];

  constructor(offer: Offer) {
    this.offer = offer;
    this.role = offer.allocation_info?.role ?? '*';
    for (const resource of offer.resources ?? []) this.#take(resource);
  }

  /** What volumes can be made of. */
  volumeDisks(): OfferedDisk[] {
    const own = (this.#scalars.get('disk') ?? [])
      .filter(({ isReserved }) => !isReserved)
      .map(({ resource, left }) => ({ resource, kind: 'root' as const, freeMiB: left / THOUSANDTHS }));
    return [...own, ...this.#disks];
  }

  /** Takes disks that were picked from volumeDisks. */
  takeDisks(picked: readonly PickedDisk[]): void {
    for (const { disk, resource } of picked) {
      const sizeMiB = resource.scalar?.value ?? 0;
      if (disk.kind === 'root') this.takeScalar('disk', sizeMiB, { unreserved: true, reserved: false });
      else disk.freeMiB -= sizeMiB;
    }
  }

  /** Whether there is anything at all that an app with this access may use. */
  hasAny(access: Access): boolean {
    const isOpen = (part: { isReserved: boolean }): boolean => isAccessible(part, access);
    return [...this.#scalars.values()].some((parts) => parts.some(isOpen)) || this.#ports.some(isOpen);
  }

  /** How much of a scalar there is. */
  scalar(name: string, access: Access): number {
    let sum = 0;
    for (const part of this.#scalars.get(name) ?? []) if (isAccessible(part, access)) sum += part.left;
    return sum / THOUSANDTHS;
  }

  /** Takes an amount, from several resources if need be, in the order of the offer. There must be enough. */
  takeScalar(name: string, amount: number, access: Access): Resource[] {
    let wanted = Math.round(amount * THOUSANDTHS);
    const taken: Resource[] = [];
    for (const part of this.#scalars.get(name) ?? []) {
      if (wanted === 0) break;
      if (!isAccessible(part, access) || part.left === 0) continue;
      const portion = Math.min(part.left, wanted);
      part.left -= portion;
      wanted -= portion;
      taken.push({ ...part.resource, scalar: { value: portion / THOUSANDTHS } });
    }
    return taken;
  }

  /** The port ranges that may be used. */
  portRanges(access: Access): ValueRange[] {
    return this.#ports.filter((part) => isAccessible(part, access)).flatMap(({ ranges }) => ranges);
  }

  /** Takes ports, each from the first resource that has it. They must be there. */
  takePorts(ports: readonly number[], access: Access): Resource[] {
    const taken: Resource[] = [];
    let wanted = [...ports].sort((one, other) => one - other);
    for (const part of this.#ports) {
      if (wanted.length === 0) break;
      if (!isAccessible(part, access)) continue;
      const mine = wanted.filter((port) =>
        part.ranges.some(({ begin, end }) => begin <= port && port <= end),
      );
      if (mine.length === 0) continue;
      for (const port of mine) part.ranges = without(part.ranges, port);
      wanted = wanted.filter((port) => !mine.includes(port));
      taken.push({ ...part.resource, ranges: { range: asRanges(mine) } });
    }
    return taken;
  }

  #take(resource: Resource): void {
    const disk = volumeDisk(resource);
    if (disk) this.#disks.push(disk);
    if (!isForEphemeralTasks(resource)) return;
    const isReserved = reservationRole(resource) !== '*';
    // What is reserved for another role is not for us, even if it should be offered.
    if (isReserved && reservationRole(resource) !== this.role) return;
    if (resource.type === 'RANGES' && resource.name === 'ports') {
      const ranges = (resource.ranges?.range ?? []).map((range) => ({ ...range }));
      this.#ports.push({ resource, isReserved, ranges });
    } else if (resource.type === 'SCALAR') {
      const left = Math.round((resource.scalar?.value ?? 0) * THOUSANDTHS);
      const parts = this.#scalars.get(resource.name);
      if (parts) parts.push({ resource, isReserved, left });
      else this.#scalars.set(resource.name, [{ resource, isReserved, left }]);
    }
  }
}

/** Path and mount disks that are whole and nobody's. */
const volumeDisk = (resource: Resource): OfferedDisk | undefined => {
  const { disk, revocable, shared, scalar } = resource;
  const isFree = !isReserved(resource) && !isPersistentVolume(resource) && !revocable && !shared;
  const type = disk?.source?.type;
  if (!isFree || (type !== 'PATH' && type !== 'MOUNT')) return undefined;
  return { resource, kind: type === 'PATH' ? 'path' : 'mount', freeMiB: scalar?.value ?? 0 };
};

/** Volumes, disks of their own, and what is reserved for somebody in particular (by labels) stay untouched. */
const isForEphemeralTasks = (resource: Resource): boolean =>
  !isPersistentVolume(resource) &&
  resource.disk?.source === undefined &&
  resource.revocable === undefined &&
  resource.shared === undefined &&
  (resource.reservation?.labels?.labels ?? []).length === 0 &&
  (resource.reservations ?? []).every(({ labels }) => (labels?.labels ?? []).length === 0);

const isAccessible = ({ isReserved }: { isReserved: boolean }, access: Access): boolean =>
  isReserved ? access.reserved : access.unreserved;

const without = (ranges: readonly ValueRange[], port: number): ValueRange[] => {
  const index = ranges.findIndex(({ begin, end }) => begin <= port && port <= end);
  const range = ranges[index];
  if (range === undefined) return [...ranges];
  const pieces = [
    ...(range.begin < port ? [{ begin: range.begin, end: port - 1 }] : []),
    ...(range.end > port ? [{ begin: port + 1, end: range.end }] : []),
  ];
  return ranges.toSpliced(index, 1, ...pieces);
};

/** Ascending ports as ranges. */
const asRanges = (ports: readonly number[]): ValueRange[] => {
  const ranges: ValueRange[] = [];
  for (const port of ports) {
    const last = ranges.at(-1);
    if (last && last.end + 1 === port) last.end = port;
    else ranges.push({ begin: port, end: port });
  }
  return ranges;
};
