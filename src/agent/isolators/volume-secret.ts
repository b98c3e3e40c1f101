import {
  chmodSync,
  chownSync,
  existsSync,
  mkdirSync,
  readdirSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import type { Volume } from '../../mesos/generated/mesos.ts';
import { SANDBOX_IN_CONTAINER } from '../containerizers/container-config.ts';
import { placeOf } from '../core/mounts.ts';
import { secretsFolder } from '../core/work-folder.ts';
import { findUser } from '../processes/system-user.ts';
import type { ContainerConfig, IsolatorFactory } from './isolator.ts';
import type { MountPlan } from './preparation-parts.ts';

/**
 * volume/secret: volumes of the kind SECRET are files that hold a secret given by value (mesos.md 6.4), readable by the
 * container's user only and gone with the container. They lie outside of the sandbox and are mounted, or linked to where
 * an agent cannot mount.
 */
export const volumeSecret: IsolatorFactory = ({ workDir, isolation }) => {
  const root = secretsFolder(workDir);
  const remove = (containerId: string): void =>
    rmSync(join(root, containerId), { recursive: true, force: true });
  return {
    name: 'volume/secret',
    recover: async (containers) => {
      if (!existsSync(root)) return;
      const known = new Set(containers.map(({ id }) => id));
      for (const id of readdirSync(root)) if (!known.has(id)) remove(id);
    },
    prepare: async (config) => {
      const wanted = (config.container?.volumes ?? []).filter(({ source }) => source?.type === 'SECRET');
      if (wanted.length === 0) return undefined;
      const folder = join(root, config.id);
      mkdirSync(folder, { recursive: true, mode: 0o711 });
      const files = wanted.map((volume, index) => ({
        source: writeSecret(join(folder, String(index)), volume, config.user),
        place: placeOf(volume.container_path, { isolation, hasImage: config.rootfs !== undefined }),
      }));
      if (isolation.includes('filesystem/linux')) {
        return { namespaces: { mount: 'own' }, mounts: files.map((file) => mountOf(file, config)) };
      }
      for (const { source, place } of files) {
        const link = join(config.sandbox, place);
        mkdirSync(dirname(link), { recursive: true });
        rmSync(link, { force: true });
        symlinkSync(source, link);
      }
      return undefined;
    },
    cleanup: async (containerId) => remove(containerId),
  };
};

const mountOf = (
  { source, place }: { source: string; place: string },
  { rootfs, sandbox }: ContainerConfig,
): MountPlan => ({
  source,
  target: place.startsWith('/') ? place : join(rootfs === undefined ? sandbox : SANDBOX_IN_CONTAINER, place),
  type: 'bind',
  isReadOnly: true,
});

const writeSecret = (file: string, { container_path, source }: Volume, user: string | undefined): string => {
  const data = source?.secret?.value?.data;
  if (data === undefined) throw new Error(`The secret of the volume ${container_path} is not given by value`);
  rmSync(file, { force: true });
  writeFileSync(file, Buffer.from(data, 'base64'), { mode: 0o400 });
  chmodSync(file, 0o400);
  const owner = user === undefined ? undefined : findUser(user);
  if (owner) chownSync(file, owner.uid, owner.gid);
  return file;
};
