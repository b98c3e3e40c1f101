import type { CheckInfo, CommandInfo, HealthCheck } from '../../../mesos/generated/mesos.ts';
import type { AppDefinition } from '../../definitions/app.ts';
import {
  type Check,
  type CheckCommand,
  type HealthCheck as HealthCheckDefinition,
  isMesosHealthCheck,
} from '../../definitions/health.ts';
import type { EffectivePort } from './effective-ports.ts';

/** The health check that the agent performs (marathon.md 3.13); an app has at most one of its kind. */
export const buildHealthCheck = (
  app: AppDefinition,
  ports: readonly EffectivePort[],
): HealthCheck | undefined => {
  const check = app.healthChecks.find(isMesosHealthCheck);
  if (check === undefined) return undefined;
  const kind = kindOf(check, ports);
  if (kind === undefined) return undefined;
  return {
    ...kind,
    delay_seconds: check.delaySeconds,
    interval_seconds: check.intervalSeconds,
    timeout_seconds: check.timeoutSeconds,
    consecutive_failures: check.maxConsecutiveFailures,
    grace_period_seconds: check.gracePeriodSeconds,
  };
};

const kindOf = (check: HealthCheckDefinition, ports: readonly EffectivePort[]): HealthCheck | undefined => {
  if (check.protocol === 'COMMAND') {
    return { type: 'COMMAND', command: { shell: true, value: check.command?.value ?? '' } };
  }
  const port = portInside(check, ports);
  if (port === undefined) return undefined;
  const protocol = check.ipProtocol === 'IPv6' ? { protocol: 'IPv6' as const } : {};
  if (check.protocol === 'MESOS_TCP') return { type: 'TCP', tcp: { port, ...protocol } };
  const scheme = check.protocol === 'MESOS_HTTPS' ? 'https' : 'http';
  return { type: 'HTTP', http: { scheme, port, path: check.path ?? '/', ...protocol } };
};

/** As the task itself sees the port: in its container, or on the host whose network it shares. */
const portInside = (
  { port, portIndex }: { port?: number; portIndex?: number },
  ports: readonly EffectivePort[],
): number | undefined => {
  if (port !== undefined) return port;
  const chosen = ports[portIndex ?? 0];
  return chosen?.containerPort ?? chosen?.hostPort;
};

/** What the agent watches without anything being done about it. */
export const buildCheck = (app: AppDefinition, ports: readonly EffectivePort[]): CheckInfo | undefined => {
  const { check } = app;
  const kind = check && checkKind(check, ports);
  if (check === undefined || kind === undefined) return undefined;
  return {
    ...kind,
    delay_seconds: check.delaySeconds,
    interval_seconds: check.intervalSeconds,
    timeout_seconds: check.timeoutSeconds,
  };
};

const checkKind = (check: Check, ports: readonly EffectivePort[]): CheckInfo | undefined => {
  if (check.exec) return { type: 'COMMAND', command: { command: checkCommand(check.exec) } };
  const port = portInside(check.http ?? check.tcp ?? {}, ports);
  if (port === undefined) return undefined;
  if (check.tcp) return { type: 'TCP', tcp: { port } };
  const path = check.http?.path;
  return { type: 'HTTP', http: { port, ...(path === undefined ? {} : { path }) } };
};

/** A command without an environment of its own. */
export const checkCommand = ({ command }: CheckCommand): CommandInfo => {
  if ('shell' in command) return { shell: true, value: command.shell };
  const [program = ''] = command.argv;
  return { shell: false, value: program, arguments: [...command.argv] };
};
