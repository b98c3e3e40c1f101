import { execFileSync } from 'node:child_process';
import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parseMinisignKey, verifyMinisign } from '../../src/universe/signing/minisign.ts';
import { signFile } from '../../src/universe/signing/sign-file.ts';
import { formatPublicKey, signMinisign } from '../../src/universe/signing/sign-minisign.ts';
import {
  createSigningKey,
  formatSigningKey,
  publicBytes,
  readSigningKey,
} from '../../src/universe/signing/signing-key.ts';
import { temporaryFolder } from './repository-files.ts';

async function* piecesOf(...pieces: string[]): AsyncGenerator<Buffer> {
  for (const piece of pieces) yield Buffer.from(piece);
}

const nobody = (): Promise<string> => Promise.reject(new Error('A password was asked for'));

/** A secret key as minisign -W writes it, without a password. */
const minisignSecret = (): { text: string; id: Buffer } => {
  const { privateKey } = generateKeyPairSync('ed25519');
  const seed = privateKey.export({ type: 'pkcs8', format: 'der' }).subarray(-32);
  const id = randomBytes(8);
  const head = Buffer.concat([Buffer.from('Ed\0\0B2', 'latin1'), Buffer.alloc(48)]);
  const bytes = Buffer.concat([head, id, seed, publicBytes(privateKey), Buffer.alloc(32)]);
  return { text: `untrusted comment: minisign secret key\n${bytes.toString('base64')}\n`, id };
};

const hasMinisign = ((): boolean => {
  try {
    execFileSync('minisign', ['-v'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
})();

describe('a signing key', () => {
  it('makes signatures that fit what was signed, its public key and its comment', async () => {
    const key = createSigningKey();
    const signature = await signMinisign(key, piecesOf('some ', 'packages'), 'release 7\nof ours');
    const publicKey = parseMinisignKey(formatPublicKey(key));
    expect(await verifyMinisign(publicKey, signature, piecesOf('some packages'))).toBe('release 7 of ours');
    await expect(verifyMinisign(publicKey, signature, piecesOf('some packageS'))).rejects.toThrow(/not fit/);
    await expect(
      verifyMinisign(publicKey, signature.replace('release 7', 'release 8'), piecesOf('some packages')),
    ).rejects.toThrow(/comment/);
    const other = parseMinisignKey(formatPublicKey(createSigningKey()));
    await expect(verifyMinisign(other, signature, piecesOf('some packages'))).rejects.toThrow(/is expected/);
  });

  it('is the same after it was kept in a file, with and without a password', async () => {
    const key = createSigningKey();
    for (const password of ['', 'correct horse']) {
      const text = formatSigningKey(key, password);
      const read = await readSigningKey(text, password === '' ? nobody : async () => password);
      expect(formatPublicKey(read)).toBe(formatPublicKey(key));
    }
    const locked = formatSigningKey(key, 'correct horse');
    await expect(readSigningKey(locked, async () => 'battery')).rejects.toThrow(/password does not open/);
  });

  it('may be a secret key of minisign, whose number it keeps', async () => {
    const { text, id } = minisignSecret();
    const key = await readSigningKey(text, nobody);
    expect(key.id).toEqual(id);
    const signature = await signMinisign(key, piecesOf('x'), 'c');
    expect(await verifyMinisign(parseMinisignKey(formatPublicKey(key)), signature, piecesOf('x'))).toBe('c');
  });

  it('is refused when it is of another kind, broken, or would take too long to open', async () => {
    const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey;
    const pem = rsa.export({ type: 'pkcs8', format: 'pem' }).toString();
    await expect(readSigningKey(pem, nobody)).rejects.toThrow(/kind rsa; Ed25519/);
    await expect(readSigningKey('hello', nobody)).rejects.toThrow(/neither/);
    await expect(readSigningKey('-----BEGIN PRIVATE KEY-----\nx', nobody)).rejects.toThrow(/no private key/);
    const bytes = Buffer.from(minisignSecret().text.split('\n')[1] ?? '', 'base64');
    const changed = (change: (copy: Buffer) => void): string => {
      const copy = Buffer.from(bytes);
      change(copy);
      return copy.toString('base64');
    };
    const broken = changed((copy) => copy.writeUInt8(copy.readUInt8(70) ^ 1, 70));
    await expect(readSigningKey(broken, nobody)).rejects.toThrow(/broken/);
    const hostile = changed((copy) => {
      copy.write('Sc', 2, 'latin1');
      copy.fill(0xff, 38, 54);
    });
    await expect(readSigningKey(hostile, async () => 'x')).rejects.toThrow(/too long to open/);
  });

  it.skipIf(!hasMinisign)('makes what minisign itself takes', async () => {
    const folder = await temporaryFolder();
    const key = createSigningKey();
    const file = join(folder, 'universe.json');
    await writeFile(file, '{"packages": []}');
    await writeFile(join(folder, 'key.pub'), formatPublicKey(key));
    await signFile(file, key);
    const verify = () =>
      execFileSync('minisign', ['-V', '-p', join(folder, 'key.pub'), '-m', file], {
        encoding: 'utf8',
        stdio: 'pipe',
      });
    expect(verify()).toMatch(/Signature and comment signature verified\n.*file:universe\.json/);
    await writeFile(file, '{"packages": [] }');
    expect(verify).toThrow();
  });
});
