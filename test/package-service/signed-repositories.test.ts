import { copyFile, cp, readFile, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { describe, expect, it, onTestFinished } from 'vitest';
import { parseMinisignKey, verifyMinisign } from '../../src/universe/signing/minisign.ts';
import { revisionFiles, temporaryFolder, writeFiles } from '../universe/repository-files.ts';
import { startTestService } from './test-service.ts';

/** Made by minisign 0.11. */
const FIXTURES = join(process.cwd(), 'test/universe/fixtures/signed');
const keyIn = async (name: string): Promise<string> =>
  (await readFile(join(FIXTURES, name), 'utf8')).trim().split('\n').at(-1) ?? '';

const startWebServer = async (files: Map<string, Buffer>): Promise<string> => {
  const server = createServer(({ url = '' }, response) => {
    const body = files.get(new URL(url, 'http://x').pathname);
    if (!body) return void response.writeHead(404).end();
    const isZipped = url.includes('zipped') && !url.includes('minisig');
    response.writeHead(200, isZipped ? { 'Content-Encoding': 'gzip' } : {});
    response.end(isZipped ? gzipSync(body) : body);
  }).listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  onTestFinished(() => {
    server.close();
    server.closeAllConnections();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
};

async function* piecesOf(...pieces: string[]): AsyncGenerator<Buffer> {
  for (const piece of pieces) yield Buffer.from(piece);
}

describe('a signature of minisign', () => {
  it('fits what was signed, in pieces too, and nothing else', async () => {
    const key = parseMinisignKey(await readFile(join(FIXTURES, 'key.pub'), 'utf8'));
    const other = parseMinisignKey(await keyIn('other.pub'));
    const signature = await readFile(join(FIXTURES, 'universe.json.minisig'), 'utf8');
    const text = await readFile(join(FIXTURES, 'universe.json'), 'utf8');
    const verify = (changed = signature, ...pieces: string[]): Promise<string> =>
      verifyMinisign(key, changed, piecesOf(...(pieces.length > 0 ? pieces : [text])));
    expect(await verify()).toBe('universe of a test');
    expect(await verify(signature, text.slice(0, 9), text.slice(9))).toBe('universe of a test');
    await expect(verify(signature, `${text} `)).rejects.toThrow('the signature does not fit');
    await expect(verify(signature.replace('a test', 'another'))).rejects.toThrow('the comment');
    await expect(verify('hello')).rejects.toThrow('broken');
    await expect(verify(signature.replace('RUSw', 'RWSw'))).rejects.toThrow('minisign -S -H');
    await expect(verifyMinisign(other, signature, piecesOf(text))).rejects.toThrow(
      /signed by the key 8E810B06DFD872B0, and [0-9A-F]{16} is expected/,
    );
    expect(() => parseMinisignKey('RWQabc')).toThrow('no public key');
    expect(() => parseMinisignKey(signature)).toThrow('no public key');
  });
});

describe('a repository that must be signed', () => {
  it('is added when it is, from a web server or a file, and says by whose key', async () => {
    const files = new Map<string, Buffer>();
    for (const [path, name] of [
      ['/zipped/universe.json', 'universe.json'],
      ['/zipped/universe.json.minisig', 'universe.json.minisig'],
    ] as const) {
      files.set(path, await readFile(join(FIXTURES, name)));
    }
    const url = await startWebServer(files);
    const key = await keyIn('key.pub');
    const { post } = await startTestService();
    const add = (name: string, uri: string) => post('/package/repository/add', { name, uri, key });
    const web = await add('web', `${url}/zipped/universe.json?a=b`);
    expect(web.body.repositories[1]).toMatchObject({ state: 'READY', packages: 1, key });
    const file = await add('file', join(FIXTURES, 'universe.json'));
    expect(file.body.repositories[2]).toMatchObject({ state: 'READY', packages: 1, key });
  });

  it('is not added when it is not, or by another key, or cannot be', async () => {
    const folder = await temporaryFolder();
    await cp(FIXTURES, folder, { recursive: true });
    await writeFiles(folder, revisionFiles('mine', 0));
    await copyFile(join(folder, 'universe.json'), join(folder, 'unsigned.json'));
    const url = await startWebServer(new Map([['/u', await readFile(join(folder, 'universe.json'))]]));
    const { post } = await startTestService();
    const add = async (uri: string, key: string) =>
      (await post('/package/repository/add', { name: 'x', uri, key })).body;
    const key = await keyIn('key.pub');
    expect(await add(join(folder, 'universe.json'), await keyIn('other.pub'))).toMatchObject({
      type: 'RepositoryContent',
      message: expect.stringContaining('signed by the key'),
    });
    expect((await add(join(folder, 'unsigned.json'), key)).message).toMatch(
      /no signature that can be checked/,
    );
    expect((await add(`${url}/u`, key)).message).toMatch(/u\.minisig answered 404/);
    expect((await add(folder, key)).message).toMatch(/only files are signed/);
    expect((await add('git+https://example.com/u.git', key)).message).toMatch(/only files/);
    expect((await add('oci://example.com/u:1', key)).message).toMatch(/only files/);
    expect((await add(join(folder, 'universe.json'), 'nonsense')).message).toMatch(
      /no public key of minisign/,
    );
    const { body } = await post('/package/repository/list');
    expect(body.repositories).toHaveLength(1);
  });

  it('serves what was signed when it is changed later, after a restart too', async () => {
    const folder = await temporaryFolder();
    await cp(FIXTURES, folder, { recursive: true });
    const uri = join(folder, 'universe.json');
    const { post, restart } = await startTestService();
    await post('/package/repository/add', { name: 'x', uri, key: await keyIn('key.pub') });
    await writeFile(uri, (await readFile(uri, 'utf8')).replaceAll('"signed"', '"evil"'));
    await restart();
    const search = async (query: string) => (await post('/package/search', { query })).body.packages.length;
    expect(await search('evil')).toBe(0);
    expect(await search('signed')).toBe(1);
    const { body } = await post('/package/repository/list');
    expect(body.repositories[1]).toMatchObject({
      state: 'STALE',
      problem: expect.stringMatching(/is not what was signed/),
    });
    await cp(FIXTURES, folder, { recursive: true });
    await restart();
    expect(await search('signed')).toBe(1);
  });
});
