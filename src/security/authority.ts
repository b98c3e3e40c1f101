import {
  createPrivateKey,
  createPublicKey,
  generateKeyPairSync,
  type KeyObject,
  randomUUID,
  X509Certificate,
} from 'node:crypto';
import { join } from 'node:path';
import { signCertificate } from './certificate.ts';
import { readSecretIfThere, writeSecretFile } from './secret-file.ts';
import { type Role, signToken } from './token.ts';

const DAY_MS = 86_400_000;
const AUTHORITY_LIFE_MS = 3_652 * DAY_MS;
const CERTIFICATE_LIFE_MS = 90 * DAY_MS;
/** Clocks of machines differ. */
const BACKDATING_MS = 3_600_000;

/** Whom all parts of a cluster trust: it vouches for servers with certificates, and for callers with tokens. */
export interface Authority {
  /** In PEM. */
  readonly certificate: string;
  /** Of its certificate: SHA-256, 64 hexadecimal digits. */
  readonly fingerprint: string;
  readonly publicKey: KeyObject;
  /** A server's certificate in PEM, valid for 90 days. Names are host names and IP addresses. */
  issue(server: { publicKey: KeyObject; names: readonly string[]; nowMs: number }): string;
  /** A token that is valid for `lifeMs`. */
  tokenFor(claims: { sub: string; role: Role; nowMs: number; lifeMs: number }): string;
}

/** Files of a cluster's security folder. */
export const authorityFile = (folder: string): string => join(folder, 'ca.pem');
const authorityKeyFile = (folder: string): string => join(folder, 'ca.key');

/** The authority of a cluster, made when there is none. Throws SecretFileError. */
export const openAuthority = (folder: string, nowMs: number): Authority => {
  const keyText = readSecretIfThere(authorityKeyFile(folder));
  const certificate = readSecretIfThere(authorityFile(folder));
  if (keyText !== undefined && certificate !== undefined)
    return authorityOf(certificate, createPrivateKey(keyText));
  const { publicKey, privateKey } = newKeyPair();
  const subject = `Plenum cluster ${randomUUID()}`;
  const made = signCertificate(
    {
      subject,
      issuer: subject,
      publicKey,
      issuerPublicKey: publicKey,
      notBeforeMs: nowMs - BACKDATING_MS,
      notAfterMs: nowMs + AUTHORITY_LIFE_MS,
      names: [],
      isAuthority: true,
    },
    privateKey,
  );
  // A key without its certificate is made anew, so the certificate comes last.
  writeSecretFile(authorityKeyFile(folder), privateKeyText(privateKey));
  writeSecretFile(authorityFile(folder), made);
  return authorityOf(made, privateKey);
};

/** A P-256 key pair, which every TLS client knows and which takes no time to make. */
export const newKeyPair = (): { publicKey: KeyObject; privateKey: KeyObject } =>
  generateKeyPairSync('ec', { namedCurve: 'prime256v1' });

export const privateKeyText = (key: KeyObject): string =>
  key.export({ type: 'pkcs8', format: 'pem' }).toString();

/** SHA-256 of a certificate as 64 hexadecimal digits. */
export const fingerprintOf = (certificate: X509Certificate): string =>
  certificate.fingerprint256.replaceAll(':', '').toLowerCase();

const authorityOf = (certificate: string, key: KeyObject): Authority => {
  const parsed = new X509Certificate(certificate);
  const issuer = parsed.subject.replace(/^CN=/, '');
  return {
    certificate,
    fingerprint: fingerprintOf(parsed),
    publicKey: parsed.publicKey,
    issue: ({ publicKey, names, nowMs }) =>
      signCertificate(
        {
          subject: names[0] ?? 'plenum',
          issuer,
          publicKey,
          issuerPublicKey: createPublicKey(key),
          notBeforeMs: nowMs - BACKDATING_MS,
          notAfterMs: nowMs + CERTIFICATE_LIFE_MS,
          names,
          isAuthority: false,
        },
        key,
      ),
    tokenFor: ({ sub, role, nowMs, lifeMs }) =>
      signToken({ sub, role, iat: Math.floor(nowMs / 1000), exp: Math.floor((nowMs + lifeMs) / 1000) }, key),
  };
};
