import type {
  OfferOperation,
  OfferOperationCreateDisk,
  Resource,
  ResourceDiskInfoSourceType,
} from '../../mesos/generated/mesos.ts';
import { resourceText } from '../../mesos/resources/resource-text.ts';
import { isPersistentVolume } from '../../mesos/resources/traits.ts';

/** Operations on disks that resource providers bring. */
export type DiskOperation = Extract<OfferOperation, { type: 'CREATE_DISK' | 'DESTROY_DISK' }>;

export const isDiskOperation = (operation: OfferOperation): operation is DiskOperation =>
  operation.type === 'CREATE_DISK' || operation.type === 'DESTROY_DISK';

export const diskSource = (operation: DiskOperation): Resource =>
  operation.type === 'CREATE_DISK' ? operation.create_disk.source : operation.destroy_disk.source;

/** What can be wrong about an operation on a disk (mesos.md 1.10), in Mesos' words. Its source is sound. */
export const diskOperationProblem = (operation: DiskOperation): string | undefined => {
  const source = diskSource(operation);
  if (source.provider_id === undefined) return "'source' is not managed by a resource provider";
  return operation.type === 'CREATE_DISK' ? createProblem(operation.create_disk) : destroyProblem(source);
};

const createProblem = ({
  source,
  target_type,
  target_profile,
}: OfferOperationCreateDisk): string | undefined => {
  if (!isDiskOf(source, 'RAW')) return "'source' is not a RAW disk resource";
  if (target_type !== 'MOUNT' && target_type !== 'BLOCK') return "'target_type' is neither MOUNT or BLOCK";
  const isOfProfile = source.disk?.source?.profile !== undefined;
  if (isOfProfile === (target_profile === undefined)) return undefined;
  return isOfProfile
    ? "'target_profile' must not be set when 'source' has a profile"
    : "'target_profile' must be set when 'source' has no profile";
};

const destroyProblem = (source: Resource): string | undefined => {
  if (!isDiskOf(source, 'MOUNT', 'BLOCK', 'RAW')) {
    return "'source' is neither a MOUNT, BLOCK or RAW disk resource";
  }
  if (source.disk?.source?.id === undefined) return "'source' is not backed by a CSI volume";
  return isPersistentVolume(source)
    ? `A disk resource containing a persistent volume ${resourceText(source)} cannot be destroyed directly. Please destroy the persistent volume first then destroy the disk resource`
    : undefined;
};

const isDiskOf = ({ disk }: Resource, ...types: ResourceDiskInfoSourceType[]): boolean =>
  disk?.source?.type !== undefined && types.includes(disk.source.type);
