import { usesHostNetwork } from '../app-facts.ts';
import type { Network, PortMapping } from '../network.ts';
import type { Violation } from '../violation.ts';
import { areUnique, type Rule, violationIf } from './rule.ts';

/** Which networks may be combined (marathon.md 2.4). */
export const networkRules: Rule = ({ networks, container }) => [
  ...networkViolations(networks, 'May specify'),
  ...violationIf(
    container?.type === 'DOCKER' && networks.filter(({ mode }) => mode === 'container').length > 1,
    '/networks',
    'may only specify a single container network when using the Docker container engine',
  ),
];

/** What holds for the networks of apps and of pods; of a mixture they are told differently. */
export function* networkViolations(
  networks: readonly Network[],
  mixture: 'May specify' | 'Must specify either',
): Iterable<Violation> {
  const containerNetworks = networks.filter(({ mode }) => mode === 'container');
  yield* violationIf(
    networks.length > 1 && containerNetworks.length < networks.length,
    '/networks',
    `${mixture} a single host network, single bridge network, or else 1-to-n container networks`,
  );
  for (const [index, { mode, name, labels }] of networks.entries()) {
    const path = `/networks(${index})`;
    yield* violationIf(
      mode === 'host' && (name !== undefined || Object.keys(labels).length > 0),
      path,
      'Host networks may not have names or labels',
    );
    yield* violationIf(
      mode === 'container/bridge' && name !== undefined,
      path,
      'Bridge networks may not have names',
    );
    yield* violationIf(
      mode === 'container' && name === undefined,
      `${path}/name`,
      'Network name must be specified when container network is selected.',
    );
  }
  yield* violationIf(
    !areUnique(containerNetworks.map(({ name = '' }) => name)),
    '/networks',
    'Duplicate networks are not allowed',
  );
}

/** Port definitions go with the host's network, port mappings with the others. */
export const portRules: Rule = function* (app) {
  const { portDefinitions = [], container, networks } = app;
  const { portMappings = [] } = container ?? {};
  const isHost = usesHostNetwork(app);
  yield* violationIf(
    !isHost && app.portDefinitions !== undefined,
    '/portDefinitions',
    'portDefinitions are only allowed with host-networking',
  );
  yield* violationIf(
    isHost && portMappings.length > 0,
    '/container/portMappings',
    'portMappings are not allowed with host-networking',
  );
  yield* violationIf(!areUnique(namesOf(portDefinitions)), '/portDefinitions', 'Port names must be unique.');
  yield* violationIf(
    !areUnique(portDefinitions.map(({ port }) => port).filter((port) => port !== 0)),
    '/portDefinitions',
    'Ports must be unique.',
  );
  yield* violationIf(
    !areUnique(namesOf(portMappings)),
    '/container/portMappings',
    'Port names must be unique.',
  );
  for (const [index, mapping] of portMappings.entries()) {
    yield* networkNameViolations(mapping, networks, `/container/portMappings(${index})`);
  }
};

/** The networks that a port, of an app or of a pod, is on. */
export const networkNameViolations = (
  { hostPort, networkNames }: Pick<PortMapping, 'hostPort' | 'networkNames'>,
  networks: readonly Network[],
  path: string,
): Violation[] => {
  const known = networks.flatMap(({ name }) => name ?? []);
  return [
    ...violationIf(
      hostPort !== undefined && known.length > 1 && networkNames.length !== 1,
      `${path}/networkNames`,
      'networkNames must be a single item list when hostPort is specified and more than 1 container network is defined',
    ),
    ...networkNames.flatMap((name) =>
      violationIf(
        !known.includes(name),
        `${path}/networkNames`,
        `${name} is not the name of one of the networks`,
      ),
    ),
  ];
};

const namesOf = (ports: readonly { readonly name?: string }[]): string[] =>
  ports.flatMap(({ name }) => name ?? []);
