import { X509Certificate } from 'node:crypto';
import { isIP } from 'node:net';
import { connect, type PeerCertificate } from 'node:tls';
import { fingerprintOf } from './authority.ts';

const TIMEOUT_MS = 10_000;
const LONGEST_CHAIN = 5;

/** The server does not belong to the cluster that was meant. */
export class ForeignClusterError extends Error {
  constructor(origin: string) {
    super(
      `${origin} is not of the cluster that the join token is for: its certificate authority is another one`,
    );
    this.name = 'ForeignClusterError';
  }
}

/**
 * The certificate authority with this fingerprint, in PEM, taken from what the server shows. Nothing is sent to the
 * server but the handshake; it proves that it has a certificate of the authority when it is connected to anew. Rejects
 * with ForeignClusterError, or the system's error.
 */
export const findAuthority = (url: string, fingerprint: string): Promise<string> =>
  new Promise((resolve, reject) => {
    const { hostname, port, origin } = new URL(url);
    const host = hostname.replace(/^\[|\]$/g, '');
    const socket = connect({
      host,
      port: Number(port) || 443,
      rejectUnauthorized: false,
      ...(isIP(host) === 0 ? { servername: host } : {}),
    });
    socket.setTimeout(TIMEOUT_MS, () => socket.destroy(new Error(`${origin} does not answer`)));
    socket.on('error', reject);
    socket.on('close', () => reject(new Error(`${origin} closed the connection`)));
    socket.on('secureConnect', () => {
      const found = chainOf(socket.getPeerCertificate(true)).find(
        (one) => fingerprintOf(one) === fingerprint,
      );
      if (found) resolve(found.toString());
      else reject(new ForeignClusterError(origin));
      socket.destroy();
    });
  });

const chainOf = (leaf: PeerCertificate): X509Certificate[] => {
  const chain: X509Certificate[] = [];
  let next: PeerCertificate | undefined = leaf;
  while (next?.raw && chain.length < LONGEST_CHAIN) {
    chain.push(new X509Certificate(next.raw));
    const issuer: PeerCertificate | undefined =
      'issuerCertificate' in next ? (next.issuerCertificate as PeerCertificate) : undefined;
    next = issuer === next ? undefined : issuer;
  }
  return chain;
};
