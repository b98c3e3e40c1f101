import { X509Certificate } from 'node:crypto';
import { networkInterfaces } from 'node:os';
import { isLoopback } from '../http/origin-guard.ts';
import { introducePeer } from '../http/peers.ts';
import type { ServerAccess } from '../http/server-access.ts';
import { systemClock } from '../runtime/clock.ts';
import type { Log } from '../runtime/log.ts';
import { authenticator } from '../security/authenticator.ts';
import { readCredential, readCredentials } from '../security/credentials.ts';
import { joinCluster } from '../security/membership.ts';
import { type Access, agentRealms, EXECUTOR_PATHS } from '../security/realms.ts';
import { readSecretFile } from '../security/secret-file.ts';
import { type DaemonOptions, OptionError } from './daemon-options.ts';
import { basic, fromFile, takeVariable } from './security.ts';

export const AGENT_SECURITY_OPTIONS = [
  'join-token-file',
  'credential',
  'credentials',
  'authenticate_http_readonly',
  'authenticate_http_readwrite',
  'insecure-listen',
];

export interface AgentSecurity {
  readonly access: ServerAccess;
}

/**
 * Joins the cluster when its master speaks TLS: then this agent does so too, and asks who is calling. An agent of a master
 * without TLS stays on this machine. Throws OptionError otherwise.
 */
export const secureAgent = async (
  options: DaemonOptions,
  { folder, log }: { folder: string; log: Log },
): Promise<AgentSecurity> => {
  const host = options.host('host');
  const masterUrls = options.urls('master');
  const joinToken = fromFile(options, 'join-token-file', readSecretFile) ?? takeVariable('PLENUM_JOIN_TOKEN');
  const credentials = fromFile(options, 'credentials', readCredentials) ?? [];
  if (!masterUrls.every((url) => url.startsWith('https:'))) {
    const credential = fromFile(options, 'credential', readCredential);
    if (credential)
      for (const url of masterUrls) introducePeer(url, { authorization: () => basic(credential) });
    refuseOpenPlain(options, host, log);
    const demanded = demandedByFlags(options);
    return {
      access: {
        authenticate: authenticator({ realms: agentRealms, demanded, credentials, clock: systemClock }),
      },
    };
  }
  const membership = await joinCluster({
    masterUrls,
    joinToken,
    names: namesOf(host, options.texts('hostname')),
    folder,
    clock: systemClock,
    log,
  });
  for (const url of masterUrls) {
    introducePeer(url, { ca: membership.ca, authorization: () => `token=${membership.token()}` });
  }
  return {
    access: {
      tls: membership.tls,
      authenticate: authenticator({
        realms: agentRealms,
        demanded: new Set<Access>(['readonly', 'readwrite']),
        authorityKey: new X509Certificate(membership.ca).publicKey,
        credentials,
        clock: systemClock,
      }),
      plainPaths: EXECUTOR_PATHS,
    },
  };
};

const demandedByFlags = (options: DaemonOptions): ReadonlySet<Access> =>
  new Set<Access>([
    ...(options.flag('authenticate_http_readonly') ? (['readonly'] as const) : []),
    ...(options.flag('authenticate_http_readwrite') ? (['readwrite'] as const) : []),
  ]);

const refuseOpenPlain = (options: DaemonOptions, host: string, log: Log): void => {
  const remote = options
    .urls('master')
    .find((url) => !isLoopback(new URL(url).hostname.replace(/^\[|\]$/g, '')));
  if (isLoopback(host) && remote === undefined) return;
  if (options.flag('insecure-listen')) {
    log.warn({ host }, 'this agent speaks without TLS and everyone who can reach it may do everything');
    return;
  }
  throw new OptionError(
    `An agent that others reach needs TLS: give its master as https://HOST:PORT (plenum up --host ADDRESS, or plenum master --host ADDRESS), and the join token; or --insecure-listen true, which lets everyone do everything`,
  );
};

/** The names under which the cluster reaches this agent. */
const namesOf = (host: string, hostnames: readonly string[]): string[] => {
  const outside = Object.values(networkInterfaces()).flatMap((some) =>
    (some ?? []).flatMap(({ address, internal }) => (internal ? [] : [address])),
  );
  const own = host === '0.0.0.0' || host === '::' ? outside : [host];
  return [...new Set([...own, ...hostnames, 'localhost', '127.0.0.1'])];
};
