import { createHash, type KeyObject, randomBytes, sign } from 'node:crypto';
import { isIP } from 'node:net';
import {
  bitString,
  boolean,
  type Der,
  explicit,
  implicit,
  integer,
  objectIdentifier,
  octetString,
  sequence,
  set,
  time,
  utf8String,
} from './der.ts';

/** What a certificate says (RFC 5280). */
export interface CertificateContent {
  /** Common names; the issuer's is the subject's for an authority. */
  readonly subject: string;
  readonly issuer: string;
  readonly publicKey: KeyObject;
  readonly issuerPublicKey: KeyObject;
  readonly notBeforeMs: number;
  readonly notAfterMs: number;
  /** Host names and IP addresses; none for an authority. */
  readonly names: readonly string[];
  readonly isAuthority: boolean;
}

/** Encoded when a certificate is made: every command loads this file, and hardly any makes one. */
const ecdsaWithSha256 = (): Der => sequence(objectIdentifier('1.2.840.10045.4.3.2'));
const version3 = (): Der => explicit(0, integer(Buffer.from([2])));
const COMMON_NAME = '2.5.4.3';
const SERVER_AUTH = '1.3.6.1.5.5.7.3.1';
const SERIAL_BYTES = 16;

/**
 * A certificate in PEM, signed with a P-256 key. Written here because Node.js makes key pairs and signatures but no
 * certificates, and the libraries that do bring cryptography of their own or a container of dependencies with them.
 */
export const signCertificate = (content: CertificateContent, issuerKey: KeyObject): string => {
  const signed = sequence(
    version3(),
    integer(randomBytes(SERIAL_BYTES)),
    ecdsaWithSha256(),
    name(content.issuer),
    sequence(time(content.notBeforeMs), time(content.notAfterMs)),
    name(content.subject),
    spki(content.publicKey),
    explicit(3, sequence(...extensions(content))),
  );
  const signature = sign('sha256', signed, issuerKey);
  return toPem(sequence(signed, ecdsaWithSha256(), bitString(signature)));
};

const toPem = (der: Der): string => {
  const lines = der.toString('base64').match(/.{1,64}/g) ?? [];
  return `-----BEGIN CERTIFICATE-----\n${lines.join('\n')}\n-----END CERTIFICATE-----\n`;
};

const name = (commonName: string): Der =>
  sequence(set(sequence(objectIdentifier(COMMON_NAME), utf8String(commonName))));

const spki = (key: KeyObject): Der => key.export({ type: 'spki', format: 'der' });

const extensions = ({ publicKey, issuerPublicKey, names, isAuthority }: CertificateContent): Der[] => [
  extension('2.5.29.19', isAuthority ? sequence(boolean(true)) : sequence(), true),
  extension('2.5.29.15', isAuthority ? keyCertSignAndCrlSign() : digitalSignature(), true),
  extension('2.5.29.14', octetString(keyIdentifier(publicKey))),
  extension('2.5.29.35', sequence(implicit(0, keyIdentifier(issuerPublicKey)))),
  ...(isAuthority ? [] : [extension('2.5.29.37', sequence(objectIdentifier(SERVER_AUTH)))]),
  ...(names.length === 0 ? [] : [extension('2.5.29.17', sequence(...names.map(alternativeName)))]),
];

const keyCertSignAndCrlSign = (): Der => bitString(Buffer.from([0b0000_0110]), 1);

const digitalSignature = (): Der => bitString(Buffer.from([0b1000_0000]), 7);

const extension = (identifier: string, value: Der, isCritical = false): Der =>
  sequence(objectIdentifier(identifier), ...(isCritical ? [boolean(true)] : []), octetString(value));

const keyIdentifier = (key: KeyObject): Buffer => createHash('sha1').update(spki(key)).digest();

const alternativeName = (text: string): Der =>
  isIP(text) === 0 ? implicit(2, Buffer.from(text, 'latin1')) : implicit(7, addressBytes(text));

const addressBytes = (address: string): Buffer =>
  isIP(address) === 4 ? Buffer.from(address.split('.').map(Number)) : v6Bytes(address);

/** Eight groups of two bytes, of which `::` stands for as many zeros as are missing. */
const v6Bytes = (address: string): Buffer => {
  const [head = '', tail] = new URL(`http://[${address}]`).hostname.slice(1, -1).split('::');
  const groups = (text: string): number[] =>
    text === '' ? [] : text.split(':').map((group) => Number.parseInt(group, 16));
  const first = groups(head);
  const last = tail === undefined ? [] : groups(tail);
  const zeros = new Array<number>(8 - first.length - last.length).fill(0);
  return Buffer.from([...first, ...zeros, ...last].flatMap((group) => [group >> 8, group & 0xff]));
};
