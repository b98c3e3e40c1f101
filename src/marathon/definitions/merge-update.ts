import type { AppDefinition } from './app.ts';
import { usesHostNetwork } from './app-facts.ts';
import type { AppInput, ContainerInput } from './app-input.ts';

/**
 * An app with the fields that an update gives (marathon.md 1.6.5): each replaces the old one as a whole.
 * executorResources and resourceLimits are unset when they are not given. An update that only moves the app to another
 * kind of network takes its ports away with the old one, since they could not be used there.
 */
export const mergeUpdate = (existing: AppDefinition, update: AppInput): AppInput & { id: string } => {
  const { version, versionInfo, executorResources, resourceLimits, ...kept } = existing;
  const merged = { ...kept, ...update, id: existing.id };
  const wasHost = usesHostNetwork(existing);
  const isHost = (merged.networks ?? []).every(({ mode }) => mode === 'host');
  if (wasHost === isHost) return merged;
  const { portDefinitions, container, ...rest } = merged;
  const stays = isHost && !update.container ? withoutMappings(container) : container;
  return {
    ...rest,
    ...(update.portDefinitions && { portDefinitions: update.portDefinitions }),
    ...(stays && { container: stays }),
  };
};

/** Nothing is left of a container that was only there for its ports. */
const withoutMappings = (container: ContainerInput | undefined): ContainerInput | undefined => {
  if (!container) return undefined;
  const { portMappings, ...rest } = container;
  const isEmpty = !rest.docker && !rest.linuxInfo && (rest.volumes ?? []).length === 0;
  return isEmpty ? undefined : rest;
};
