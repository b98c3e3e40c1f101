import type { HealthCheck } from '../../../mesos/generated/mesos.ts';
import type { PodContainer, PodHealthCheck } from '../../definitions/pods/pod.ts';
import { checkCommand } from '../task/check-infos.ts';
import { portInside, type SettledEndpoint } from './settled-endpoints.ts';

/**
 * The health check of a container; always the agent that performs it (marathon.md 2.9). Its `check`, which counts nothing, is
 * kept but not passed on, as Marathon does.
 */
export const podHealthCheck = (
  { healthCheck }: PodContainer,
  endpoints: readonly SettledEndpoint[],
): { health_check?: HealthCheck } => {
  const kind = healthCheck && kindOf(healthCheck, endpoints);
  if (healthCheck === undefined || kind === undefined) return {};
  return {
    health_check: {
      ...kind,
      delay_seconds: healthCheck.delaySeconds,
      interval_seconds: healthCheck.intervalSeconds,
      timeout_seconds: healthCheck.timeoutSeconds,
      consecutive_failures: healthCheck.maxConsecutiveFailures,
      grace_period_seconds: healthCheck.gracePeriodSeconds,
    },
  };
};

const kindOf = (
  { http, tcp, exec }: PodHealthCheck,
  endpoints: readonly SettledEndpoint[],
): HealthCheck | undefined => {
  if (exec) return { type: 'COMMAND', command: checkCommand(exec) };
  const endpoint = endpoints.find(({ name }) => name === (http ?? tcp)?.endpoint);
  if (endpoint === undefined) return undefined;
  const port = portInside(endpoint);
  if (tcp) return { type: 'TCP', tcp: { port } };
  const scheme = http?.scheme === 'HTTPS' ? 'https' : 'http';
  return { type: 'HTTP', http: { scheme, port, path: http?.path ?? '/' } };
};
