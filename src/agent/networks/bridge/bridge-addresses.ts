import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { errorCode } from '../../../runtime/error-message.ts';
import { isObject } from '../cni-config.ts';
import { addressIn, roomIn, type Subnet } from '../subnet.ts';

/** Who has an address of a bridge. */
export interface AddressHolder {
  readonly address: string;
  /** The work folder of its agent. */
  readonly agent: string;
  /** The machine's end of the pair of devices; made from the container's id and the agent's work folder. */
  readonly device: string;
  /** Of its container, as `ip netns` knows it. */
  readonly namespace: string;
  readonly names: readonly string[];
}

/**
 * The addresses of one bridge that are taken: a file each, in a folder that all agents of the machine share and that is
 * empty after a reboot, like the bridge itself. Making a file that is not there yet is what keeps two agents from taking
 * the same one.
 */
export class BridgeAddresses {
  readonly folder: string;

  constructor(root: string, bridge: string) {
    this.folder = join(root, bridge);
  }

  /** Throws, for people, when there is no free one. */
  take(subnet: Subnet, holder: Omit<AddressHolder, 'address'>): string {
    mkdirSync(this.folder, { recursive: true });
    const room = roomIn(subnet);
    // One that was free a moment ago may be remembered by others as somebody else's: they are not used in order.
    const start = createHash('sha256').update(holder.device).digest().readUInt32BE(0) % room;
    const known = new Set(readdirSync(this.folder));
    for (let step = 0; step < room; step++) {
      const address = addressIn(subnet, start + step);
      if (!known.has(address) && this.#write(address, holder)) return address;
    }
    throw new Error(`All ${room} addresses are taken`);
  }

  list(): AddressHolder[] {
    return namesIn(this.folder).flatMap((address) => this.#read(address) ?? []);
  }

  /** Of agents that will never come back for them: their work folders are gone. */
  abandoned(): AddressHolder[] {
    return this.list().filter(({ agent }) => !existsSync(agent));
  }

  #write(address: string, holder: Omit<AddressHolder, 'address'>): boolean {
    try {
      writeFileSync(join(this.folder, address), JSON.stringify(holder), { flag: 'wx' });
      return true;
    } catch (error) {
      if (errorCode(error) === 'EEXIST') return false;
      throw error;
    }
  }

  /** Undefined for one that is being made, or given back. */
  #read(address: string): AddressHolder | undefined {
    try {
      const value: unknown = JSON.parse(readFileSync(join(this.folder, address), 'utf8'));
      if (!isObject(value)) return undefined;
      const { agent, device, namespace, names } = value;
      if (typeof agent !== 'string' || !Array.isArray(names)) return undefined;
      if (!isWord(device) || !isWord(namespace)) return undefined;
      return { address, agent, device, namespace, names: names.map(String) };
    } catch {
      return undefined;
    }
  }
}

/** These get into commands of the shell. */
const isWord = (value: unknown): value is string => typeof value === 'string' && /^[\w-]+$/.test(value);

const namesIn = (folder: string): string[] => {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
};
