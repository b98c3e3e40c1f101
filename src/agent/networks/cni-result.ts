import { isIP } from 'node:net';
import { isObject, type JsonObject } from './cni-config.ts';

/** What a container has got on a network. */
export interface CniResult {
  /** Without the length of their prefix. */
  readonly addresses: readonly { readonly protocol: 'IPv4' | 'IPv6'; readonly address: string }[];
  readonly dns: CniDns | undefined;
  /** What was printed, for the plugins that will undo it. */
  readonly printed: JsonObject;
}

export interface CniDns {
  readonly nameservers: readonly string[];
  readonly domain: string | undefined;
  readonly search: readonly string[];
  readonly options: readonly string[];
}

/**
 * Reads what the last plugin of a network printed: `ips` since version 0.3 of the specification, before that `ip4` and
 * `ip6`. Throws, for people, when there is no address in it.
 */
export const readCniResult = (printed: JsonObject): CniResult => {
  const entries = Array.isArray(printed.ips)
    ? printed.ips.map((entry: unknown) => (isObject(entry) ? entry.address : undefined))
    : [printed.ip4, printed.ip6].flatMap((entry) => (isObject(entry) ? [entry.ip] : []));
  const addresses = entries.map((text) => {
    const address = typeof text === 'string' ? (text.split('/')[0] ?? '') : '';
    const version = isIP(address);
    if (version === 0) throw new Error(`it gave no IP address but ${JSON.stringify(text)}`);
    return { protocol: version === 4 ? ('IPv4' as const) : ('IPv6' as const), address };
  });
  if (addresses.length === 0) throw new Error('it gave no IP address');
  return { addresses, dns: isObject(printed.dns) ? readDns(printed.dns) : undefined, printed };
};

/** Undefined when it says nothing about where names are found. */
const readDns = ({ nameservers, domain, search, options }: JsonObject): CniDns | undefined => {
  const servers = textsOf(nameservers);
  if (servers.length === 0) return undefined;
  return {
    nameservers: servers,
    domain: typeof domain === 'string' && domain !== '' ? domain : undefined,
    search: textsOf(search),
    options: textsOf(options),
  };
};

/** Words for lines of resolv.conf: what could end a line is left out. */
const textsOf = (value: unknown): string[] =>
  Array.isArray(value)
    ? value.filter((text): text is string => typeof text === 'string' && /^\S+$/.test(text))
    : [];
