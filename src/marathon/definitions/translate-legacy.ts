import type {
  AppInput,
  ContainerInput,
  LegacyAppInput,
  NetworksInput,
  PortMappingInput,
  UnreachableStrategyInput,
} from './app-input.ts';
import { refuseInvalid, type Violation } from './violation.ts';

/**
 * Translates what Marathon wrote differently before 1.5 (marathon.md 2.5): `container.docker.network` and its
 * portMappings, `ipAddress`, `ports`, `uris`, and the old names in unreachableStrategy. Throws InvalidDocument when old
 * and new ways of saying one thing are mixed.
 */
export const translateLegacy = (app: LegacyAppInput): AppInput => {
  refuseInvalid(mixtures(app));
  const {
    ports,
    uris,
    ipAddress,
    unreachableStrategy,
    networks,
    container,
    portDefinitions,
    fetch,
    ...rest
  } = app;
  const network = networksOf(app);
  const isHost = network === undefined || network.some(({ mode }) => mode === 'host');
  const translatedContainer = containerOf(app, isHost);
  const definitions = portDefinitions ?? (isHost ? ports?.map((port) => ({ port })) : undefined);
  const fetched = fetch?.length ? fetch : (uris?.map(toFetch) ?? fetch);
  return {
    ...rest,
    ...(network && { networks: network }),
    ...(translatedContainer && { container: translatedContainer }),
    ...(definitions && { portDefinitions: definitions }),
    ...(fetched && { fetch: fetched }),
    ...(unreachableStrategy !== undefined && { unreachableStrategy: withNewNames(unreachableStrategy) }),
  };
};

const mixtures = ({
  container,
  networks,
  ipAddress,
  ports,
  portDefinitions,
  uris,
  fetch,
}: LegacyAppInput): Violation[] => {
  const docker = container?.docker;
  const violations: Violation[] = [];
  const refuse = (isRefused: unknown, path: string, message: string): void => {
    if (isRefused) violations.push({ path, message });
  };
  refuse(
    docker?.network && networks,
    '/container/docker/network',
    'must not specify both container.docker.network and networks',
  );
  refuse(networks && ipAddress, '/ipAddress', 'must not specify both networks and ipAddress');
  refuse(
    docker?.portMappings?.length && (container?.portMappings || networks),
    '/container/docker/portMappings',
    'cannot mix deprecated and canonical network APIs',
  );
  refuse(docker?.network === 'NONE', '/container/docker/network', 'unsupported docker network type None');
  refuse(ports?.length && portDefinitions, '/ports', 'cannot specify both ports and port definitions');
  refuse(
    ipAddress && (ports?.length || portDefinitions?.length),
    '/ipAddress',
    'cannot specify both an IP address and port',
  );
  const fixed = (ports ?? []).filter((port) => port !== 0);
  refuse(new Set(fixed).size < fixed.length, '/ports', 'ports must be unique');
  refuse(uris?.length && fetch?.length, '/uris', 'may not be set in conjunction with fetch');
  refuse(
    ipAddress?.discovery?.ports?.length && docker && container?.type !== 'MESOS',
    '/ipAddress/discovery',
    'ipAddress/discovery is not allowed for Docker containers',
  );
  return violations;
};

const networksOf = ({ networks, container, ipAddress }: LegacyAppInput): NetworksInput | undefined => {
  if (networks) return networks;
  const mode = container?.docker?.network;
  if (mode === 'HOST') return [{ mode: 'host' }];
  if (mode === 'BRIDGE') return [{ mode: 'container/bridge' }];
  if (mode !== 'USER' && !ipAddress) return undefined;
  const { networkName: name, labels } = ipAddress ?? {};
  return [{ mode: 'container', ...(name !== undefined && { name }), ...(labels && { labels }) }];
};

const containerOf = (
  { container, ipAddress, ports }: LegacyAppInput,
  isHost: boolean,
): ContainerInput | undefined => {
  const discovered = ipAddress?.discovery?.ports?.map(
    ({ number, ...port }): PortMappingInput => ({ containerPort: number, ...port }),
  );
  if (!container) return discovered?.length ? { type: 'MESOS', portMappings: discovered } : undefined;
  const { docker, portMappings, ...rest } = container;
  const { network, portMappings: oldMappings, ...image } = docker ?? { image: '' };
  // On the host's network mappings never meant anything, yet old clients send them.
  const old = network === 'HOST' ? undefined : oldMappings;
  const mappings =
    portMappings ?? (old?.length ? withServicePorts(old, isHost ? [] : ports) : (discovered ?? old));
  return {
    ...rest,
    ...(docker && { docker: image }),
    ...(mappings && !(network === 'HOST') && { portMappings: mappings }),
  };
};

/** Beside mappings, `ports` were the service ports. */
const withServicePorts = (
  mappings: readonly PortMappingInput[],
  ports: readonly number[] = [],
): PortMappingInput[] => mappings.map((mapping, index) => ({ servicePort: ports[index] ?? 0, ...mapping }));

const ARCHIVE = /\.(tgz|tar\.gz|tbz2|tar\.bz2|txz|tar\.xz|zip|tar|gz)$/;

const toFetch = (uri: string): { uri: string; extract: boolean } => ({ uri, extract: ARCHIVE.test(uri) });

/** The unreachable strategy with today's names of its fields. */
export const withNewNames = (strategy: UnreachableStrategyInput): UnreachableStrategyInput => {
  if (typeof strategy === 'string') return strategy;
  const {
    unreachableInactiveAfterSeconds: inactive,
    unreachableExpungeAfterSeconds: expunge,
    ...rest
  } = strategy;
  return {
    ...(inactive !== undefined && { inactiveAfterSeconds: inactive }),
    ...(expunge !== undefined && { expungeAfterSeconds: expunge }),
    ...rest,
  };
};
