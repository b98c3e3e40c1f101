import { CliError } from './errors/cli-error.ts';

/** A command line of Apache's Marathon as Plenum's takes it. */
export interface UnderstoodFlags {
  readonly argv: readonly string[];
  /** What was left out, and why it is not needed. */
  readonly notes: readonly string[];
}

const RENAMED: Readonly<Record<string, string>> = { http_port: 'port', http_address: 'host' };

const NO_STORE = 'the state is a folder, with one process on it and no election';
const AT_ONCE = 'what it does at intervals happens at once';
const BY_OFFERS = 'launches are bounded by what is offered';
const ALWAYS = 'it is always so';

/** Flags that ask for nothing that is missing; those in SWITCHES have no value. */
const WITHOUT_EFFECT: Readonly<Record<string, string>> = {
  launch_tokens: BY_OFFERS,
  launch_token_refresh_interval: BY_OFFERS,
  offer_matching_timeout: BY_OFFERS,
  scale_apps_initial_delay: AT_ONCE,
  scale_apps_interval: AT_ONCE,
  task_lost_expunge_initial_delay: AT_ONCE,
  task_lost_expunge_interval: AT_ONCE,
  reconciliation_initial_delay: AT_ONCE,
  zk_timeout: NO_STORE,
  zk_session_timeout: NO_STORE,
  zk_connection_timeout: NO_STORE,
  zk_compression_threshold: NO_STORE,
  zk_max_node_size: NO_STORE,
  on_elected_prepare_timeout: NO_STORE,
  leader_proxy_connection_timeout: NO_STORE,
  leader_proxy_read_timeout: NO_STORE,
  deprecated_features: 'old forms of definitions are always taken',
  mesos_heartbeat_interval: 'the master says how often it is heard',
  mesos_heartbeat_failure_threshold: 'the master says how often it is heard',
  mesos_leader_ui_url: 'it is that of the master',
  event_stream_max_outstanding_messages: 'streams that are 4 MiB behind are cut off',
  max_concurrent_marathon_health_checks: 'there are 256 at a time',
  http_max_concurrent_requests: 'connections are bounded by themselves',
  logging_level: 'everything that matters is logged',
  zk_compression: NO_STORE,
  disable_zk_compression: NO_STORE,
  store_cache: NO_STORE,
  disable_store_cache: NO_STORE,
  disable_ha: NO_STORE,
  checkpoint: ALWAYS,
  maintenance_mode: ALWAYS,
  http_compression: ALWAYS,
};

const SWITCHES = new Set([
  'zk_compression',
  'disable_zk_compression',
  'store_cache',
  'disable_store_cache',
  'disable_ha',
  'checkpoint',
  'maintenance_mode',
  'http_compression',
]);

interface Refusal {
  readonly why: string;
  readonly instead?: string;
}

const NO_PLUGINS: Refusal = { why: 'there are no plugins' };
const OWN_TLS: Refusal = {
  why: 'certificates are given as PEM',
  instead: 'Use --tls --tls-cert FILE --tls-key FILE, with --port',
};
const ONE_REPORTER: Refusal = {
  why: 'metrics are asked for, not sent',
  instead: 'Use /metrics, or --metrics_prometheus and /metrics/prometheus',
};

/** Flags that ask for something that there is not, or that is asked for otherwise. */
const REFUSED: Readonly<Record<string, Refusal>> = {
  zk: {
    why: NO_STORE,
    instead:
      'Use --work-dir FOLDER. What another Marathon runs is moved with plenum marathon export and plenum marathon apply',
  },
  ha: { why: NO_STORE, instead: 'Have it started again when it ends: it goes on where it was' },
  https_port: OWN_TLS,
  https_address: OWN_TLS,
  ssl_keystore_path: OWN_TLS,
  ssl_keystore_password: OWN_TLS,
  http_credentials: {
    why: 'secrets are kept out of command lines',
    instead: 'Use --credentials FILE with --authenticate_http_readonly and --authenticate_http_readwrite',
  },
  backup_location: { why: NO_STORE, instead: 'Copy the folder of --work-dir' },
  plugin_dir: NO_PLUGINS,
  plugin_conf: NO_PLUGINS,
  executor: { why: 'it is not the same for all apps', instead: 'Say it in the definition: "executor"' },
  disable_checkpoint: { why: 'frameworks that do not checkpoint lose their tasks with the agent' },
  disable_maintenance_mode: { why: 'agents whose maintenance has begun are never used' },
  disable_suppress_offers: { why: 'offers that nobody wants would be refused without end' },
  disable_http_compression: {
    why: 'whoever wants no compression does not ask for it',
    instead: 'Send Accept-Encoding: identity',
  },
  artifact_store: { why: 'Marathon itself has had none since 1.5', instead: 'Use "fetch" in definitions' },
  event_subscriber: { why: 'Marathon itself has had none since 1.5', instead: 'Read /v2/events' },
};

const refusalOf = (name: string): Refusal | undefined =>
  Object.hasOwn(REFUSED, name)
    ? REFUSED[name]
    : /^metrics_(statsd|datadog)/.test(name)
      ? ONE_REPORTER
      : undefined;

/**
 * Reads the flags of Apache's Marathon that Plenum's does not have (marathon.md 3.24): some have another name here, some have
 * no effect, and what the others ask for is refused with the reason. Throws CliError.
 */
export const understandOriginalFlags = (argv: readonly string[]): UnderstoodFlags => {
  const left: string[] = [];
  const notes: string[] = [];
  for (let index = 0; index < argv.length; index++) {
    const arg = argv[index] ?? '';
    const [, name = '', value] = /^--([a-z_]+)(=.*)?$/s.exec(arg) ?? [];
    const refusal = refusalOf(name);
    if (refusal) {
      throw new CliError('usage', `There is no --${name}: ${refusal.why}`, { hint: refusal.instead });
    }
    const reason = Object.hasOwn(WITHOUT_EFFECT, name) ? WITHOUT_EFFECT[name] : undefined;
    if (reason !== undefined) {
      notes.push(`--${name} has no effect: ${reason}`);
      if (value === undefined && !SWITCHES.has(name)) index++;
    } else if (Object.hasOwn(RENAMED, name)) left.push(`--${RENAMED[name]}${value ?? ''}`);
    else left.push(arg);
  }
  return { argv: left, notes };
};
