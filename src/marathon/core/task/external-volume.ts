import type {
  Parameters,
  Secret,
  Volume,
  VolumeSource,
  VolumeSourceCSIVolumeVolumeCapability,
} from '../../../mesos/generated/mesos.ts';
import type { AppDefinition } from '../../definitions/app.ts';
import type { CsiVolumeInfo, DvdiVolumeInfo, ExternalVolume } from '../../definitions/container.ts';
import { secretReference } from './variables.ts';

/** How the agent is told of a volume that somebody else provides (marathon.md 2.3.1). */
export const externalVolume = (
  app: AppDefinition,
  { containerPath, mode, external }: ExternalVolume,
): Volume => ({
  container_path: containerPath,
  mode,
  source: external.provider === 'csi' ? csiSource(app, external) : dvdiSource(external),
});

const DRIVER_OPTION = 'dvdi/driver';

/** Options are `<driver>/<option>`; the driver knows them without its name. */
const dvdiSource = ({ name, options, size }: DvdiVolumeInfo): VolumeSource => {
  const parameters = [
    ...Object.entries(options)
      .filter(([key]) => key !== DRIVER_OPTION)
      .map(([key, value]) => ({ key: key.slice(key.indexOf('/') + 1), value })),
    ...(size === undefined ? [] : [{ key: 'size', value: String(size) }]),
  ];
  const driver = options[DRIVER_OPTION];
  const driverOptions: { driver_options?: Parameters } =
    parameters.length === 0 ? {} : { driver_options: { parameter: parameters } };
  return {
    type: 'DOCKER_VOLUME',
    docker_volume: { ...(driver === undefined ? {} : { driver }), name, ...driverOptions },
  };
};

const csiSource = (app: AppDefinition, { name, options }: CsiVolumeInfo): VolumeSource => {
  const { pluginName, capability, nodeStageSecret, nodePublishSecret, volumeContext } = options;
  const secrets = (names: Readonly<Record<string, string>>): Record<string, Secret> =>
    Object.fromEntries(Object.entries(names).map(([key, secret]) => [key, secretReference(app, secret)]));
  return {
    type: 'CSI_VOLUME',
    csi_volume: {
      plugin_name: pluginName,
      static_provisioning: {
        volume_id: name,
        volume_capability: csiCapability(capability),
        ...(nodeStageSecret ? { node_stage_secrets: secrets(nodeStageSecret) } : {}),
        ...(nodePublishSecret ? { node_publish_secrets: secrets(nodePublishSecret) } : {}),
        ...(volumeContext ? { volume_context: { ...volumeContext } } : {}),
      },
    },
  };
};

const csiCapability = ({
  accessMode,
  accessType,
  fsType,
  mountFlags,
}: CsiVolumeInfo['options']['capability']): VolumeSourceCSIVolumeVolumeCapability => ({
  access_mode: { mode: accessMode },
  ...(accessType === 'block'
    ? { block: {} }
    : {
        mount: {
          ...(fsType === undefined ? {} : { fs_type: fsType }),
          ...(mountFlags === undefined ? {} : { mount_flags: [...mountFlags] }),
        },
      }),
});
