import { X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import type { GatewayOptions } from '../gateway/server.ts';
import { isLoopback } from '../http/origin-guard.ts';
import { introducePeer } from '../http/peers.ts';
import type { ServerAccess, ServerTls } from '../http/server-access.ts';
import type { ServiceSecrets } from '../marathon/service-secrets.ts';
import { systemClock } from '../runtime/clock.ts';
import { errorMessage } from '../runtime/error-message.ts';
import type { Log } from '../runtime/log.ts';
import { authenticator, type Challenge } from '../security/authenticator.ts';
import { type Authority, openAuthority } from '../security/authority.ts';
import { type Credential, isKnown, readCredential, readCredentials } from '../security/credentials.ts';
import { joinEndpoint } from '../security/join-endpoint.ts';
import { joinTokenOf } from '../security/join-token.ts';
import { revocationCheck } from '../security/operator-register.ts';
import { type Access, masterRealms, type Realms } from '../security/realms.ts';
import { readSecretFile } from '../security/secret-file.ts';
import { callerTokens, selfRenewingToken } from '../security/self-renewing-token.ts';
import { ownCertificate, serverNames } from '../security/server-certificate.ts';
import { type Claims, verifyToken } from '../security/token.ts';
import { type DaemonOptions, OptionError } from './daemon-options.ts';
import { secretsForServices } from './service-access.ts';

/** Options of every daemon that say who may reach it and as whom it speaks. */
export const SECURITY_OPTIONS = [
  'hostname',
  'tls',
  'tls-cert',
  'tls-key',
  'ca-file',
  'token-file',
  'security-dir',
  'credentials',
  'credential',
  'authenticate_http_readonly',
  'authenticate_http_readwrite',
  'authenticate_http_frameworks',
  'authenticate_agents',
  'insecure-listen',
];

export interface Security {
  /** How a server with these realms is reached. */
  access(realms: Realms, challenge?: Challenge): ServerAccess;
  /** The master's, where agents join too. */
  masterAccess(): ServerAccess;
  /** How this process speaks to servers of its cluster; those that are named are spoken to like that from now on. */
  readonly peer: {
    readonly ca: string | undefined;
    readonly authorization: (() => string | undefined) | undefined;
  };
  introduce(...urls: readonly string[]): void;
  /** Mesos' principal that frameworks of this process are of. */
  readonly credential: Credential | undefined;
  /** What schedulers of services are given in a cluster with TLS. */
  serviceSecrets(masterUrls: readonly string[]): ServiceSecrets | undefined;
  /** What the gateway has to know beside its access. */
  readonly gateway: GatewaySecurity;
}

type GatewaySecurity = Pick<GatewayOptions, 'proxyToken' | 'agentPeer' | 'logIn'>;

const EVERYTHING: readonly Access[] = ['readonly', 'readwrite', 'frameworks', 'agents'];
const FLAGS: readonly (readonly [string, Access])[] = [
  ['authenticate_http_readonly', 'readonly'],
  ['authenticate_http_readwrite', 'readwrite'],
  ['authenticate_http_frameworks', 'frameworks'],
  ['authenticate_agents', 'agents'],
];

/**
 * Reads what the options say of TLS and authentication. `folder` is where the cluster's authority is kept, made when it
 * is needed; a server that has no cluster of its own (undefined) needs --security-dir, or certificate files. Throws
 * OptionError when it would listen where others can reach it without asking who they are.
 */
export const readSecurity = (
  options: DaemonOptions,
  { folder, log }: { folder: string | undefined; log: Log },
): Security => {
  const host = options.host('host');
  const isSecured = wantsTls(options, host);
  if (!isSecured && !isLoopback(host)) {
    log.warn({ host }, 'everyone who can reach this address may do everything: --insecure-listen was given');
  }
  const demanded = new Set(isSecured ? EVERYTHING : demandedByFlags(options));
  const credentials = fromFile(options, 'credentials', readCredentials) ?? [];
  const home = options.optionalText('security-dir') ?? folder;
  const authority =
    home !== undefined && (demanded.size > 0 || isSecured)
      ? openAuthority(home, systemClock.now())
      : undefined;
  const caFile = fromFile(options, 'ca-file', readText) ?? process.env.LIBPROCESS_SSL_CA_FILE;
  const ca = authority?.certificate ?? caFile;
  if (demanded.size > 0 && credentials.length === 0 && ca === undefined) {
    throw new OptionError(
      'Authentication needs somebody to let in: give --credentials FILE or --security-dir FOLDER',
    );
  }
  const names = serverNames(host, options.texts('hostname'));
  const own = (): ServerTls => {
    if (!authority || home === undefined) throw missingCertificate(host);
    return ownCertificate(home, authority, { names, nowMs: systemClock.now() });
  };
  // Who listens everywhere is called by its first name, or its first address that leads here from outside.
  const [outside = host] = [...options.texts('hostname'), ...names.filter((name) => !isLoopback(name))];
  const reachable = (url: string): string =>
    host === '0.0.0.0' || host === '::' ? url.replace('//127.0.0.1:', `//${outside}:`) : url;
  const given = givenCertificate(options);
  if (isSecured && !given) own();
  const isRevoked = authority && home !== undefined ? revocationCheck(home, systemClock) : undefined;
  const authorityKey = ca === undefined ? undefined : new X509Certificate(ca).publicKey;
  const access = (realms: Realms, challenge?: Challenge): ServerAccess => ({
    ...(isSecured ? { tls: given ?? own } : {}),
    ...(demanded.size === 0
      ? {}
      : {
          authenticate: authenticator({
            realms,
            demanded,
            authorityKey,
            isRevoked,
            credentials,
            challenge,
            clock: systemClock,
          }),
        }),
  });
  const credential = fromFile(options, 'credential', readCredential);
  const peer = { ca, authorization: authorizationOf(options, { credential, authority }) };
  return {
    access,
    masterAccess: () => {
      if (!isSecured || !authority || home === undefined) return access(masterRealms);
      joinTokenOf(home, authority.fingerprint);
      const intercept = joinEndpoint({
        authority,
        folder: home,
        ownCertificate: () => own().cert,
        clock: systemClock,
        log,
      });
      // Agents know the master by the cluster's own authority, whatever certificate people are shown.
      return { ...access(masterRealms), tls: own, intercept };
    },
    peer,
    introduce: (...urls) => {
      for (const url of urls) introducePeer(url, peer);
    },
    credential,
    serviceSecrets: (masterUrls) =>
      authority && isSecured ? secretsForServices(authority, masterUrls.map(reachable)) : undefined,
    gateway: gatewaySecurity({
      authority,
      isSecured,
      isRevoked,
      credentials,
      authorization: peer.authorization,
    }),
  };
};

/** Whether TLS is asked for, or needed. Throws OptionError for an address that others reach and a plain server. */
const wantsTls = (options: DaemonOptions, host: string): boolean => {
  if (options.flag('insecure-listen')) return false;
  const { LIBPROCESS_SSL_ENABLED: enabled = '' } = process.env;
  return (
    options.flag('tls') ||
    options.optionalText('tls-cert') !== undefined ||
    /^(true|1)$/.test(enabled) ||
    !isLoopback(host)
  );
};

const missingCertificate = (host: string): OptionError =>
  new OptionError(
    `Listening at ${host} demands TLS and authentication: give --security-dir with the security folder of the cluster, or --tls-cert and --tls-key, and --ca-file or --credentials to know who may call; or --insecure-listen true, which lets everyone do everything`,
  );

const demandedByFlags = (options: DaemonOptions): Access[] =>
  FLAGS.flatMap(([name, access]) => (options.flag(name) ? [access] : []));

/** Read anew each time, as others renew these files. */
const givenCertificate = (options: DaemonOptions): (() => ServerTls) | undefined => {
  const { LIBPROCESS_SSL_CERT_FILE, LIBPROCESS_SSL_KEY_FILE } = process.env;
  const cert = options.optionalText('tls-cert') ?? LIBPROCESS_SSL_CERT_FILE;
  const key = options.optionalText('tls-key') ?? LIBPROCESS_SSL_KEY_FILE;
  if (cert === undefined && key === undefined) return undefined;
  if (cert === undefined || key === undefined)
    throw new OptionError('--tls-cert and --tls-key belong together');
  return () => ({ cert: readText(cert), key: readSecretFile(key) });
};

/** For one request, which is on its way at once. */
const PROXY_LIFE_MS = 60_000;
const LOGIN_LIFE_MS = 5 * 86_400_000;

/** In a cluster with an authority people log in with a principal's password, or with a token that they have. */
const gatewaySecurity = ({
  authority,
  isSecured,
  isRevoked = () => false,
  credentials,
  authorization = () => undefined,
}: {
  authority: Authority | undefined;
  isSecured: boolean;
  isRevoked: ((claims: Claims) => boolean) | undefined;
  credentials: readonly Credential[];
  authorization: (() => string | undefined) | undefined;
}): GatewaySecurity => {
  if (!authority) return {};
  const logIn = (name: string, secret: string): string | undefined => {
    const nowMs = systemClock.now();
    const claims = verifyToken(secret, authority.publicKey, nowMs);
    if (claims?.role === 'operator') return isRevoked(claims) ? undefined : secret;
    if (!isKnown(credentials, { principal: name, secret })) return undefined;
    return authority.tokenFor({ sub: name, role: 'operator', nowMs, lifeMs: LOGIN_LIFE_MS });
  };
  const tokenOfCaller = callerTokens(authority, systemClock);
  const agentPeer = isSecured ? { ca: authority.certificate, authorization, tokenOfCaller } : undefined;
  const proxyToken = (service: string): string =>
    authority.tokenFor({ sub: service, role: 'proxy', nowMs: systemClock.now(), lifeMs: PROXY_LIFE_MS });
  return { proxyToken, agentPeer, logIn };
};

/** As whom this process speaks: what it was told, else what its own authority says. */
const authorizationOf = (
  options: DaemonOptions,
  { credential, authority }: { credential: Credential | undefined; authority: Authority | undefined },
): (() => string | undefined) | undefined => {
  if (credential) return () => basic(credential);
  const token = fromFile(options, 'token-file', readSecretFile)?.trim() ?? takeVariable('PLENUM_TOKEN');
  if (token !== undefined) return () => `token=${token}`;
  if (!authority) return undefined;
  const own = selfRenewingToken(authority, systemClock);
  return () => `token=${own()}`;
};

export const basic = ({ principal, secret }: Credential): string =>
  `Basic ${Buffer.from(`${principal}:${secret}`).toString('base64')}`;

/** A secret from the environment, which nothing that this process starts finds there. */
export const takeVariable = (name: string): string | undefined => {
  const value = process.env[name];
  delete process.env[name];
  return value === '' ? undefined : value;
};

export const fromFile = <T>(
  options: DaemonOptions,
  name: string,
  read: (file: string) => T,
): T | undefined => {
  const file = options.optionalText(name);
  if (file === undefined) return undefined;
  try {
    return read(file);
  } catch (error) {
    throw new OptionError(`--${name}: ${errorMessage(error)}`);
  }
};

const readText = (file: string): string => readFileSync(file, 'utf8');
