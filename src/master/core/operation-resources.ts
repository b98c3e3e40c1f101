import type { Resource } from '../../mesos/generated/mesos.ts';
import type { ResourceOperation } from './operation-problem.ts';

/** The resources that an operation names. */
export const resourcesOf = (operation: ResourceOperation): Resource[] => {
  switch (operation.type) {
    case 'RESERVE':
      return [...(operation.reserve.resources ?? []), ...(operation.reserve.source ?? [])];
    case 'UNRESERVE':
      return operation.unreserve.resources ?? [];
    case 'CREATE':
      return operation.create.volumes ?? [];
    case 'DESTROY':
      return operation.destroy.volumes ?? [];
    case 'GROW_VOLUME':
      return [operation.grow_volume.volume, operation.grow_volume.addition];
    case 'SHRINK_VOLUME':
      return [operation.shrink_volume.volume];
  }
};

/** The same operation on resources of which each was changed. */
export const mapResources = (
  operation: ResourceOperation,
  change: (resource: Resource) => Resource,
): ResourceOperation => {
  const all = (resources: readonly Resource[] = []): Resource[] => resources.map(change);
  switch (operation.type) {
    case 'RESERVE': {
      const { source = [], resources } = operation.reserve;
      const more = source.length === 0 ? {} : { source: all(source) };
      return { ...operation, reserve: { resources: all(resources), ...more } };
    }
    case 'UNRESERVE':
      return { ...operation, unreserve: { resources: all(operation.unreserve.resources) } };
    case 'CREATE':
      return { ...operation, create: { volumes: all(operation.create.volumes) } };
    case 'DESTROY':
      return { ...operation, destroy: { volumes: all(operation.destroy.volumes) } };
    case 'GROW_VOLUME': {
      const { volume, addition } = operation.grow_volume;
      return { ...operation, grow_volume: { volume: change(volume), addition: change(addition) } };
    }
    case 'SHRINK_VOLUME': {
      const { volume, subtract } = operation.shrink_volume;
      return { ...operation, shrink_volume: { volume: change(volume), subtract } };
    }
  }
};
