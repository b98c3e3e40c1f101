import type { OfferOperation, Resource, ResourceReservationInfo } from '../../mesos/generated/mesos.ts';
import { resourcesText, resourceText } from '../../mesos/resources/resource-text.ts';
import { isPersistentVolume } from '../../mesos/resources/traits.ts';
import type { Agent, Framework } from './state.ts';

/** Operations on an agent's own resources. */
export type ResourceOperation = Extract<
  OfferOperation,
  { type: 'RESERVE' | 'UNRESERVE' | 'CREATE' | 'DESTROY' | 'GROW_VOLUME' | 'SHRINK_VOLUME' }
>;

const RESOURCE_OPERATIONS: ReadonlySet<string> = new Set([
  'RESERVE',
  'UNRESERVE',
  'CREATE',
  'DESTROY',
  'GROW_VOLUME',
  'SHRINK_VOLUME',
]);

export const isResourceOperation = (operation: OfferOperation): operation is ResourceOperation =>
  RESOURCE_OPERATIONS.has(operation.type);

/** Who wants the operation: a framework, with resources allocated to it, or an operator. */
export type Requester =
  | { type: 'framework'; framework: Framework }
  | { type: 'operator'; principal?: string | undefined };

/**
 * What can be wrong about an operation, in Mesos' words (mesos.md 1.10, 3.3). Its resources are sound and in the stack format;
 * `used` is what tasks and executors on the agent have.
 */
export const operationProblem = (
  operation: ResourceOperation,
  requester: Requester,
  agent: Agent,
  used: readonly Resource[],
): string | undefined => {
  switch (operation.type) {
    case 'RESERVE':
      return reserveProblem(operation.reserve, requester, agent);
    case 'UNRESERVE':
      return unreserveProblem(operation.unreserve.resources ?? []);
    case 'CREATE':
      return createProblem(operation.create.volumes ?? [], requester, agent);
    case 'DESTROY':
      return destroyProblem(operation.destroy.volumes ?? [], agent, used);
    case 'GROW_VOLUME':
      return growProblem(operation.grow_volume, agent);
    case 'SHRINK_VOLUME':
      return shrinkProblem(operation.shrink_volume, agent);
  }
};

const lastReservation = ({ reservations }: Resource): ResourceReservationInfo | undefined =>
  reservations?.at(-1);

const isDynamic = (resource: Resource): boolean => lastReservation(resource)?.type === 'DYNAMIC';

const reserveProblem = (
  { resources = [], source = [] }: { resources?: Resource[]; source?: Resource[] },
  requester: Requester,
  agent: Agent,
): string | undefined => {
  if (resources.length === 0) return 'No resources specified';
  if (requester.type === 'framework' && source.length > 0) {
    return 'Reservation updates are not yet implemented for the scheduler API.';
  }
  for (const resource of resources) {
    const problem = reservedResourceProblem(resource, requester, agent);
    if (problem !== undefined) return problem;
  }
  return undefined;
};

const reservedResourceProblem = (
  resource: Resource,
  requester: Requester,
  agent: Agent,
): string | undefined => {
  const last = lastReservation(resource);
  if (!last || !isDynamic(resource)) return `Resource ${resourceText(resource)} is not dynamically reserved`;
  const role = last.role ?? '*';
  if (role.includes('/') && !agent.capabilities.has('HIERARCHICAL_ROLE')) {
    return `Resource ${resourceText(resource)} with reservation for hierarchical role '${role}' cannot be reserved on an agent without HIERARCHICAL_ROLE capability`;
  }
  if ((resource.reservations ?? []).length > 1 && !agent.capabilities.has('RESERVATION_REFINEMENT')) {
    return `Resource ${resourceText(resource)} with reservation refinement cannot be reserved on an agent without RESERVATION_REFINEMENT capability`;
  }
  if (resource.revocable !== undefined) {
    return `Dynamically reserved resource ${resourceText(resource)} cannot be created from revocable resources`;
  }
  return (
    principalProblem('A reserve operation was attempted', 'a reserved resource', requester, last.principal) ??
    allocationProblem(resource, role, requester)
  );
};

const principalProblem = (
  what: string,
  subject: string,
  requester: Requester,
  given: string | undefined,
): string | undefined => {
  const isFramework = requester.type === 'framework';
  const expected = isFramework ? requester.framework.info.principal : requester.principal;
  if (expected === undefined || expected === given) return undefined;
  return given === undefined
    ? `${what} by principal '${expected}', but there is ${subject} in the request with no principal set`
    : `${what} by authenticated principal '${expected}', which does not match ${subject} in the request with principal '${given}'`;
};

const allocationProblem = (resource: Resource, role: string, requester: Requester): string | undefined => {
  const allocated = resource.allocation_info?.role;
  if (requester.type === 'operator') {
    return allocated === undefined
      ? undefined
      : 'A reserve operation was attempted with an allocated resource, but the operator API only allows reservations to be made to unallocated resources';
  }
  if (allocated === undefined) {
    return `A reserve operation was attempted on unallocated resource '${resourceText(resource)}', but frameworks can only perform reservations on allocated resources`;
  }
  if (allocated !== role) {
    return `A reserve operation was attempted for a resource with role '${role}', but the resource was allocated to role '${allocated}'`;
  }
  const { roles } = requester.framework;
  return roles.includes(role)
    ? undefined
    : `A reserve operation was attempted for a resource allocated to role '${role}', but the framework only has roles '{ ${roles.join(', ')} }'`;
};

