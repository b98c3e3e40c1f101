import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { DockerConfig } from '../registry/docker-config.ts';
import { DEFAULT_REGISTRY } from '../registry/image-reference.ts';
import type { AgentOptions } from './agent-options.ts';
import type { Backend } from './images/container-roots.ts';
import { DEFAULT_IMAGE_GC, parseImageGcConfig } from './images/image-gc-config.ts';
import { ImageProvisioner } from './images/image-provisioner.ts';
import type { Provisioner } from './images/provisioner.ts';
import { lockWorkFolder } from './processes/lock-file.ts';

const BACKENDS: ReadonlySet<string> = new Set(['auto', 'overlay', 'copy']);

/** What makes root folders for an agent. Throws, for people, when an option cannot be used. */
export const buildProvisioner = (
  options: AgentOptions,
  { workDir, dockerConfig }: { workDir: string; dockerConfig: DockerConfig },
): { provisioner: Provisioner; close: () => void } => {
  const { images = {}, clock, log } = options;
  const { dockerRegistry = DEFAULT_REGISTRY, imageProvisionerBackend: backend = 'auto' } = images;
  if (!BACKENDS.has(backend))
    throw new Error(`--image-provisioner-backend takes auto, overlay or copy, not ${backend}`);
  const gc =
    images.imageGcConfig === undefined
      ? DEFAULT_IMAGE_GC
      : parseImageGcConfig(images.imageGcConfig, dockerRegistry);
  const storeFolder = images.dockerStoreDir ?? join(workDir, 'store', 'docker');
  mkdirSync(storeFolder, { recursive: true });
  const unlock = lockWorkFolder(join(storeFolder, 'lock'));
  const provisioner = new ImageProvisioner({
    storeFolder,
    containersFolder: join(workDir, 'provisioner'),
    clock,
    log,
    gc,
    defaultRegistry: dockerRegistry,
    dockerConfig,
    insecureRegistries: images.insecureRegistries ?? [],
    backend: backend as Backend,
  });
  return {
    provisioner,
    close: () => {
      provisioner.close();
      unlock();
    },
  };
};
