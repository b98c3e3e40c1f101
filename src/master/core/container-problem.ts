import type {
  CheckInfo,
  CommandInfo,
  ContainerInfo,
  HealthCheck,
  Volume,
} from '../../mesos/generated/mesos.ts';

/** What can be wrong about the parts of a task or an executor (mesos.md 1.10.1, 2.8), in Mesos' words. */

export const commandProblem = ({ environment }: CommandInfo): string | undefined => {
  for (const { name, type = 'VALUE', value, secret } of environment?.variables ?? []) {
    if (type === 'UNKNOWN') return "Environment variable of type 'UNKNOWN' is not allowed";
    if (type === 'SECRET') {
      if (secret === undefined)
        return `Environment variable '${name}' of type 'SECRET' must have a secret set`;
      if (value !== undefined)
        return `Environment variable '${name}' of type 'SECRET' must not have a value set`;
    } else {
      if (value === undefined) return `Environment variable '${name}' of type 'VALUE' must have a value set`;
      if (secret !== undefined)
        return `Environment variable '${name}' of type 'VALUE' must not have a secret set`;
    }
  }
  return undefined;
};

export const containerProblem = ({ type, docker, volumes = [] }: ContainerInfo): string | undefined => {
  if (type === 'DOCKER') {
    if (docker === undefined) return "DockerInfo 'docker' is not set for DOCKER typed ContainerInfo";
    if (docker.parameters?.some(({ key }) => key === 'name')) {
      return "Parameter in DockerInfo must not be 'name'";
    }
  }
  return volumes.map(volumeProblem).find((problem) => problem !== undefined);
};

const volumeProblem = ({ host_path, image, source }: Volume): string | undefined => {
  const set = [host_path, image, source].filter((part) => part !== undefined);
  if (set.length > 1) return "Only one of them should be set: 'host_path', 'image' and 'source'";
  if (source === undefined) return undefined;
  const parts = {
    DOCKER_VOLUME: source.docker_volume,
    HOST_PATH: source.host_path,
    SANDBOX_PATH: source.sandbox_path,
    SECRET: source.secret,
    CSI_VOLUME: source.csi_volume,
    UNKNOWN: undefined,
  };
  const { type = 'UNKNOWN' } = source;
  if (type === 'UNKNOWN') return "'source.type' is unknown";
  return parts[type] === undefined
    ? `'source.${type.toLowerCase()}' is not set for ${type} volume`
    : undefined;
};

export const healthCheckProblem = (check: HealthCheck): string | undefined => {
  if (check.type === undefined || check.type === 'UNKNOWN') return "HealthCheck must specify 'type'";
  const { type, command, http, tcp, grace_period_seconds = 0 } = check;
  if (type === 'COMMAND') {
    if (command === undefined) return "Expecting 'command' to be set for COMMAND health check";
    const isShell = command.shell ?? true;
    if (command.value === undefined) {
      return `Command health check must contain ${isShell ? "'shell command'" : "'executable path'"}`;
    }
    const problem = commandProblem(command);
    if (problem !== undefined) return `Health check's CommandInfo is invalid: ${problem}`;
  }
  if (type === 'HTTP') {
    if (http === undefined) return "Expecting 'http' to be set for HTTP health check";
    const { scheme = 'http', path = '/' } = http;
    if (scheme !== 'http' && scheme !== 'https') return `Unsupported HTTP health check scheme: '${scheme}'`;
    if (!path.startsWith('/')) return `The path '${path}' of HTTP health check must start with '/'`;
  }
  if (type === 'TCP' && tcp === undefined) return "Expecting 'tcp' to be set for TCP health check";
  return grace_period_seconds < 0
    ? "Expecting 'grace_period_seconds' to be non-negative"
    : delaysProblem(check);
};

export const checkProblem = (check: CheckInfo): string | undefined => {
  if (check.type === undefined || check.type === 'UNKNOWN') return "CheckInfo must specify 'type'";
  const { type, command, http, tcp } = check;
  if (type === 'COMMAND') {
    if (command === undefined) return "Expecting 'command' to be set for COMMAND check";
    const isShell = command.command.shell ?? true;
    if (command.command.value === undefined) {
      return `Command check must contain ${isShell ? "'shell command'" : "'executable path'"}`;
    }
    const problem = commandProblem(command.command);
    if (problem !== undefined) return `Check's CommandInfo is invalid: ${problem}`;
  }
  if (type === 'HTTP') {
    if (http === undefined) return "Expecting 'http' to be set for HTTP check";
    const { path = '/' } = http;
    if (!path.startsWith('/')) return `The path '${path}' of HTTP check must start with '/'`;
  }
  if (type === 'TCP' && tcp === undefined) return "Expecting 'tcp' to be set for TCP check";
  return delaysProblem(check);
};

const delaysProblem = (
  check: Pick<CheckInfo, 'delay_seconds' | 'interval_seconds' | 'timeout_seconds'>,
): string | undefined => {
  const names = ['delay_seconds', 'interval_seconds', 'timeout_seconds'] as const;
  const negative = names.find((name) => (check[name] ?? 0) < 0);
  return negative && `Expecting '${negative}' to be non-negative`;
};
