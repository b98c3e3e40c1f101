import type { OfferOperation, Resource } from '../generated/mesos.ts';
import { isPersistentVolume } from './traits.ts';

/** What an operation takes from the agent's resources, and what it gives for it (mesos.md 1.10). */
export interface Conversion {
  consumed: Resource[];
  converted: Resource[];
}

/** The conversion that an operation stands for; throws for one that this agent has nothing to do with. */
export const conversionOf = (operation: OfferOperation): Conversion => {
  switch (operation.type) {
    case 'RESERVE': {
      const converted = (operation.reserve.resources ?? []).map(withoutAllocation);
      const source = operation.reserve.source?.map(withoutAllocation);
      return { consumed: source ?? converted.map(withoutLastReservation), converted };
    }
    case 'UNRESERVE': {
      const consumed = (operation.unreserve.resources ?? []).map(withoutAllocation);
      return { consumed, converted: consumed.map(withoutLastReservation) };
    }
    case 'CREATE': {
      const converted = (operation.create.volumes ?? []).map(withoutAllocation);
      return { consumed: converted.map(withoutVolume), converted };
    }
    case 'DESTROY': {
      const consumed = (operation.destroy.volumes ?? []).map(withoutAllocation);
      return { consumed, converted: consumed.map(withoutVolume) };
    }
    case 'GROW_VOLUME': {
      const volume = withoutAllocation(operation.grow_volume.volume);
      const addition = withoutAllocation(operation.grow_volume.addition);
      const value = (volume.scalar?.value ?? 0) + (addition.scalar?.value ?? 0);
      return { consumed: [volume, addition], converted: [{ ...volume, scalar: { value } }] };
    }
    case 'SHRINK_VOLUME': {
      const volume = withoutAllocation(operation.shrink_volume.volume);
      const freed = operation.shrink_volume.subtract.value;
      const smaller = { ...volume, scalar: { value: (volume.scalar?.value ?? 0) - freed } };
      return {
        consumed: [volume],
        converted: [smaller, { ...withoutVolume(volume), scalar: { value: freed } }],
      };
    }
    default:
      throw new Error(`${operation.type} is not an operation on this agent's own resources`);
  }
};

/** Volumes that are gone once the operation is applied. */
export const destroyedVolumes = (operation: OfferOperation): Resource[] =>
  operation.type === 'DESTROY'
    ? (operation.destroy.volumes ?? []).map(withoutAllocation).filter(isPersistentVolume)
    : [];

/** What an agent owns is allocated to nobody in particular. */
const withoutAllocation = ({ allocation_info: _allocation, ...resource }: Resource): Resource => resource;

const withoutLastReservation = ({ reservations = [], ...resource }: Resource): Resource => {
  const left = reservations.slice(0, -1);
  return left.length === 0 ? resource : { ...resource, reservations: left };
};

/** The plain disk that a volume is made of. */
const withoutVolume = ({ disk, shared: _shared, ...resource }: Resource): Resource =>
  disk?.source ? { ...resource, disk: { source: disk.source } } : resource;
