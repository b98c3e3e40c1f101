import type { NetworksInput } from './app-input.ts';
import type { DefinitionSettings } from './definition-settings.ts';

/** The networks of an app or pod: the host's when none are given, and container networks with a name (marathon.md 2.4). */
export const completeNetworks = (
  networks: NetworksInput = [],
  { defaultNetworkName }: DefinitionSettings,
): NetworksInput => {
  if (networks.length === 0) return [{ mode: 'host' }];
  return networks.map((network) => {
    const isNameless = (network.mode ?? 'container') === 'container' && network.name === undefined;
    return isNameless && defaultNetworkName !== undefined
      ? { ...network, name: defaultNetworkName }
      : network;
  });
};
