import type { AppDefinition } from '../definitions/app.ts';
import { portsOf } from '../definitions/app-facts.ts';
import type { HealthCheck } from '../definitions/health.ts';
import type { ProbeTarget } from './effect.ts';
import type { Instance } from './instance.ts';

/** Where one of an instance's ports can be reached. */
export interface Address {
  readonly host: string;
  readonly port: number;
}

/** Through the agent if the port is mapped to it, else in the container's own network; undefined when neither is known. */
export const addressOfPort = (
  app: AppDefinition,
  { agent, task }: Pick<Instance, 'agent' | 'task'>,
  index: number,
): Address | undefined => {
  if (agent === undefined || task === undefined) return undefined;
  const ports = portsOf(app);
  const port = ports[index];
  if (port === undefined) return undefined;
  if ('containerPort' in port && port.hostPort === undefined) {
    const [address] = task.ipAddresses ?? [];
    return address && { host: address.ipAddress, port: port.containerPort };
  }
  const position = ports
    .slice(0, index)
    .filter((other) => !('containerPort' in other) || other.hostPort !== undefined).length;
  const hostPort = task.hostPorts[position];
  return hostPort === undefined ? undefined : { host: agent.hostname, port: hostPort };
};

/** Where a health check that Marathon performs itself has to look; undefined when the instance has no such port. */
export const healthTarget = (
  app: AppDefinition,
  instance: Instance,
  check: HealthCheck,
): ProbeTarget | undefined => {
  const address =
    check.port === undefined
      ? addressOfPort(app, instance, check.portIndex ?? 0)
      : instance.agent && { host: instance.agent.hostname, port: check.port };
  if (address === undefined) return undefined;
  if (check.protocol === 'TCP') return { type: 'tcp', ...address };
  return httpTarget({
    scheme: check.protocol === 'HTTPS' ? 'https' : 'http',
    address,
    path: check.path ?? '/',
  });
};

export const httpTarget = ({
  scheme,
  address,
  path,
  keepsBody = false,
}: {
  scheme: 'http' | 'https';
  address: Address;
  path: string;
  keepsBody?: boolean;
}): ProbeTarget => {
  const host = address.host.includes(':') ? `[${address.host}]` : address.host;
  return {
    type: 'http',
    url: `${scheme}://${host}:${address.port}${path.startsWith('/') ? '' : '/'}${path}`,
    keepsBody,
  };
};
