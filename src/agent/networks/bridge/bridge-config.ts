import { isObject, type JsonObject } from '../cni-config.ts';
import { parseSubnet, type Subnet } from '../subnet.ts';

/** The type of plugin that the agent is itself: a bridge of the machine, without a program. */
export const BRIDGE_PLUGIN = 'plenum-bridge';

/** A bridge of this machine, as the configuration of a network of type plenum-bridge has it. */
export interface BridgeConfig {
  /** Name of the device; networks that name the same one are one. */
  readonly bridge: string;
  readonly subnet: Subnet;
}

/** A port of the machine that leads to one of a container. */
export interface PortMapping {
  readonly hostPort: number;
  readonly containerPort: number;
  readonly protocol: 'tcp' | 'udp';
}

/** Who a container is for others on its bridge, and who may connect to it. */
export interface BridgePeer {
  readonly names: readonly string[];
  /** Undefined is everybody. */
  readonly allowedPeers: readonly string[] | undefined;
}

const LONGEST_DEVICE_NAME = 15;
const DEFAULT_BRIDGE = 'plenum0';

/** Throws, for people, when the configuration is wrong. */
export const readBridgeConfig = ({ bridge = DEFAULT_BRIDGE, subnet }: JsonObject): BridgeConfig => {
  if (typeof bridge !== 'string' || !/^[\w.-]+$/.test(bridge) || bridge.length > LONGEST_DEVICE_NAME) {
    throw new Error(`'bridge' has to be the name of a device, not ${JSON.stringify(bridge)}`);
  }
  if (typeof subnet !== 'string') throw new Error("there is no 'subnet', such as 10.213.0.0/16");
  return { bridge, subnet: parseSubnet(subnet) };
};

/** Of NetworkInfo.port_mappings; a protocol may be several, such as `udp,tcp`. Throws, for people, for what is none. */
export const readPortMappings = (
  mappings: readonly { host_port: number; container_port: number; protocol?: string }[],
): PortMapping[] =>
  mappings.flatMap(({ host_port, container_port, protocol = 'tcp' }) =>
    protocol.split(',').map((word) => {
      const name = word.trim().toLowerCase();
      if (name !== 'tcp' && name !== 'udp') throw new Error(`Ports of protocol '${word}' cannot be mapped`);
      return { hostPort: asPort(host_port), containerPort: asPort(container_port), protocol: name };
    }),
  );

/** What is no number must not get into a command of the shell. */
const asPort = (value: unknown): number => {
  if (typeof value === 'number' && Number.isInteger(value) && value > 0 && value < 65_536) return value;
  throw new Error(`${JSON.stringify(value)} is no port that can be mapped`);
};

/** What the agent tells its own plugin beside what it tells any: `args.plenum`. */
export const readBridgePeer = (args: unknown): BridgePeer => {
  const own = isObject(args) && isObject(args.plenum) ? args.plenum : {};
  return { names: textsIn(own.names) ?? [], allowedPeers: textsIn(own.allowedPeers) };
};

const textsIn = (value: unknown): string[] | undefined =>
  Array.isArray(value) ? value.filter((text): text is string => typeof text === 'string') : undefined;
