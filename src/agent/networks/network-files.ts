import { readFileSync } from 'node:fs';
import type { CniDns } from './cni-result.ts';

/** Where systemd-resolved writes the name servers that it asks; its own listens where no container can reach it. */
const RESOLVED_FILE = '/run/systemd/resolve/resolv.conf';
const LONGEST_HOSTNAME = 63;

/** What a container on networks of its own finds in the files of /etc that are about its network. */
export interface NetworkFiles {
  readonly hosts: string;
  readonly hostname: string;
  readonly 'resolv.conf': string;
}

export const networkFiles = (options: {
  hostname: string;
  addresses: readonly string[];
  dns: CniDns | undefined;
}): NetworkFiles => {
  const { hostname, addresses, dns } = options;
  return {
    hosts: [
      '127.0.0.1 localhost',
      '::1 localhost ip6-localhost ip6-loopback',
      ...addresses.map((address) => `${address} ${hostname}`),
      '',
    ].join('\n'),
    hostname: `${hostname}\n`,
    'resolv.conf': dns === undefined ? hostResolvConf() : resolvConf(dns),
  };
};

/** A container's id, or what it asks for, as a name that the kernel takes. */
export const hostnameOf = (wanted: string): string =>
  wanted.replace(/[^A-Za-z0-9.-]/g, '-').slice(0, LONGEST_HOSTNAME);

const resolvConf = ({ nameservers, domain, search, options }: CniDns): string =>
  [
    ...(domain === undefined ? [] : [`domain ${domain}`]),
    ...(search.length === 0 ? [] : [`search ${search.join(' ')}`]),
    ...(options.length === 0 ? [] : [`options ${options.join(' ')}`]),
    ...nameservers.map((server) => `nameserver ${server}`),
    '',
  ].join('\n');

const hostResolvConf = (): string => {
  const own = readIfThere('/etc/resolv.conf');
  const servers = [...own.matchAll(/^nameserver\s+(\S+)/gm)].map(([, server = '']) => server);
  const isLocal = servers.length > 0 && servers.every((server) => /^(127\.|::1$)/.test(server));
  return (isLocal && readIfThere(RESOLVED_FILE)) || own;
};

const readIfThere = (path: string): string => {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
};
