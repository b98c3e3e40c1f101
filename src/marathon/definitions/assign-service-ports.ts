import type { AppDefinition } from './app.ts';
import { servicePortsOf, usesHostNetwork } from './app-facts.ts';

/** No number is left in the range. */
export class ServicePortsExhausted extends Error {
  override readonly name = 'ServicePortsExhausted';

  constructor({ min, max }: { min: number; max: number }) {
    super(`All ports in the range [${min}-${max}) are already in use`);
  }
}

/** Gives out the numbers of a range that no app uses, the smallest first. Throws ServicePortsExhausted. */
export const servicePortPool = (
  used: ReadonlySet<number>,
  range: { readonly min: number; readonly max: number },
): (() => number) => {
  let next = range.min;
  return () => {
    while (used.has(next)) next++;
    if (next >= range.max) throw new ServicePortsExhausted(range);
    return next++;
  };
};

/**
 * Puts a number in place of every service port that is 0 (marathon.md 2.4): first those that the app had before, in their
 * order, then what `take` gives. Throws what that throws.
 */
export const assignServicePorts = (
  app: AppDefinition,
  { before, take }: { before: AppDefinition | undefined; take: () => number },
): AppDefinition => {
  const asked = servicePortsOf(app);
  if (!asked.includes(0)) return app;
  const earlier = before ? servicePortsOf(before).filter((port) => !asked.includes(port)) : [];
  return withServicePorts(
    app,
    asked.map((port) => (port === 0 ? (earlier.shift() ?? take()) : port)),
  );
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
