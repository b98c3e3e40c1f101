import { statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { networksFolder } from '../core/work-folder.ts';
import { KeyedTurns } from '../keyed-turns.ts';
import { BRIDGE_PLUGIN } from '../networks/bridge/bridge-config.ts';
import { BridgePlugin } from '../networks/bridge/bridge-plugin.ts';
import { type CniNetwork, readNetworks } from '../networks/cni-config.ts';
import { runCniPlugin } from '../networks/cni-plugin.ts';
import { ContainerNetworks } from '../networks/container-networks.ts';
import { NetworkNamespaces } from '../networks/network-namespaces.ts';
import { NetworkRecords } from '../networks/network-records.ts';
import { parseSubnet } from '../networks/subnet.ts';
import { durationFlag } from './flag-values.ts';
import type { ContainerConfig, IsolatorContext, IsolatorFactory } from './isolator.ts';
import { Members } from './members.ts';

/**
 * Networks that every agent has without being told: one bridge under the names that apps ask for. `mesos-bridge` is what
 * Marathon's mode container/bridge means, `dcos` what packages of DC/OS ask for.
 */
const OWN_NETWORKS = ['plenum', 'mesos-bridge', 'dcos'];
const DEFAULT_SUBNET = '10.213.0.0/16';
const DEFAULT_TIMEOUT_MS = 60_000;

/**
 * network/cni: containers that name networks get a network namespace of their own and an address on each of these; what is
 * nested in them joins it (mesos.md 6.4). The networks are those of --network_cni_config_dir, by plugins of
 * --network_cni_plugins_dir, and the agent's own bridge.
 */
export const networkCni: IsolatorFactory = (context) => {
  if (process.getuid?.() !== 0) throw new Error('only root may make networks');
  const { workDir, flags, log } = context;
  const folders = (flags.network_cni_plugins_dir ?? '').split(':').filter(Boolean).map(existingFolder);
  const timeoutMs = durationFlag(flags, 'network_cni_plugin_timeout', DEFAULT_TIMEOUT_MS);
  const bridge = new BridgePlugin({ agent: workDir });
  const networks = new ContainerNetworks({
    records: new NetworkRecords(networksFolder(workDir)),
    namespaces: new NetworkNamespaces(workDir),
    bridge,
    runProgram: (call) => runCniPlugin(call, { folders, timeoutMs }),
    networks: networkSource(context),
    log,
  });
  /** Containers by the one whose namespace they are in. */
  const members = new Members();
  const turns = new KeyedTurns();
  const enter = ({ id, network }: Pick<ContainerConfig, 'id' | 'network'>): void => {
    if (network) members.add(network.ownerId, id);
  };
  return {
    name: 'network/cni',
    recover: async (containers) => {
      for (const container of containers) enter(container);
      await networks.recover(members.owners());
    },
    prepare: async (config) => {
      const { network } = config;
      if (!network) return undefined;
      refuseForeignPorts(config);
      enter(config);
      const { namespace, hostname, filesFolder } = await turns.run(network.ownerId, () =>
        networks.ready(network),
      );
      return {
        namespaces: { net: { path: namespace }, mount: 'own' },
        hostname,
        mounts: ['hosts', 'hostname', 'resolv.conf'].map((name) => ({
          source: join(filesFolder, name),
          target: `/etc/${name}`,
          type: 'bind',
          isReadOnly: false,
        })),
      };
    },
    status: async (containerId) => {
      const ownerId = members.ownerOf(containerId);
      const infos = ownerId === undefined ? [] : networks.infosOf(ownerId);
      return infos.length === 0 ? {} : { network_infos: infos };
    },
    cleanup: async (containerId) => {
      const ownerId = members.remove(containerId);
      if (ownerId === undefined) return;
      await turns.run(ownerId, async () => {
        if (!members.has(ownerId)) await networks.remove(ownerId);
      });
    },
    close: () => bridge.close(),
  };
};

/** Reads the configured networks anew whenever they are asked for, as Mesos does; the agent's own come last. */
const networkSource = ({ flags, log }: IsolatorContext): (() => Promise<readonly CniNetwork[]>) => {
  const folder =
    flags.network_cni_config_dir === undefined ? undefined : existingFolder(flags.network_cni_config_dir);
  const subnet = flags.network_bridge_subnet ?? DEFAULT_SUBNET;
  if (subnet !== 'none') parseSubnet(subnet);
  const own = subnet === 'none' ? [] : OWN_NETWORKS.map((name) => ownNetwork(name, subnet));
  return async () => {
    if (folder === undefined) return own;
    const { networks, faults } = await readNetworks(folder);
    for (const fault of faults) log.warn({ fault }, 'a network is not configured');
    return [...networks, ...own];
  };
};

const ownNetwork = (name: string, subnet: string): CniNetwork => ({
  name,
  cniVersion: '1.0.0',
  plugins: [{ type: BRIDGE_PLUGIN, subnet }],
});

/** A port of the machine that is not the container's own may be somebody else's. */
const refuseForeignPorts = ({ network, resources }: ContainerConfig): void => {
  const ranges = resources
    .filter(({ name }) => name === 'ports')
    .flatMap(({ ranges: some }) => some?.range ?? []);
  for (const { port_mappings = [] } of network?.infos ?? []) {
    for (const { host_port: port } of port_mappings) {
      if (!ranges.some(({ begin, end }) => port >= begin && port <= end)) {
        throw new Error(`Port [${port}] not included in resources`);
      }
    }
  }
};

const existingFolder = (path: string): string => {
  const folder = resolve(path);
  if (!statSync(folder, { throwIfNoEntry: false })?.isDirectory())
    throw new Error(`there is no folder ${folder}`);
  return folder;
};
