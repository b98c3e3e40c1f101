import { isAbsolute, join, normalize } from 'node:path';
import type { ContainerInfo, Resource, Volume } from '../../mesos/generated/mesos.ts';
import { isPersistentVolume } from '../../mesos/resources/traits.ts';
import type { Mount } from './effect.ts';

/** Where a persistent volume lies (mesos.md 6.1): outlives its tasks, goes with DESTROY. */
export const volumeFolder = (workDir: string, volume: Resource): string => {
  const role = volume.reservations?.at(-1)?.role ?? volume.role ?? '*';
  const id = volume.disk?.persistence?.id ?? '';
  const { source } = volume.disk ?? {};
  if (source?.type === 'MOUNT' && source.mount?.root !== undefined) return source.mount.root;
  const root = source?.path?.root ?? workDir;
  return join(root, 'volumes', 'roles', role.replaceAll('/', ' '), id);
};

/**
 * The links that a container's sandbox gets, from the persistent volumes among its resources and the volumes of its
 * ContainerInfo. Throws, with a text for the task's status, for what cannot be had without a container engine.
 */
export const planMounts = (options: {
  workDir: string;
  resources: readonly Resource[];
  container: ContainerInfo | undefined;
  sandbox: string;
  parentSandbox: string | undefined;
}): Mount[] => {
  const { workDir, resources, container } = options;
  refuseImages(container);
  const persistent = resources.filter(isPersistentVolume).map((resource) => ({
    containerPath: insideSandbox(resource.disk?.volume?.container_path ?? ''),
    hostPath: volumeFolder(workDir, resource),
    isMade: true,
  }));
  return [...persistent, ...(container?.volumes ?? []).map((volume) => mountOf(volume, options))];
};

const refuseImages = (container: ContainerInfo | undefined): void => {
  if (container?.type === 'DOCKER') throw new Error('This agent runs no Docker containers');
  if (container?.mesos?.image) throw new Error('This agent runs no container images');
};

const mountOf = (
  { container_path, host_path, source }: Volume,
  { sandbox, parentSandbox }: { sandbox: string; parentSandbox: string | undefined },
): Mount => {
  const containerPath = insideSandbox(container_path);
  const hostPath = host_path ?? source?.host_path?.path;
  if (hostPath !== undefined) {
    if (isAbsolute(hostPath)) return { containerPath, hostPath, isMade: false };
    return { containerPath, hostPath: join(sandbox, insideSandbox(hostPath)), isMade: true };
  }
  const { sandbox_path: shared } = source ?? {};
  if (shared) {
    const from = shared.type === 'PARENT' ? parentSandbox : sandbox;
    if (from === undefined)
      throw new Error(`Volume ${container_path}: there is no parent to share a folder with`);
    return { containerPath, hostPath: join(from, insideSandbox(shared.path)), isMade: true };
  }
  throw new Error(`Volume ${container_path}: this agent has no volumes of this kind`);
};

/** A relative path that stays in the sandbox, or an error. */
const insideSandbox = (path: string): string => {
  const normal = normalize(path).replace(/\/+$/, '');
  if (path === '' || normal === '.') throw new Error('The path of a volume is empty');
  if (isAbsolute(normal))
    throw new Error(`The path ${path} is not relative to the sandbox: this agent has no images`);
  if (normal === '..' || normal.startsWith('../'))
    throw new Error(`The path ${path} leads out of the sandbox`);
  return normal;
};
