import type { Random } from '../../../runtime/random.ts';
import type { AppDefinition } from '../../definitions/app.ts';
import { portsOf } from '../../definitions/app-facts.ts';
import type { PortProtocol } from '../../definitions/network.ts';

const FIRST_FREE_PORT = 1025;
const LAST_PORT = 65_535;

/** A port of an instance, with its numbers settled. */
export interface EffectivePort {
  readonly name?: string;
  readonly protocol: PortProtocol;
  readonly labels: Readonly<Record<string, string>>;
  /** The number in the definition: the container port of a mapping, else `port`. */
  readonly requested: number;
  readonly hostPort?: number;
  /** Inside the container; only mappings have one. */
  readonly containerPort?: number;
  /** The container port was 0 and there is no host port to take its number from. */
  readonly isGenerated: boolean;
  readonly networkNames: readonly string[];
}

/** The ports of an instance in the order of the definition. `hostPorts` are those of the ports that have one. */
export const effectivePorts = (
  app: AppDefinition,
  hostPorts: readonly number[],
  random: Random,
): EffectivePort[] => {
  const ports = portsOf(app);
  const taken = new Set([
    ...hostPorts,
    ...ports.flatMap((port) => ('containerPort' in port ? [port.containerPort] : [])),
  ]);
  const generate = (): number => {
    for (;;) {
      const port = FIRST_FREE_PORT + Math.floor(random.next() * (LAST_PORT - FIRST_FREE_PORT + 1));
      if (taken.has(port)) continue;
      taken.add(port);
      return port;
    }
  };
  let next = 0;
  return ports.map((port): EffectivePort => {
    const { protocol, labels } = port;
    const name = port.name === undefined ? {} : { name: port.name };
    if (!('containerPort' in port)) {
      const hostPort = hostPorts[next++] ?? 0;
      return {
        ...name,
        protocol,
        labels,
        requested: port.port,
        hostPort,
        isGenerated: false,
        networkNames: [],
      };
    }
    const hostPort = port.hostPort === undefined ? undefined : hostPorts[next++];
    const isGenerated = port.containerPort === 0 && hostPort === undefined;
    return {
      ...name,
      protocol,
      labels,
      requested: port.containerPort,
      ...(hostPort === undefined ? {} : { hostPort }),
      containerPort: port.containerPort === 0 ? (hostPort ?? generate()) : port.containerPort,
      isGenerated,
      networkNames: port.networkNames,
    };
  });
};

/** `udp,tcp` stands for two ports of one number. */
export const protocolsOf = (protocol: PortProtocol): string[] => protocol.split(',');
