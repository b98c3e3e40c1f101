import { networkInterfaces } from 'node:os';
import { parseDomain } from '../mesos/domain-text.ts';
import { formatDuration } from '../mesos/duration-text.ts';
import { parseAttributes } from '../mesos/resources/parse-text.ts';
import { DEFAULT_REGISTRY } from '../registry/image-reference.ts';
import { type AgentOptions, defaultExecutorEnvironment } from './agent-options.ts';
import {
  type AgentSettings,
  DEFAULT_REGISTRATION_TIMEOUT_MS,
  DEFAULT_REREGISTRATION_TIMEOUT_MS,
  DEFAULT_SHUTDOWN_GRACE_MS,
} from './core/settings.ts';
import { DEFAULT_SOCKET } from './docker/docker-options.ts';
import { DEFAULT_OVERSUBSCRIBED_INTERVAL_MS } from './resources/oversubscription.ts';
import { DEFAULT_QOS_INTERVAL_MS } from './resources/qos-controller.ts';

/** What the core has to know, from the options and from where the agent listens. */
export const buildSettings = (
  options: AgentOptions,
  {
    workDir,
    host,
    port,
    isolation,
  }: { workDir: string; host: string; port: number; isolation: readonly string[] },
): AgentSettings => ({
  version: options.version,
  hostname: options.hostname ?? advertisedAddress(host),
  ip: advertisedAddress(host),
  port,
  workDir,
  attributes: parseAttributes(options.attributes ?? ''),
  ...(options.domain === undefined ? {} : { domain: parseDomain(options.domain) }),
  executorEnvironment: options.executorEnvironment ?? defaultExecutorEnvironment(process.env),
  executable: options.executable,
  containerizers: readContainerizers(options.containerizers),
  isolation,
  canSwitchUser: process.getuid?.() === 0,
  executorRegistrationTimeoutMs: options.executorRegistrationTimeoutMs ?? DEFAULT_REGISTRATION_TIMEOUT_MS,
  executorReregistrationTimeoutMs:
    options.executorReregistrationTimeoutMs ?? DEFAULT_REREGISTRATION_TIMEOUT_MS,
  executorShutdownGraceMs: options.executorShutdownGraceMs ?? DEFAULT_SHUTDOWN_GRACE_MS,
});

const CONTAINERIZERS: ReadonlySet<string> = new Set(['docker', 'mesos']);

/** Throws, for people, for a word that is no containerizer. */
const readContainerizers = (text = 'mesos'): string[] => {
  const names = text.split(',').map((name) => name.trim());
  const unknown = names.find((name) => !CONTAINERIZERS.has(name));
  if (unknown === undefined) return [...new Set(names)];
  throw new Error(`--containerizers takes mesos, docker or both, such as docker,mesos, not '${unknown}'`);
};

/** Where others reach an agent that listens there: of "everywhere" the first address that leads here from outside. */
const advertisedAddress = (host: string): string => {
  if (host !== '0.0.0.0' && host !== '::') return host;
  const addresses = Object.values(networkInterfaces()).flatMap((some) => some ?? []);
  return addresses.find(({ internal, family }) => !internal && family === 'IPv4')?.address ?? '127.0.0.1';
};

/** The options in the words of Mesos' flags, as the reads show them (mesos.md B.2). */
export const flagsOf = (
  options: AgentOptions,
  settings: AgentSettings,
  launcher: 'linux' | 'posix',
): Record<string, string> => ({
  ...options.isolatorFlags,
  ...(options.attributes === undefined ? {} : { attributes: options.attributes }),
  ...(options.domain === undefined ? {} : { domain: options.domain }),
  containerizers: settings.containerizers.join(','),
  executor_registration_timeout: formatDuration(settings.executorRegistrationTimeoutMs),
  executor_reregistration_timeout: formatDuration(settings.executorReregistrationTimeoutMs),
  executor_shutdown_grace_period: formatDuration(settings.executorShutdownGraceMs),
  ...(options.gcDelayMs === undefined ? {} : { gc_delay: formatDuration(options.gcDelayMs) }),
  ...(options.gcDiskHeadroom === undefined ? {} : { gc_disk_headroom: String(options.gcDiskHeadroom) }),
  ...imageFlagsOf(options, settings),
  hostname: settings.hostname,
  ip: settings.ip,
  isolation: settings.isolation.join(','),
  launcher,
  master: options.masterUrls.map((url) => new URL(url).host).join(','),
  port: String(settings.port),
  oversubscribed_resources_interval: formatDuration(
    options.oversubscribedIntervalMs ?? DEFAULT_OVERSUBSCRIBED_INTERVAL_MS,
  ),
  ...(options.resourceEstimator === undefined ? {} : { resource_estimator: options.resourceEstimator }),
  ...(options.qosController === undefined
    ? {}
    : {
        qos_controller: options.qosController,
        qos_correction_interval_min: formatDuration(options.qosIntervalMs ?? DEFAULT_QOS_INTERVAL_MS),
      }),
  recover: 'reconnect',
  ...(options.resources === undefined ? {} : { resources: options.resources }),
  switch_user: String(settings.canSwitchUser),
  work_dir: settings.workDir,
});

const imageFlagsOf = (
  { images = {}, docker = {} }: AgentOptions,
  { isolation, containerizers }: AgentSettings,
): Record<string, string> => ({
  ...(isolation.includes('docker/runtime')
    ? {
        docker_registry: images.dockerRegistry ?? DEFAULT_REGISTRY,
        image_providers: 'docker',
        image_provisioner_backend: images.imageProvisionerBackend ?? 'auto',
      }
    : {}),
  ...(images.imageGcConfig === undefined ? {} : { image_gc_config: images.imageGcConfig }),
  ...(containerizers.includes('docker') ? { docker_socket: docker.socket ?? DEFAULT_SOCKET } : {}),
});
