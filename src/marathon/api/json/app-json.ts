import type { AppDefinition } from '../../definitions/app.ts';
import { type Container, isExternalVolume } from '../../definitions/container.ts';

/**
 * An app as the API shows it (marathon.md 1.3): its definition without the collections that are left out when they are
 * empty. Others are shown even when they are empty, because clients read them without asking.
 */
export const appJson = (app: AppDefinition): Record<string, unknown> => {
  const { networks, portDefinitions, container, ...rest } = app;
  return {
    ...without(rest, LEFT_OUT_WHEN_EMPTY),
    ...(container && { container: containerJson(container) }),
    networks: networks.map((network) => without(network, ['labels'])),
    ...(portDefinitions && { portDefinitions: portDefinitions.map((port) => without(port, ['labels'])) }),
  };
};

const LEFT_OUT_WHEN_EMPTY = [
  'args',
  'constraints',
  'dependencies',
  'env',
  'fetch',
  'healthChecks',
  'readinessChecks',
  'secrets',
];

const containerJson = ({ volumes, portMappings, ...rest }: Container): object => ({
  ...rest,
  volumes: volumes.map((volume) =>
    isExternalVolume(volume) ? { ...volume, external: without(volume.external, ['options']) } : volume,
  ),
  ...(portMappings && { portMappings: portMappings.map((mapping) => without(mapping, ['networkNames'])) }),
});

const without = (held: object, leftOut: readonly string[]): Record<string, unknown> =>
  Object.fromEntries(
    Object.entries(held).filter(([key, value]) => !leftOut.includes(key) || !isEmpty(value)),
  );

const isEmpty = (value: unknown): boolean =>
  typeof value === 'object' && value !== null && Object.keys(value).length === 0;
