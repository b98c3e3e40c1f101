import type {
  ContainerInfo,
  ContainerInfoDockerInfoNetwork,
  Volume,
} from '../../../mesos/generated/mesos.ts';
import type { AppDefinition } from '../../definitions/app.ts';
import { usesHostNetwork } from '../../definitions/app-facts.ts';
import {
  type Container,
  isExternalVolume,
  isHostVolume,
  isSecretVolume,
  type Volume as VolumeDefinition,
} from '../../definitions/container.ts';
import { type EffectivePort, protocolsOf } from './effective-ports.ts';
import { externalVolume } from './external-volume.ts';
import { labelsOf } from './labels-of.ts';
import { linuxInfoOf } from './linux-info.ts';
import { networkInfos } from './network-infos.ts';
import { secretReference } from './variables.ts';

/** The container of a task; undefined when the app needs none (marathon.md 3.21). */
export const buildContainer = (
  app: AppDefinition,
  { taskId, ports, bridgeName }: { taskId: string; ports: readonly EffectivePort[]; bridgeName: string },
): ContainerInfo | undefined => {
  const { container } = app;
  if (container === undefined && usesHostNetwork(app) && app.tty !== true) return undefined;
  const volumes = (container?.volumes ?? []).flatMap((volume) => volumeInfo(app, volume));
  const common = {
    ...(volumes.length === 0 ? {} : { volumes }),
    ...(app.tty === true ? { tty_info: {} } : {}),
  };
  if (container?.type === 'DOCKER' && container.docker) {
    return { type: 'DOCKER', ...common, ...dockerParts({ app, container, taskId, ports }) };
  }
  const linuxInfo = container?.linuxInfo && linuxInfoOf(container.linuxInfo);
  const networks = networkInfos(app.networks, ports, bridgeName);
  return {
    type: 'MESOS',
    ...common,
    ...(container?.docker
      ? {
          mesos: {
            image: {
              type: 'DOCKER',
              cached: !container.docker.forcePullImage,
              docker: {
                name: container.docker.image,
                ...(container.docker.pullConfig
                  ? { config: secretReference(app, container.docker.pullConfig.secret) }
                  : {}),
              },
            },
          },
        }
      : {}),
    ...(networks.length === 0 ? {} : { network_infos: networks }),
    ...(linuxInfo ? { linux_info: linuxInfo } : {}),
  };
};

const dockerParts = ({
  app,
  container,
  taskId,
  ports,
}: {
  app: AppDefinition;
  container: Container;
  taskId: string;
  ports: readonly EffectivePort[];
}): Pick<ContainerInfo, 'docker' | 'network_infos'> => {
  const image = container.docker;
  if (image === undefined) return {};
  const network = dockerNetwork(app);
  const mappings = ports.flatMap(({ hostPort, containerPort, protocol }) =>
    hostPort === undefined || containerPort === undefined
      ? []
      : protocolsOf(protocol).map((one) => ({
          host_port: hostPort,
          container_port: containerPort,
          protocol: one,
        })),
  );
  return {
    docker: {
      image: image.image,
      network,
      ...(network === 'HOST' || mappings.length === 0 ? {} : { port_mappings: mappings }),
      privileged: image.privileged,
      parameters: [
        ...image.parameters.map(({ key, value }) => ({ key, value })),
        { key: 'label', value: `MESOS_TASK_ID=${taskId}` },
      ],
      force_pull_image: image.forcePullImage,
    },
    ...(network === 'USER'
      ? {
          network_infos: app.networks.map(({ name, labels }) => ({
            ...(name === undefined ? {} : { name }),
            ...labelsOf(labels),
          })),
        }
      : {}),
  };
};

const dockerNetwork = (app: AppDefinition): ContainerInfoDockerInfoNetwork => {
  if (usesHostNetwork(app)) return 'HOST';
  return app.networks.some(({ mode }) => mode === 'container/bridge') ? 'BRIDGE' : 'USER';
};

/** Persistent volumes are not here: they are resources. */
const volumeInfo = (app: AppDefinition, volume: VolumeDefinition): Volume[] => {
  if (isHostVolume(volume)) {
    return [{ container_path: volume.containerPath, host_path: volume.hostPath, mode: volume.mode }];
  }
  if (isSecretVolume(volume)) {
    const secret = secretReference(app, volume.secret);
    return [{ container_path: volume.containerPath, mode: 'RO', source: { type: 'SECRET', secret } }];
  }
  return isExternalVolume(volume) ? [externalVolume(app, volume)] : [];
};
