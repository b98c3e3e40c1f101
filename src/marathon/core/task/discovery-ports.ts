import type { Port } from '../../../mesos/generated/mesos.ts';
import type { Network } from '../../definitions/network.ts';
import { type EffectivePort, protocolsOf } from './effective-ports.ts';
import { labelsOf } from './labels-of.ts';

/** Ports are found where they can be reached: on the host if they are there, else in the container's network. */
export const discoveryPorts = (
  networks: readonly Network[],
  port: Omit<EffectivePort, 'requested' | 'isGenerated'>,
): Port[] => {
  const networkName = port.networkNames[0] ?? networks.find(({ mode }) => mode === 'container')?.name;
  const isOnHostNetwork = networks.some(({ mode }) => mode === 'host');
  const scope: Record<string, string> =
    port.hostPort !== undefined
      ? { 'network-scope': 'host' }
      : {
          'network-scope': 'container',
          ...(isOnHostNetwork || networkName === undefined ? {} : { 'network-name': networkName }),
        };
  return protocolsOf(port.protocol).map((protocol) => ({
    number: port.hostPort ?? port.containerPort ?? 0,
    ...(port.name === undefined ? {} : { name: port.name }),
    protocol,
    ...labelsOf({ ...port.labels, ...scope }),
  }));
};
