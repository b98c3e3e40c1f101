import type { ResourceStatistics } from '../../../mesos/generated/mesos.ts';
import type { ContainerIdentity, ContainerResources, Isolator } from '../isolator.ts';
import type { Cgroups, Controller } from './cgroups.ts';

/** What is particular to one kind of cgroup. */
export interface ControllerPart {
  name: string;
  controllers: readonly Controller[];
  /** Sets the limits of a container's group; `isNew` when nothing runs in it yet. */
  limit?(id: string, resources: ContainerResources, isNew: boolean): void;
  usage?(id: string): Partial<ResourceStatistics>;
}

/**
 * What isolators on cgroups have in common: a group per container, shared with nested ones that want it so, which goes
 * when its last container has gone. Groups are asked for by the id of the container whose limits count (`ownerOf`).
 */
export const controllerIsolator = (
  cgroups: Cgroups,
  { name, controllers, limit, usage }: ControllerPart,
): Isolator & { ownerOf(containerId: string): string | undefined } => {
  const owners = new Map<string, string>();
  const enter = ({ id, limitedAs }: ContainerIdentity): boolean => {
    const isNew = ![...owners.values()].includes(limitedAs);
    owners.set(id, limitedAs);
    for (const controller of controllers) cgroups.make(controller, limitedAs);
    return isNew;
  };
  const remove = async (owner: string): Promise<void> => {
    for (const controller of controllers) await cgroups.remove(controller, owner);
  };
  return {
    name,
    ownerOf: (containerId) => owners.get(containerId),
    recover: async (containers) => {
      const known = new Set(containers.map(({ limitedAs }) => limitedAs));
      for (const container of containers) enter(container);
      const orphans = new Set(controllers.flatMap((controller) => cgroups.list(controller)));
      for (const owner of orphans) if (!known.has(owner)) await remove(owner);
    },
    prepare: async (container) => {
      const isNew = enter(container);
      limit?.(container.limitedAs, container, isNew);
      return undefined;
    },
    update: async ({ limitedAs }, resources) => {
      if ([...owners.values()].includes(limitedAs)) limit?.(limitedAs, resources, false);
    },
    cgroups: ({ limitedAs }) => controllers.map((controller) => cgroups.joinFile(controller, limitedAs)),
    usage: async (containerId) => {
      const owner = owners.get(containerId);
      return owner === undefined || !usage ? {} : usage(owner);
    },
    cleanup: async (containerId) => {
      const owner = owners.get(containerId);
      owners.delete(containerId);
      if (owner !== undefined && ![...owners.values()].includes(owner)) await remove(owner);
    },
    close: () => {
      for (const controller of controllers) cgroups.removeRoot(controller);
    },
  };
};
