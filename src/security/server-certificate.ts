import { createPrivateKey, createPublicKey, X509Certificate } from 'node:crypto';
import { isIP } from 'node:net';
import { hostname, networkInterfaces } from 'node:os';
import { join } from 'node:path';
import type { ServerTls } from '../http/server-access.ts';
import { type Authority, newKeyPair, privateKeyText } from './authority.ts';
import { readSecretIfThere, writeSecretFile } from './secret-file.ts';

/** A certificate is renewed when less than this share of its life is left. */
const RENEWED_SHARE = 1 / 3;

/** The names under which servers that listen on `host` are found: all of this machine's when they listen everywhere. */
export const serverNames = (host: string, hostnames: readonly string[]): string[] => {
  const everywhere = host === '0.0.0.0' || host === '::';
  const addresses = Object.values(networkInterfaces()).flatMap((some) =>
    (some ?? []).map(({ address }) => address),
  );
  const own = everywhere ? addresses : [host];
  return [...new Set([...own, ...hostnames, hostname().toLowerCase(), 'localhost', '127.0.0.1'])];
};

/**
 * The certificate of the servers beside the authority itself, kept in its folder: the same one until it has to be
 * renewed, or other names are wanted.
 */
export const ownCertificate = (
  folder: string,
  authority: Authority,
  { names, nowMs }: { names: readonly string[]; nowMs: number },
): ServerTls => {
  const keyFile = join(folder, 'server.key');
  const certificateFile = join(folder, 'server.pem');
  const kept = readSecretIfThere(certificateFile);
  const keptKey = readSecretIfThere(keyFile);
  if (kept !== undefined && keptKey !== undefined && isFit(kept, { authority, names, nowMs })) {
    return { cert: kept + authority.certificate, key: keptKey };
  }
  const key = keptKey ?? privateKeyText(newKeyPair().privateKey);
  const cert = authority.issue({ publicKey: createPublicKey(createPrivateKey(key)), names, nowMs });
  writeSecretFile(keyFile, key);
  writeSecretFile(certificateFile, cert);
  return { cert: cert + authority.certificate, key };
};

const isFit = (
  text: string,
  { authority, names, nowMs }: { authority: Authority; names: readonly string[]; nowMs: number },
): boolean => {
  const certificate = new X509Certificate(text);
  return (
    certificate.verify(authority.publicKey) &&
    !isDueForRenewal(certificate, nowMs) &&
    names.every((name) => isNamed(certificate, name))
  );
};

/** Whether a certificate has little of its life left. */
export const isDueForRenewal = ({ validFrom, validTo }: X509Certificate, nowMs: number): boolean => {
  const endMs = Date.parse(validTo);
  return endMs - nowMs < (endMs - Date.parse(validFrom)) * RENEWED_SHARE;
};

export const isNamed = (certificate: X509Certificate, name: string): boolean =>
  (isIP(name) === 0 ? certificate.checkHost(name) : certificate.checkIP(name)) !== undefined;
