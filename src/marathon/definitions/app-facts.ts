import type { AppDefinition } from './app.ts';
import { isExternalVolume, isPersistentVolume } from './container.ts';
import type { PortDefinition, PortMapping } from './network.ts';

/** Questions that several parts ask about an app. */

/** An app with persistent volumes: its instances are bound to where their data is. */
export const isResident = ({ container }: Pick<AppDefinition, 'container'>): boolean =>
  container?.volumes.some(isPersistentVolume) ?? false;

export const hasExternalVolumes = ({ container }: Pick<AppDefinition, 'container'>): boolean =>
  container?.volumes.some(isExternalVolume) ?? false;

export const usesHostNetwork = ({ networks }: Pick<AppDefinition, 'networks'>): boolean =>
  networks.some(({ mode }) => mode === 'host');

/** The label that forbids a second instance, even for the time of an upgrade. */
export const SINGLE_INSTANCE_LABEL = 'MARATHON_SINGLE_INSTANCE_APP';

export const isSingleInstance = ({ labels }: Pick<AppDefinition, 'labels'>): boolean =>
  labels[SINGLE_INSTANCE_LABEL] === 'true';

/** The ports in the order in which PORT0, PORT1, … and port indices count them. */
export const portsOf = (
  app: Pick<AppDefinition, 'networks' | 'portDefinitions' | 'container'>,
): readonly (PortDefinition | PortMapping)[] =>
  (usesHostNetwork(app) ? app.portDefinitions : app.container?.portMappings) ?? [];

/** The service port of each of them; 0 where none is assigned yet. */
export const servicePortsOf = (
  app: Pick<AppDefinition, 'networks' | 'portDefinitions' | 'container'>,
): number[] => portsOf(app).map((port) => ('servicePort' in port ? port.servicePort : port.port));
