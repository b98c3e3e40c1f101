import type { MarathonSettings } from './core/settings.ts';
import {
  DEFAULT_DEFINITION_SETTINGS,
  type DefinitionSettings,
  type Feature,
} from './definitions/definition-settings.ts';

/** What Marathon is told by flags of its own (marathon.md 3.24). */
export interface MarathonFlags {
  readonly settings: Partial<MarathonSettings>;
  readonly definitions: Partial<DefinitionSettings>;
}

/** A flag has a value that it does not take; the message names both. */
export class MarathonFlagError extends Error {
  override readonly name = 'MarathonFlagError';
}

const FEATURES: readonly Feature[] = ['vips', 'task_killing', 'external_volumes', 'secrets', 'gpu_resources'];
const DAY_MS = 86_400_000;

type Reader = (text: string, flag: string) => MarathonFlags;

const setting =
  <Name extends keyof MarathonSettings>(
    name: Name,
    read: (text: string, flag: string) => MarathonSettings[Name],
  ): Reader =>
  (text, flag) => ({ settings: { [name]: read(text, flag) }, definitions: {} });

const definition =
  <Name extends keyof DefinitionSettings>(
    name: Name,
    read: (text: string, flag: string) => DefinitionSettings[Name],
  ): Reader =>
  (text, flag) => ({ settings: {}, definitions: { [name]: read(text, flag) } });

const anyText = (text: string): string => text;

const whole =
  (min: number, max: number) =>
  (text: string, flag: string): number => {
    const value = Number(text);
    if (/^\d+$/.test(text) && value >= min && value <= max) return value;
    throw new MarathonFlagError(`--${flag} takes a whole number from ${min} to ${max}, not ${text}`);
  };

const oneOf =
  <Value extends string>(...values: readonly Value[]) =>
  (text: string, flag: string): Value => {
    const value = values.find((one) => one === text);
    if (value !== undefined) return value;
    throw new MarathonFlagError(`--${flag} takes one of ${values.join(', ')}, not ${text}`);
  };

const features = (text: string, flag: string): ReadonlySet<Feature> => {
  const wanted = text.split(',').flatMap((name) => name.trim() || []);
  return new Set([
    ...DEFAULT_DEFINITION_SETTINGS.features,
    ...wanted.map((name) => oneOf(...FEATURES)(name, flag)),
  ]);
};

const origins = (text: string): readonly string[] => text.split(',').flatMap((origin) => origin.trim() || []);

const LONGEST_DEADLINE_SECONDS = 7 * 24 * 3600;

const seconds = (text: string, flag: string): number => whole(0, DAY_MS)(text, flag) / 1000;

const READERS: Readonly<Record<string, Reader>> = {
  accepted_resource_roles_default_behavior: setting(
    'acceptedRolesDefault',
    oneOf('any', 'unreserved', 'reserved'),
  ),
  access_control_allow_origin: setting('allowedOrigins', origins),
  decline_offer_duration: setting('declineOfferSeconds', seconds),
  default_network_name: definition('defaultNetworkName', anyText),
  deployment_deadline: setting(
    'deploymentDeadlineMs',
    (text, flag) => whole(0, LONGEST_DEADLINE_SECONDS)(text, flag) * 1000,
  ),
  deployment_deadline_action: setting(
    'rollsBackAtDeadline',
    (text, flag) => oneOf('fail', 'rollback')(text, flag) === 'rollback',
  ),
  draining_seconds: setting('drainingMs', (text, flag) => whole(0, DAY_MS)(text, flag) * 1000),
  enable_features: definition('features', features),
  env_vars_prefix: setting('envVarsPrefix', anyText),
  failover_timeout: setting('failoverTimeoutSeconds', whole(0, 2 ** 31)),
  framework_name: setting('frameworkName', anyText),
  gpu_scheduling_behavior: setting('gpuSchedulingBehavior', oneOf('restricted', 'unrestricted')),
  max_instances_per_offer: setting('maxLaunchesPerOffer', whole(1, 10_000)),
  max_running_deployments: setting('maxRunningDeployments', whole(1, 10_000)),
  mesos_authentication_principal: setting('principal', anyText),
  mesos_bridge_name: setting('bridgeName', anyText),
  mesos_role: setting('mesosRole', anyText),
  mesos_user: setting('user', anyText),
  metrics_prometheus: setting('hasPrometheus', (text, flag) => oneOf('true', 'false')(text, flag) === 'true'),
  min_revive_offers_interval: setting('minReviveIntervalMs', whole(0, DAY_MS)),
  new_group_enforce_role: definition('newGroupEnforceRole', oneOf('off', 'top')),
  reconciliation_interval: setting('reconciliationIntervalMs', whole(1000, DAY_MS)),
  task_launch_confirm_timeout: setting('launchDoubtMs', whole(1000, DAY_MS)),
  task_launch_timeout: setting('taskLaunchTimeoutMs', whole(1000, DAY_MS)),
  task_reservation_timeout: setting('taskReservationTimeoutMs', whole(1000, DAY_MS)),
  webui_url: setting('webuiUrl', anyText),
  zk_max_versions: setting('maxVersions', whole(1, 10_000)),
};

const PORT_FLAGS = ['local_port_min', 'local_port_max'];

/** The names of all flags, as they are written after two dashes. */
export const MARATHON_FLAGS: readonly string[] = [...Object.keys(READERS), ...PORT_FLAGS];

/** Reads flags from their texts. Throws MarathonFlagError. */
export const readMarathonFlags = (texts: Readonly<Record<string, string>>): MarathonFlags => {
  const parts = Object.entries(texts).flatMap(([flag, text]) => READERS[flag]?.(text, flag) ?? []);
  return {
    settings: Object.assign({}, ...parts.map(({ settings }) => settings)),
    definitions: Object.assign({}, ...parts.map(({ definitions }) => definitions), servicePorts(texts)),
  };
};

const servicePorts = (texts: Readonly<Record<string, string>>): Partial<DefinitionSettings> => {
  const { min, max } = DEFAULT_DEFINITION_SETTINGS.servicePorts;
  const read = (flag: string, usual: number): number =>
    texts[flag] === undefined ? usual : whole(1, 65_536)(texts[flag], flag);
  const ports = { min: read('local_port_min', min), max: read('local_port_max', max) };
  if (ports.min < ports.max) return { servicePorts: ports };
  throw new MarathonFlagError('--local_port_min must be less than --local_port_max');
};
