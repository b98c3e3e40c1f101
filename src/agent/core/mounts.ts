import { existsSync } from 'node:fs';
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

/** Where volumes may be put, and who brings those that are not folders of this machine. */
export interface VolumeRules {
  /** Names of isolators, such as `filesystem/linux` and `docker/volume`. */
  isolation: readonly string[];
  hasImage: boolean;
}

/** Volumes that an isolator of that name brings by itself. */
const BROUGHT_BY = {
  docker_volume: 'docker/volume',
  csi_volume: 'volume/csi',
  secret: 'volume/secret',
} as const;

/**
 * The folders that a container gets, from the persistent volumes among its resources and the volumes of its
 * ContainerInfo. Throws, with a text for the task's status, for what cannot be had.
 */
export const planMounts = (
  options: VolumeRules & {
    workDir: string;
    resources: readonly Resource[];
    container: ContainerInfo | undefined;
    sandbox: string;
    parentSandbox: string | undefined;
    /** Of the executor that it is nested in: its volumes lie in its sandbox, for its tasks to share. */
    parentResources: readonly Resource[];
  },
): Mount[] => {
  const { workDir, resources, container, parentResources } = options;
  const parentVolumes = parentResources.filter(isPersistentVolume).map((volume) => ({
    path: normalize(volume.disk?.volume?.container_path ?? ''),
    folder: volumeFolder(workDir, volume),
  }));
  const persistent = resources.filter(isPersistentVolume).map((resource) => ({
    containerPath: placeOf(resource.disk?.volume?.container_path ?? '', options),
    hostPath: volumeFolder(workDir, resource),
    isMade: true,
    isReadOnly: resource.disk?.volume?.mode === 'RO',
  }));
  // What a container engine starts it mounts by itself.
  if (container?.type === 'DOCKER') return persistent;
  const others = (container?.volumes ?? []).filter((volume) => !isBroughtByIsolator(volume, options));
  return [...persistent, ...others.map((volume) => mountOf(volume, { ...options, parentVolumes }))];
};

const isBroughtByIsolator = ({ image, source }: Volume, { isolation }: VolumeRules): boolean =>
  (image !== undefined && isolation.includes('volume/image')) ||
  Object.entries(BROUGHT_BY).some(
    ([kind, isolator]) =>
      source?.[kind as keyof typeof BROUGHT_BY] !== undefined && isolation.includes(isolator),
  );

const mountOf = (
  { container_path, host_path, image, source, mode }: Volume,
  options: VolumeRules & {
    sandbox: string;
    parentSandbox: string | undefined;
    parentVolumes: readonly ParentVolume[];
  },
): Mount => {
  const { sandbox, parentSandbox, parentVolumes } = options;
  const propagation = source?.host_path?.mount_propagation?.mode;
  const common = {
    containerPath: placeOf(container_path, options),
    isReadOnly: mode === 'RO',
    ...(propagation === undefined || propagation === 'UNKNOWN' ? {} : { propagation }),
  };
  const hostPath = host_path ?? source?.host_path?.path;
  if (hostPath !== undefined) {
    if (isAbsolute(hostPath)) return { ...common, hostPath, isMade: false };
    return { ...common, hostPath: join(sandbox, insideSandbox(hostPath)), isMade: true };
  }
  const { sandbox_path: shared } = source ?? {};
  if (shared) {
    const from = shared.type === 'PARENT' ? parentSandbox : sandbox;
    if (from === undefined)
      throw new Error(`Volume ${container_path}: there is no parent to share a folder with`);
    const path = insideSandbox(shared.path);
    const volume = shared.type === 'PARENT' ? volumeAt(path, parentVolumes) : undefined;
    return { ...common, hostPath: volume ?? join(from, path), isMade: true };
  }
  const kind = source?.type ?? (image ? 'IMAGE' : 'no kind');
  throw new Error(`Volume ${container_path}: this agent has no volumes of the kind ${kind}`);
};

/** A persistent volume of an executor, and where in its sandbox it is. */
interface ParentVolume {
  readonly path: string;
  readonly folder: string;
}

/** The folder that a path of the executor's sandbox stands for if it leads into one of its volumes. */
const volumeAt = (path: string, volumes: readonly ParentVolume[]): string | undefined => {
  const volume = volumes.find((one) => path === one.path || path.startsWith(`${one.path}/`));
  return volume && join(volume.folder, path.slice(volume.path.length));
};

/** Absolute paths need a mount: in a root folder of the container's own, or over what the host has there. */
export const placeOf = (path: string, { isolation, hasImage }: VolumeRules): string => {
  if (!isAbsolute(path)) return insideSandbox(path);
  if (!isolation.includes('filesystem/linux')) {
    throw new Error(`The path ${path} is not relative to the sandbox: this agent mounts nothing`);
  }
  const normal = normalize(path).replace(/\/+$/, '');
  if (normal === '') throw new Error('A volume cannot take the place of the root folder');
  if (!hasImage && !existsSync(normal)) throw new Error(`The path ${path} does not exist on this machine`);
  return normal;
};

/** A relative path that stays in the sandbox, or an error. */
const insideSandbox = (path: string): string => {
  const normal = normalize(path).replace(/\/+$/, '');
  if (path === '' || normal === '.') throw new Error('The path of a volume is empty');
  if (isAbsolute(normal)) throw new Error(`The path ${path} is not relative to the sandbox`);
  if (normal === '..' || normal.startsWith('../'))
    throw new Error(`The path ${path} leads out of the sandbox`);
  return normal;
};
