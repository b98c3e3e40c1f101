import { DEFAULT_SETTINGS, type MarathonSettings } from '../../core/settings.ts';
import type { DefinitionSettings } from '../../definitions/definition-settings.ts';
import type { EngineFacts } from '../../engine.ts';

/**
 * GET /v2/info (marathon.md 1.12). Strict clients know these keys and no others, so that what Plenum's Marathon does not
 * have is null rather than absent.
 */
export const infoJson = (
  facts: EngineFacts,
  settings: DefinitionSettings,
  config: Partial<MarathonSettings>,
): object => ({
  name: 'marathon',
  version: facts.version,
  buildref: 'unknown',
  elected: facts.isElected,
  leader: facts.leader,
  ...(facts.frameworkId !== undefined && { frameworkId: facts.frameworkId }),
  marathon_config: configJson(facts, settings, config),
  zookeeper_config: NO_ZOOKEEPER,
  http_config: { http_port: portOf(facts), https_port: 0 },
});

const portOf = ({ url }: EngineFacts): number => Number(new URL(url).port) || 80;

/** The flags that are in force, under Marathon's names. */
export const configJson = (
  facts: EngineFacts,
  settings: DefinitionSettings,
  config: Partial<MarathonSettings>,
): object => {
  const inForce = { ...DEFAULT_SETTINGS, ...config };
  return {
    access_control_allow_origin: inForce.allowedOrigins.length > 0 ? inForce.allowedOrigins : null,
    checkpoint: true,
    decline_offer_duration: inForce.declineOfferSeconds * 1000,
    default_network_name: settings.defaultNetworkName ?? null,
    env_vars_prefix: inForce.envVarsPrefix || null,
    executor: '//cmd',
    failover_timeout: facts.failoverTimeoutSeconds,
    features: [...settings.features],
    framework_name: facts.frameworkName,
    ha: false,
    hostname: new URL(facts.url).hostname,
    launch_token: 100,
    launch_token_refresh_interval: 30_000,
    leader_proxy_connection_timeout_ms: 5_000,
    leader_proxy_read_timeout_ms: 10_000,
    local_port_max: settings.servicePorts.max,
    local_port_min: settings.servicePorts.min,
    maintenance_mode: true,
    master: facts.masterUrls.join(','),
    max_instances_per_offer: inForce.maxLaunchesPerOffer,
    mesos_bridge_name: inForce.bridgeName,
    mesos_heartbeat_failure_threshold: 5,
    mesos_heartbeat_interval: 15_000,
    mesos_leader_ui_url: facts.masterUrls[0] ?? null,
    mesos_role: settings.mesosRole,
    mesos_user: config.user ?? null,
    min_revive_offers_interval: inForce.minReviveIntervalMs,
    new_group_enforce_role: settings.newGroupEnforceRole,
    offer_matching_timeout: 3_000,
    on_elected_prepare_timeout: 180_000,
    reconciliation_initial_delay: 15_000,
    reconciliation_interval: inForce.reconciliationIntervalMs,
    scale_apps_initial_delay: 15_000,
    scale_apps_interval: 300_000,
    store_cache: true,
    task_launch_confirm_timeout: inForce.launchDoubtMs,
    task_launch_timeout: inForce.taskLaunchTimeoutMs,
    task_lost_expunge_initial_delay: 300_000,
    task_lost_expunge_interval: 30_000,
    task_reservation_timeout: inForce.taskReservationTimeoutMs,
    webui_url: config.webuiUrl ?? facts.url,
  };
};

const NO_ZOOKEEPER = {
  zk: null,
  zk_compression: null,
  zk_compression_threshold: null,
  zk_connection_timeout: null,
  zk_max_node_size: null,
  zk_max_versions: 50,
  zk_session_timeout: null,
  zk_timeout: null,
};
