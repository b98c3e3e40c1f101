import type { NetworkInfo } from '../../../mesos/generated/mesos.ts';
import type { Network } from '../../definitions/network.ts';
import { type EffectivePort, protocolsOf } from './effective-ports.ts';
import { labelsOf } from './labels-of.ts';

/** The networks that a container of Mesos' own is attached to, each with the ports that are mapped to the host. */
export const networkInfos = (
  networks: readonly Network[],
  ports: readonly Pick<EffectivePort, 'hostPort' | 'containerPort' | 'protocol' | 'networkNames'>[],
  bridgeName: string,
): NetworkInfo[] =>
  networks
    .filter(({ mode }) => mode !== 'host')
    .map(({ mode, name = bridgeName, labels }) => {
      const mappings = ports.flatMap(({ hostPort, containerPort, protocol, networkNames }) =>
        hostPort === undefined ||
        containerPort === undefined ||
        (mode === 'container' && networkNames.length > 0 && !networkNames.includes(name))
          ? []
          : protocolsOf(protocol).map((one) => ({
              host_port: hostPort,
              container_port: containerPort,
              protocol: one,
            })),
      );
      return { name, ...labelsOf(labels), ...(mappings.length === 0 ? {} : { port_mappings: mappings }) };
    });
