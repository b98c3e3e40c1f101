import { createHash } from 'node:crypto';
import { mkdirSync } from 'node:fs';
import { basename, join } from 'node:path';
import type { NetworkInfo } from '../../../mesos/generated/mesos.ts';
import { findHostPrograms } from '../../processes/host-programs.ts';
import { isObject, type JsonObject } from '../cni-config.ts';
import type { CniCall } from '../cni-plugin.ts';
import { gatewayOf } from '../subnet.ts';
import { BridgeAddresses } from './bridge-addresses.ts';
import {
  type BridgeConfig,
  type BridgePeer,
  readBridgeConfig,
  readBridgePeer,
  readPortMappings,
} from './bridge-config.ts';
import { BridgePeers } from './bridge-peers.ts';
import { joinScript, leaveScript, removeNamespaceScript } from './bridge-scripts.ts';
import { runLocked } from './run-locked.ts';

/** Where all agents of a machine note the addresses that are taken; gone after a reboot. */
export const BRIDGE_STATE_FOLDER = '/run/plenum/networks';

const LOCK = '.lock';

/**
 * The plugin plenum-bridge: connects containers of this machine by a bridge, gives each an address, lets it reach what the
 * machine reaches, maps ports of the machine to its own, and keeps away whom it does not allow to connect.
 */
export class BridgePlugin {
  readonly #agent: string;
  readonly #folder: string;
  readonly #programs = findHostPrograms();
  readonly #peers: BridgePeers;
  /** Bridges that were searched for what the dead have left. */
  readonly #searched = new Set<string>();

  constructor({ agent, folder = BRIDGE_STATE_FOLDER }: { agent: string; folder?: string }) {
    this.#agent = agent;
    this.#folder = folder;
    this.#peers = new BridgePeers({ programs: this.#programs, run: (script) => this.#runLocked(script) });
  }

  /** Answers a call as a plugin that is a program would by what it prints. Rejects, for people. */
  async run(call: CniCall): Promise<JsonObject> {
    const config = readBridgeConfig(call.config);
    if (call.command === 'DEL') {
      await this.#leave(config, this.#deviceOf(call));
      return {};
    }
    await this.#leaveForDead(config);
    const device = this.#deviceOf(call);
    const { names, allowedPeers } = readBridgePeer(call.config.args);
    const mappings = readPortMappings(networkInfoIn(call.config.args).port_mappings ?? []);
    const addresses = this.#addresses(config);
    const namespace = basename(call.namespace);
    const address = addresses.take(config.subnet, { agent: this.#agent, device, namespace, names });
    const end = { device, namespace, interfaceName: call.interfaceName, address };
    try {
      await this.#runLocked(joinScript(config, end, { mappings, programs: this.#programs }));
      await this.#watch(config, call, allowedPeers);
    } catch (error) {
      await this.#leave(config, device);
      throw error;
    }
    return {
      ips: [
        { version: '4', address: `${address}/${config.subnet.prefix}`, gateway: gatewayOf(config.subnet) },
      ],
    };
  }

  /** Takes over who may connect to a container that an earlier life of the agent has joined. */
  async resume(call: CniCall): Promise<void> {
    await this.#watch(readBridgeConfig(call.config), call, readBridgePeer(call.config.args).allowedPeers);
  }

  close(): void {
    this.#peers.close();
  }

  async #watch(config: BridgeConfig, call: CniCall, allowedPeers: BridgePeer['allowedPeers']): Promise<void> {
    const device = this.#deviceOf(call);
    if (allowedPeers) {
      const addresses = this.#addresses(config);
      this.#peers.limit(device, { config, addresses, namespace: basename(call.namespace), allowedPeers });
    }
    await this.#peers.refresh(device);
  }

  async #leave(config: BridgeConfig, device: string): Promise<void> {
    this.#peers.forget(device);
    const { folder } = this.#addresses(config);
    await this.#runLocked(leaveScript(config, device, { folder, programs: this.#programs }));
    await this.#peers.refresh();
  }

  /** Once in a life: what agents whose work folders are gone have left. */
  async #leaveForDead(config: BridgeConfig): Promise<void> {
    if (this.#searched.has(config.bridge)) return;
    this.#searched.add(config.bridge);
    for (const { device, namespace } of this.#addresses(config).abandoned()) {
      await this.#leave(config, device);
      await this.#runLocked(removeNamespaceScript(namespace));
    }
  }

  #addresses({ bridge }: BridgeConfig): BridgeAddresses {
    return new BridgeAddresses(this.#folder, bridge);
  }

  /** Under one lock for all bridges: they share a chain of rules. */
  #runLocked(script: string): Promise<void> {
    mkdirSync(this.#folder, { recursive: true });
    return runLocked(join(this.#folder, LOCK), script);
  }

  /** A name that no other container of the machine has, also not one of another agent. */
  #deviceOf({ containerId, interfaceName }: CniCall): string {
    const text = [this.#agent, containerId, interfaceName].join('\0');
    return `pln${createHash('sha256').update(text).digest('hex').slice(0, 10)}`;
  }
}

const networkInfoIn = (args: unknown): NetworkInfo => {
  const own = isObject(args) ? args['org.apache.mesos'] : undefined;
  return isObject(own) && isObject(own.network_info) ? own.network_info : {};
};
