import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { NetworkInfo } from '../../mesos/generated/mesos.ts';
import { errorMessage } from '../../runtime/error-message.ts';
import type { Log } from '../../runtime/log.ts';
import { ALLOWED_PEERS_LABEL, type NetworkPlan, peersIn } from '../core/network-plan.ts';
import { BRIDGE_PLUGIN } from './bridge/bridge-config.ts';
import type { BridgePlugin } from './bridge/bridge-plugin.ts';
import { attach, callOf, detach, type NamespaceOf, type RunPlugin } from './cni-attachment.ts';
import type { CniNetwork } from './cni-config.ts';
import { hostnameOf, networkFiles } from './network-files.ts';
import type { NetworkNamespaces } from './network-namespaces.ts';
import type { Attachment, NetworkRecord, NetworkRecords } from './network-records.ts';

/** A network namespace that is ready for a container. */
export interface ReadyNetwork {
  /** Its file. */
  readonly namespace: string;
  readonly hostname: string;
  /** Where hosts, hostname and resolv.conf lie. */
  readonly filesFolder: string;
}

export interface ContainerNetworksOptions {
  readonly records: NetworkRecords;
  readonly namespaces: NetworkNamespaces;
  readonly bridge: BridgePlugin;
  readonly runProgram: RunPlugin;
  /** The networks that there are now. */
  readonly networks: () => Promise<readonly CniNetwork[]>;
  readonly log: Log;
}

/** Makes and removes what containers have of networks. What one of them shares with others it has only once. */
export class ContainerNetworks {
  readonly #options: ContainerNetworksOptions;

  constructor(options: ContainerNetworksOptions) {
    this.#options = options;
  }

  /** Rejects, for people and with nothing left, when a network cannot be had. */
  async ready(plan: NetworkPlan): Promise<ReadyNetwork> {
    const { records, namespaces } = this.#options;
    const { ownerId } = plan;
    const hostname = hostnameOf(plan.hostname ?? ownerId);
    const known = records.read(ownerId);
    if (!known?.isComplete || !namespaces.isThere(ownerId)) {
      if (known) await this.remove(ownerId);
      await this.#make(plan, hostname);
    }
    return { namespace: namespaces.pathOf(ownerId), hostname, filesFolder: records.folderOf(ownerId) };
  }

  /** Idempotent. Its notes stay when something cannot be undone, so that the agent's next life tries it again. */
  async remove(ownerId: string): Promise<void> {
    const { records, namespaces } = this.#options;
    const record = records.read(ownerId);
    let failure: unknown;
    for (const attachment of [...(record?.attachments ?? [])].reverse()) {
      await detach(attachment, this.#placeOf(ownerId), this.#runPlugin).catch((error: unknown) => {
        failure ??= error;
      });
    }
    await namespaces.remove(ownerId);
    if (failure !== undefined) throw failure;
    records.remove(ownerId);
  }

  /** Goes on with the namespaces that are still needed, and removes the others. */
  async recover(needed: ReadonlySet<string>): Promise<void> {
    const { records, namespaces, log, bridge } = this.#options;
    for (const ownerId of records.owners()) {
      try {
        if (!needed.has(ownerId)) await this.remove(ownerId);
        else if (namespaces.isThere(ownerId)) {
          for (const attachment of records.read(ownerId)?.attachments ?? []) {
            for (const plugin of attachment.network.plugins) {
              const place = this.#placeOf(ownerId);
              if (plugin.type === BRIDGE_PLUGIN)
                await bridge.resume(callOf('ADD', plugin, { attachment, place }));
            }
          }
        }
      } catch (error) {
        log.warn({ ownerId, error: errorMessage(error) }, 'cannot undo what a container has of networks');
      }
    }
  }

  /** What the container has got, in the words of its status. */
  infosOf(ownerId: string): NetworkInfo[] {
    return (this.#options.records.read(ownerId)?.attachments ?? []).map(({ info, result }) => ({
      ...info,
      ip_addresses: (result?.addresses ?? []).map(({ protocol, address }) => ({
        protocol,
        ip_address: address,
      })),
    }));
  }

  async #make(plan: NetworkPlan, hostname: string): Promise<void> {
    const { records, namespaces } = this.#options;
    const { ownerId } = plan;
    const networks = plan.infos.length === 0 ? [] : await this.#options.networks();
    const wanted = plan.infos.map((info, index) => attachmentOf(plan, info, { index, networks }));
    records.write({ ownerId, attachments: wanted, isComplete: false });
    try {
      await namespaces.make(ownerId);
      const attachments: Attachment[] = [];
      for (const attachment of wanted) {
        const result = await attach(attachment, this.#placeOf(ownerId), this.#runPlugin);
        attachments.push({ ...attachment, result });
      }
      const record: NetworkRecord = { ownerId, attachments, isComplete: true };
      this.#writeFiles(record, hostname);
      records.write(record);
    } catch (error) {
      await this.remove(ownerId).catch((failure: unknown) =>
        this.#options.log.warn({ ownerId, error: errorMessage(failure) }, 'cannot leave a network'),
      );
      throw error;
    }
  }

  #writeFiles({ ownerId, attachments }: NetworkRecord, hostname: string): void {
    const results = attachments.flatMap(({ result }) => result ?? []);
    const files = networkFiles({
      hostname,
      addresses: results.flatMap(({ addresses }) => addresses.map(({ address }) => address)),
      dns: results.find(({ dns }) => dns !== undefined)?.dns,
    });
    for (const [name, text] of Object.entries(files)) {
      writeFileSync(join(this.#options.records.folderOf(ownerId), name), text);
    }
  }

  readonly #runPlugin: RunPlugin = (call) =>
    call.config.type === BRIDGE_PLUGIN ? this.#options.bridge.run(call) : this.#options.runProgram(call);

  #placeOf(ownerId: string): NamespaceOf {
    return { containerId: ownerId, namespace: this.#options.namespaces.pathOf(ownerId) };
  }
}

/** Throws, for people, when there is no such network, or it cannot do what is asked of it. */
const attachmentOf = (
  plan: NetworkPlan,
  info: NetworkInfo,
  { index, networks }: { index: number; networks: readonly CniNetwork[] },
): Attachment => {
  if (plan.infos.findIndex(({ name }) => name === info.name) < index) {
    throw new Error(`Attempted to join the network '${info.name}' multiple times`);
  }
  const network = networks.find(({ name }) => name === info.name);
  if (!network) {
    const names = networks.map(({ name }) => name).join(', ');
    throw new Error(`There is no network '${info.name}' on this agent; there are: ${names || 'none'}`);
  }
  const allowedPeers = peersIn(info.labels?.labels ?? []) ?? plan.allowedPeers;
  if (allowedPeers && !network.plugins.some(({ type }) => type === BRIDGE_PLUGIN)) {
    throw new Error(
      `The network '${network.name}' keeps nobody away: ${ALLOWED_PEERS_LABEL} needs one of type ${BRIDGE_PLUGIN}`,
    );
  }
  return {
    network,
    info,
    interfaceName: `eth${index}`,
    args: { plenum: { names: plan.names, ...(allowedPeers ? { allowedPeers } : {}) } },
  };
};
