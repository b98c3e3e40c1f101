import type { AppDefinition } from './app.ts';
import { servicePortsOf, usesHostNetwork } from './app-facts.ts';

/** No number is left in the range. */
export class ServicePortsExhausted extends Error {
  override readonly name = 'ServicePortsExhausted';

  constructor({ min, max }: { min: number; max: number }) {
    super(`All ports in the range [${min}-${max}) are already in use`);
  }
}

export interface PortAssignment {
  /** What the app was before, whose ports it keeps. */
  readonly before: AppDefinition | undefined;
  /** Service ports of all apps; those that are assigned are added. */
  readonly used: Set<number>;
  readonly range: { readonly min: number; readonly max: number };
}

/**
 * Puts a number in place of every service port that is 0 (marathon.md 2.4): first those that the app had, in their
 * order, then the first ones of the range that no app uses. Throws ServicePortsExhausted.
 */
export const assignServicePorts = (
  app: AppDefinition,
  { before, used, range }: PortAssignment,
): AppDefinition => {
  const asked = servicePortsOf(app);
  if (!asked.includes(0)) return app;
  const given = new Set(asked);
  const isOwn = (port: number): boolean => port >= range.min && port < range.max && !given.has(port);
  const earlier = before ? servicePortsOf(before).filter(isOwn) : [];
  const assigned = asked.map((port) => {
    if (port !== 0) return port;
    const next = earlier.shift() ?? firstFree(used, range);
    used.add(next);
    return next;
  });
  return withServicePorts(app, assigned);
};

const firstFree = (used: ReadonlySet<number>, range: PortAssignment['range']): number => {
  for (let port = range.min; port < range.max; port++) if (!used.has(port)) return port;
  throw new ServicePortsExhausted(range);
};

const withServicePorts = (app: AppDefinition, ports: readonly number[]): AppDefinition => {
  if (usesHostNetwork(app)) {
    const portDefinitions = (app.portDefinitions ?? []).map((definition, index) => ({
      ...definition,
      port: ports[index] ?? definition.port,
    }));
    return { ...app, portDefinitions };
  }
  if (!app.container) return app;
  const portMappings = (app.container.portMappings ?? []).map((mapping, index) => ({
    ...mapping,
    servicePort: ports[index] ?? mapping.servicePort,
  }));
  return { ...app, container: { ...app.container, portMappings } };
};
