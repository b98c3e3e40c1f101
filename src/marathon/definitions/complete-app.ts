import type { AppDefinition } from './app.ts';
import { isSingleInstance } from './app-facts.ts';
import type {
  AppInput,
  ContainerInput,
  HealthCheckInput,
  PortMappingInput,
  UpgradeStrategyInput,
  VolumeInput,
} from './app-input.ts';
import { completeNetworks } from './complete-networks.ts';
import { completePersistent } from './complete-persistent.ts';
import type { DefinitionSettings } from './definition-settings.ts';
import { fillDefaults } from './fill-defaults.ts';
import { APP_SCHEMA } from './json-schema.ts';
import { type PathId, parentOf, resolvePath } from './path-id.ts';

/** What an app or pod is completed with. */
export interface Completion {
  /** Relative ids are resolved against it. */
  readonly base: PathId;
  readonly settings: DefinitionSettings;
  /** The role of one that names none. */
  readonly role: string;
  /** What it bears until the engine gives changed apps their versions. */
  readonly versions: Versions;
}

type Versions = Pick<AppDefinition, 'version' | 'versionInfo'>;

/**
 * The canonical form of an app (marathon.md 2.11): ids absolute, and everything that was left out filled in. First what
 * depends on other fields, then what the schema says. Service ports may still be 0, and nothing is checked yet.
 */
export const completeApp = (
  input: AppInput & { id: string },
  { base, settings, role, versions }: Completion,
): AppDefinition => {
  const id = resolvePath(input.id, base);
  const { portDefinitions, args, residency, version: _asked, ...rest } = input;
  const networks = completeNetworks(input.networks, settings);
  const isHost = networks.some(({ mode }) => mode === 'host');
  const isBridge = networks.some(({ mode }) => mode === 'container/bridge');
  const container = completeContainer(input.container, { isHost, isBridge });
  const isResident = container?.volumes?.some(({ persistent }) => persistent) ?? false;
  const ports = isHost ? (portDefinitions ?? [DEFAULT_PORT]) : portDefinitions;
  const portCount = (isHost ? ports : container?.portMappings)?.length ?? 0;
  const app: AppInput = {
    ...rest,
    id,
    role: input.role ?? role,
    dependencies: (input.dependencies ?? []).map((dependency) => resolvePath(dependency, parentOf(id))),
    networks,
    requirePorts: isHost && (input.requirePorts ?? false),
    healthChecks: (input.healthChecks ?? []).map((check) => completeHealthCheck(check, portCount)),
    upgradeStrategy: input.upgradeStrategy ?? upgradeStrategy(input, container),
    unreachableStrategy: input.unreachableStrategy ?? (isResident ? 'disabled' : {}),
    ...(args?.length && { args }),
    ...(ports && { portDefinitions: ports }),
    ...(container && { container }),
    ...(isResident && { residency: residency ?? {} }),
  };
  return withVersions(fillDefaults(APP_SCHEMA, app), versions);
};

/** What the schema has checked and the defaults have completed has all that a definition has. */
const withVersions = (completed: unknown, { version, versionInfo }: Versions): AppDefinition => ({
  ...(completed as Omit<AppDefinition, keyof Versions>),
  version,
  versionInfo,
});

const DEFAULT_PORT = { port: 0, name: 'default' };

const completeContainer = (
  container: ContainerInput | undefined,
  { isHost, isBridge }: { isHost: boolean; isBridge: boolean },
): ContainerInput | undefined => {
  if (isHost && !container) return undefined;
  const { portMappings, volumes = [], ...rest } = container ?? { type: 'MESOS' as const };
  const mappings = isHost ? portMappings : (portMappings ?? [{ containerPort: 0, name: 'default' }]);
  const onHost = (mapping: PortMappingInput): PortMappingInput =>
    isBridge ? { hostPort: 0, ...mapping } : mapping;
  return {
    ...rest,
    volumes: volumes.map(completeVolume),
    // An empty list on the host's network says nothing.
    ...(mappings && !(isHost && mappings.length === 0) && { portMappings: mappings.map(onHost) }),
  };
};

const completeVolume = (volume: VolumeInput): VolumeInput => {
  const { persistent, external } = volume;
  if (persistent) return { ...volume, persistent: completePersistent(persistent) };
  if (external?.provider === 'dvdi') return { ...volume, external: { shared: false, ...external } };
  return volume;
};

const completeHealthCheck = (check: HealthCheckInput, portCount: number): HealthCheckInput => {
  const { protocol = 'HTTP', port, portIndex } = check;
  if (protocol === 'COMMAND') return check;
  return {
    ...check,
    ...(protocol.includes('HTTP') && { path: check.path ?? '/' }),
    ...(port === undefined && portIndex === undefined && portCount > 0 && { portIndex: 0 }),
  };
};

const upgradeStrategy = (
  { labels = {} }: AppInput,
  container: ContainerInput | undefined,
): UpgradeStrategyInput => {
  if (isSingleInstance({ labels })) return { minimumHealthCapacity: 0, maximumOverCapacity: 0 };
  const isBound = container?.volumes?.some(({ persistent, external }) => persistent || external) ?? false;
  return isBound
    ? { minimumHealthCapacity: 0.5, maximumOverCapacity: 0 }
    : { minimumHealthCapacity: 1, maximumOverCapacity: 1 };
};
