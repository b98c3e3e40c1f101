import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { waitFor } from '../support/wait-for.ts';
import { TIMEOUT_MS } from './support/budget.ts';
import { startFuzzCluster } from './support/fuzz-cluster.ts';
import { chunkOf, headOf, rawSocket, writeWithoutEnd } from './support/raw-socket.ts';
import { shoot } from './support/shoot.ts';

const MIB = 1024 * 1024;
const JSON_TYPE = { 'Content-Type': 'application/json', Accept: 'application/json' };
const RECORDS = {
  'Content-Type': 'application/recordio',
  'Message-Content-Type': 'application/json',
  Accept: 'application/json',
};
/** The last two answer without a look at the body. */
const PATHS = [
  ['/api/v1', 413],
  ['/api/v1/scheduler', 413],
  ['/reserve', 413],
  ['/health', 200],
  ['/no/such/path', 404],
] as const;

/** What an answer begins with. */
const statusOf = (text: string): number => Number(/^HTTP\/1\.1 (\d+)/.exec(text)?.[1] ?? 0);

describe('records', () => {
  it.each([
    ['a length of 10^18', '1000000000000000000\n'],
    ['a length of more digits than a number has', `${'9'.repeat(100)}\n`],
    ['a length that never ends', '1'.repeat(200_000)],
    ['a negative length', '-5\n{}'],
    ['no length', '\n{}'],
    ['a length in words', 'abc\n{}'],
    ['a length in hexadecimal', '0x10\n{}'],
    ['a length with an exponent', '1e3\n{}'],
  ])('with %s are refused at once, though more may come', { timeout: TIMEOUT_MS }, async (_what, body) => {
    const cluster = await startFuzzCluster();
    const connection = rawSocket(cluster.agentUrl);
    connection.socket.write(headOf('/api/v1', { ...RECORDS, 'Transfer-Encoding': 'chunked' }));
    connection.socket.write(chunkOf(body));
    await waitFor('a refusal', () => statusOf(connection.text()) >= 400);
    expect(statusOf(connection.text()), connection.text()).toBeLessThan(500);
    connection.socket.destroy();
  });

  it.each(['5\n{"a', '20\n', '3', ''])(
    'that are cut short are refused: %j',
    { timeout: TIMEOUT_MS },
    async (body) => {
      const cluster = await startFuzzCluster();
      const { status, text } = await shoot(cluster.agentUrl, { path: '/api/v1', headers: RECORDS, body });
      expect(status, text).toBe(400);
      expect(text).not.toBe('');
    },
  );
});

describe('bodies over the limit', () => {
  it('are answered with 413, and the connection is cut before they end', {
    timeout: TIMEOUT_MS,
  }, async () => {
    const cluster = await startFuzzCluster();
    const before = process.memoryUsage().rss;
    const endless = async (url: string, path: string, status: number): Promise<void> => {
      const connection = rawSocket(url);
      connection.socket.write(headOf(path, { ...JSON_TYPE, 'Transfer-Encoding': 'chunked' }));
      const written = await writeWithoutEnd(connection, chunkOf(Buffer.alloc(256 * 1024, ' ')));
      expect(written, path).toBeLessThan(1024 * MIB);
      // What is still on its way when the connection is cut can take the answer with it: then there is none.
      expect([0, status], path).toContain(statusOf(connection.text()));
    };
    for (const [path, status] of PATHS) await endless(cluster.masterUrl, path, status);
    await endless(cluster.agentUrl, '/api/v1', 413);
    await endless(cluster.agentUrl, '/no/such/path', 404);
    expect(process.memoryUsage().rss - before).toBeLessThan(600 * MIB);
    await cluster.checkOthers();
  });

  it('are refused by the length that they claim, and by the one that they unfold to', {
    timeout: TIMEOUT_MS,
  }, async () => {
    const cluster = await startFuzzCluster();
    for (const length of ['1000000000', '1000000000000000000']) {
      const connection = rawSocket(cluster.masterUrl);
      connection.socket.write(headOf('/api/v1', { ...JSON_TYPE, 'Content-Length': length }));
      await waitFor('a refusal', () => statusOf(connection.text()) >= 400);
      expect(statusOf(connection.text())).toBe(413);
      connection.socket.destroy();
    }
    for (const url of [cluster.masterUrl, cluster.agentUrl]) {
      const body = gzipSync(Buffer.alloc(200 * MIB, ' '));
      const answer = await shoot(url, {
        path: '/api/v1',
        headers: { ...JSON_TYPE, 'Content-Encoding': 'gzip' },
        body,
      });
      expect(answer.status).toBe(413);
      const cut = body.subarray(0, 20);
      const other = await shoot(url, {
        path: '/api/v1',
        headers: { ...JSON_TYPE, 'Content-Encoding': 'gzip' },
        body: cut,
      });
      expect(other.status, other.text).toBe(400);
    }
    await cluster.checkOthers();
  });
});

describe('a flood of connections that say little', () => {
  const BEGINNINGS = [
    '',
    'POST',
    'POST /api/v1 HTTP/1.1\r\nHost: 127.0',
    headOf('/api/v1', { ...JSON_TYPE, 'Content-Length': '1000' }),
    `${headOf('/api/v1/scheduler', { ...JSON_TYPE, 'Transfer-Encoding': 'chunked' })}5\r\n{"typ`,
    `${headOf('/api/v1', { ...RECORDS, 'Transfer-Encoding': 'chunked' })}3\r\n100\r\n`,
    '\0\xff\xfe not HTTP at all \r\n\r\n',
    `GET / HTTP/1.1\r\nHost: 127.0.0.1\r\nX: ${'x'.repeat(20_000)}`,
  ];
  const CONNECTIONS = 2_000;

  it('disturbs nobody, and costs little', { timeout: TIMEOUT_MS }, async () => {
    const cluster = await startFuzzCluster();
    const before = process.memoryUsage().rss;
    const sockets = Array.from({ length: CONNECTIONS }, (_, index) => {
      const connection = rawSocket(index % 2 === 0 ? cluster.masterUrl : cluster.agentUrl);
      connection.socket.write(BEGINNINGS[index % BEGINNINGS.length] ?? '', 'latin1');
      return connection;
    });
    await Promise.all(sockets.map(({ settled }) => settled));
    await cluster.checkOthers();
    expect(process.memoryUsage().rss - before).toBeLessThan(300 * MIB);
    // Half of them go as peers do that end their side, the others as those that crash.
    for (const [index, { socket }] of sockets.entries()) {
      if (index % 4 < 2) socket.end();
      else socket.resetAndDestroy();
    }
    await cluster.checkOthers();
    for (const { socket } of sockets) socket.destroy();
    expect(cluster.errors).toEqual([]);
  });
});
