import { createHash } from 'node:crypto';
import { join, resolve } from 'node:path';
import type { Volume } from '../../mesos/generated/mesos.ts';
import { SANDBOX_IN_CONTAINER } from '../containerizers/container-config.ts';
import { placeOf } from '../core/mounts.ts';
import { volumeUsesFolder } from '../core/work-folder.ts';
import { dvdcliDriver } from '../volumes/dvdcli-driver.ts';
import { pluginDriver } from '../volumes/plugin-driver.ts';
import { type ExternalVolume, volumeKey } from '../volumes/volume-driver.ts';
import { VolumeUses } from '../volumes/volume-uses.ts';
import { durationFlag } from './flag-values.ts';
import type { IsolatorFactory } from './isolator.ts';

const DEFAULT_SOCKETS = '/run/docker/plugins';
const DEFAULT_TIMEOUT_MS = 60_000;

/**
 * docker/volume: volumes of the kind DOCKER_VOLUME, which a driver makes folders of this machine (mesos.md 6.4): one that
 * listens on a socket, or with --docker_volume_dvdcli whatever that program knows.
 */
export const dockerVolume: IsolatorFactory = ({ workDir, flags, isolation, log }) => {
  const timeoutMs = durationFlag(flags, 'docker_volume_timeout', DEFAULT_TIMEOUT_MS);
  const driver =
    flags.docker_volume_dvdcli === undefined
      ? pluginDriver({
          folder: resolve(flags.docker_volume_plugins_dir ?? DEFAULT_SOCKETS),
          id: createHash('sha256').update(workDir).digest('hex'),
          timeoutMs,
        })
      : dvdcliDriver(resolve(flags.docker_volume_dvdcli), timeoutMs);
  const uses = new VolumeUses(volumeUsesFolder(workDir), driver);
  return {
    name: 'docker/volume',
    recover: async (containers) => {
      const faults = await uses.recover(new Set(containers.map(({ id }) => id)));
      for (const fault of faults) log.warn({ fault }, 'an external volume stays mounted');
    },
    prepare: async ({ id, container, sandbox, rootfs }) => {
      const wanted = (container?.volumes ?? []).filter(({ source }) => source?.docker_volume !== undefined);
      if (wanted.length === 0) return undefined;
      const volumes = wanted.map(externalVolumeOf);
      const double = volumes.find((one, index) => volumes.findIndex(isLike(one)) < index);
      if (double) {
        throw new Error(
          `Found duplicate docker volume with driver '${double.driver}' and name '${double.name}'`,
        );
      }
      const places = wanted.map(({ container_path }) =>
        placeOf(container_path, { isolation, hasImage: rootfs !== undefined }),
      );
      const folders = await uses.take(id, volumes);
      const home = rootfs === undefined ? sandbox : SANDBOX_IN_CONTAINER;
      return {
        namespaces: { mount: 'own' },
        mounts: folders.map((source, index) => {
          const place = places[index] ?? '';
          return {
            source,
            target: place.startsWith('/') ? place : join(home, place),
            type: 'bind',
            isReadOnly: wanted[index]?.mode === 'RO',
          };
        }),
      };
    },
    cleanup: (containerId) => uses.release(containerId),
  };
};

const isLike = (one: ExternalVolume) => (other: ExternalVolume) => volumeKey(one) === volumeKey(other);

const externalVolumeOf = ({ container_path, source }: Volume): ExternalVolume => {
  const { driver, name = '', driver_options } = source?.docker_volume ?? {};
  if (driver === undefined || driver === '') {
    throw new Error(`The volume ${container_path} names no driver`);
  }
  if (name === '') throw new Error(`The volume ${container_path} has no name`);
  const options = (driver_options?.parameter ?? []).map(({ key, value }) => [key, value]);
  return { driver, name, options: Object.fromEntries(options) };
};