const unreserveProblem = (resources: readonly Resource[]): string | undefined => {
  if (resources.length === 0) return 'No resources specified';
  for (const resource of resources) {
    const text = resourceText(resource);
    if (!isDynamic(resource)) return `Resource ${text} is not dynamically reserved`;
    if (isPersistentVolume(resource)) {
      return `A dynamically reserved persistent volume ${text} cannot be unreserved directly. Please destroy the persistent volume first then unreserve the resource`;
    }
  }
  return undefined;
};

const createProblem = (
  volumes: readonly Resource[],
  requester: Requester,
  agent: Agent,
): string | undefined => {
  const taken = new Set(agent.total.filter(isPersistentVolume).map(volumeKey));
  for (const volume of volumes) {
    const problem = newVolumeProblem(volume, requester);
    if (problem !== undefined) return problem;
    const key = volumeKey(volume);
    if (taken.has(key)) return `Persistence ID '${volume.disk?.persistence?.id}' is not unique`;
    taken.add(key);
  }
  return undefined;
};

/** A persistence id is unique per role. */
const volumeKey = (volume: Resource): string =>
  `${lastReservation(volume)?.role ?? '*'} ${volume.disk?.persistence?.id}`;

const newVolumeProblem = (volume: Resource, requester: Requester): string | undefined => {
  const { disk } = volume;
  const no = 'Not a persistent volume: ';
  if (disk === undefined) return `${no}Resource ${resourceText(volume)} does not have DiskInfo`;
  if (disk.persistence === undefined) return `${no}'persistence' is not set in DiskInfo`;
  if (disk.volume === undefined) return `${no}Expecting 'volume' to be set for persistent volume`;
  if (disk.volume.mode === 'RO') return `${no}Read-only persistent volume not supported`;
  if (volume.revocable !== undefined) {
    return 'Persistent volumes cannot be created from revocable resources';
  }
  if (lastReservation(volume) === undefined) {
    return 'Persistent volumes cannot be created from unreserved resources';
  }
  const isSharing = requester.type === 'operator' || requester.framework.capabilities.has('SHARED_RESOURCES');
  if (volume.shared !== undefined && !isSharing) {
    return `Create volume operation has been attempted by framework '${requester.framework.id}' with no SHARED_RESOURCES capability`;
  }
  return principalProblem(
    'A create operation was attempted',
    'a volume',
    requester,
    disk.persistence.principal,
  );
};

const destroyProblem = (
  volumes: readonly Resource[],
  agent: Agent,
  used: readonly Resource[],
): string | undefined => {
  const keysOf = (resources: readonly Resource[]): Set<string> =>
    new Set(resources.filter(isPersistentVolume).map(volumeKey));
  const [known, busy] = [keysOf(agent.total), keysOf(used)];
  for (const volume of volumes) {
    if (!isPersistentVolume(volume) || !known.has(volumeKey(volume))) return 'Persistent volumes not found';
    if (busy.has(volumeKey(volume))) return 'Persistent volumes in use';
  }
  return undefined;
};

const growProblem = (
  { volume, addition }: { volume: Resource; addition: Resource },
  agent: Agent,
): string | undefined => {
  if (!agent.capabilities.has('RESIZE_VOLUME')) return noResize(agent);
  if (!isPersistentVolume(volume)) return `Not a persistent volume: ${resourceText(volume)}`;
  if (!((addition.scalar?.value ?? 0) > 0)) {
    return "The size of volume in the 'GrowVolume.addition' field must be greater than zero";
  }
  if (volume.shared !== undefined) return 'Growing a shared persistent volume is not supported';
  if (volume.disk?.source?.type === 'MOUNT') return 'Growing a volume on a MOUNT disk is not supported';
  const kind = ({ scalar: _scalar, disk, ...rest }: Resource): string =>
    resourcesText([{ ...rest, ...(disk?.source ? { disk: { source: disk.source } } : {}) }]);
  return kind(volume) === kind(addition)
    ? undefined
    : "Incompatible resources in the 'GrowVolume.volume' and 'GrowVolume.addition' fields";
};

const shrinkProblem = (
  { volume, subtract }: { volume: Resource; subtract: { value: number } },
  agent: Agent,
): string | undefined => {
  if (!agent.capabilities.has('RESIZE_VOLUME')) return noResize(agent);
  if (!isPersistentVolume(volume)) return `Not a persistent volume: ${resourceText(volume)}`;
  if (!(subtract.value > 0)) return "Value of 'ShrinkVolume.subtract' must be greater than zero";
  if (subtract.value >= (volume.scalar?.value ?? 0)) {
    return "Value of 'ShrinkVolume.subtract' must be smaller than the size of the volume";
  }
  if (volume.shared !== undefined) return 'Shrinking a shared persistent volume is not supported';
  return volume.disk?.source?.type === 'MOUNT'
    ? 'Shrinking a volume on a MOUNT disk is not supported'
    : undefined;
};

const noResize = ({ id }: Agent): string =>
  `Volume grow or shrink operations are not supported on agent ${id} without the RESIZE_VOLUME capability`;
