import { X509Certificate } from 'node:crypto';
import { introducePeer } from '../http/peers.ts';
import type { ServerAccess } from '../http/server-access.ts';
import type { ServiceSecrets } from '../marathon/service-secrets.ts';
import { systemClock } from '../runtime/clock.ts';
import type { Log } from '../runtime/log.ts';
import { authenticator } from '../security/authenticator.ts';
import type { Authority } from '../security/authority.ts';
import { joinCluster } from '../security/membership.ts';
import { type Access, SERVICE_HEALTH, serviceRealms } from '../security/realms.ts';

/** From this variable on a service joins anew when Marathon starts it again. */
const TOKEN_LIFE_MS = 7 * 86_400_000;
const TOKEN = 'PLENUM_SERVICE_TOKEN';
const AUTHORITY = 'PLENUM_SERVICE_CA';
const MASTERS = 'PLENUM_SERVICE_MASTERS';

/** What Marathon gives the scheduler of a service in a cluster with TLS: who the masters are, and who it is itself. */
export const secretsForServices =
  (authority: Authority, masterUrls: readonly string[]): ServiceSecrets =>
  (name) => ({
    [TOKEN]: authority.tokenFor({
      sub: `service ${name}`,
      role: 'framework',
      nowMs: systemClock.now(),
      lifeMs: TOKEN_LIFE_MS,
    }),
    [AUTHORITY]: authority.certificate,
    [MASTERS]: masterUrls.join(','),
  });

export interface ServiceAccess {
  readonly masterUrls: readonly string[];
  readonly access: ServerAccess;
}

/**
 * Joins the cluster as the service that Marathon says this is; undefined where it says nothing. Its certificate is for
 * `host`; the gateway is the only one that it answers.
 */
export const accessOfService = async (
  name: string,
  { host, log }: { host: string; log: Log },
): Promise<ServiceAccess | undefined> => {
  const { [TOKEN]: token, [AUTHORITY]: ca, [MASTERS]: masters } = process.env;
  if (!token || !ca || !masters) return undefined;
  // Nothing that this process starts finds it.
  delete process.env[TOKEN];
  const masterUrls = masters.split(',');
  const membership = await joinCluster({
    masterUrls,
    admission: { ca, token },
    names: [host, 'localhost', '127.0.0.1'],
    folder: undefined,
    clock: systemClock,
    log,
  });
  for (const url of masterUrls) {
    introducePeer(url, { ca, authorization: () => `token=${membership.token()}` });
  }
  return {
    masterUrls,
    access: {
      tls: membership.tls,
      openPlainPaths: SERVICE_HEALTH,
      authenticate: authenticator({
        realms: serviceRealms(name),
        demanded: new Set<Access>(['readwrite']),
        authorityKey: new X509Certificate(ca).publicKey,
        audience: name,
        clock: systemClock,
      }),
    },
  };
};
