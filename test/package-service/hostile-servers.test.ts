import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { gzipSync } from 'node:zlib';
import { expect, it, onTestFinished } from 'vitest';
import { createFetchBody } from '../../src/http/fetch-body.ts';
import { introducePeer } from '../../src/http/peers.ts';
import type { Reading } from '../../src/universe/sources/cached-source.ts';
import { httpReader } from '../../src/universe/sources/http-reader.ts';
import { metadataOf, temporaryFolder } from '../universe/repository-files.ts';

const startServer = async (answer: RequestListener): Promise<string> => {
  const server = createServer(answer).listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  onTestFinished(() => {
    server.close();
    server.closeAllConnections();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
};

const read = async (url: string, limits = { headersMs: 10_000, wholeMs: 30_000 }): Promise<Reading> =>
  httpReader({
    url,
    scratchDir: await temporaryFolder(),
    fetchUrl: createFetchBody(limits),
    userAgent: 'test',
  })(undefined);

const GOOD = { ...metadataOf('good'), releaseVersion: 0 };

it('a server that redirects in a circle is left, and one that redirects to the goal followed', async () => {
  const requests: string[] = [];
  const url = await startServer(({ url: path = '' }, response) => {
    requests.push(path);
    if (path === '/goal') response.end(JSON.stringify({ packages: [GOOD] }));
    else response.writeHead(302, { Location: path === '/start' ? '/goal' : '/circle' }).end();
  });
  await expect(read(`${url}/circle`)).rejects.toMatchObject({ problem: 'bad-redirect', status: 302 });
  expect(requests.length).toBeLessThan(10);
  expect(await read(`${url}/start`)).toMatchObject({ definitions: [{ summary: { name: 'good' } }] });
});

it('a server that redirects to what is no web address is refused', async () => {
  const url = await startServer((_request, response) => {
    response.writeHead(302, { Location: 'file:///etc/passwd' }).end();
  });
  await expect(read(url)).rejects.toMatchObject({ problem: 'bad-redirect', actual: 'file' });
});

it('no URL reaches what only the service itself may ask for, and neither does a redirect', async () => {
  const asked: (string | undefined)[] = [];
  const own = await startServer(({ headers }, response) => {
    asked.push(headers.authorization);
    response.writeHead(headers.authorization === undefined ? 401 : 200).end();
  });
  introducePeer(own, { authorization: () => 'token=secret' });
  const leading = await startServer((_request, response) => {
    response.writeHead(302, { Location: `${own}/state` }).end();
  });
  for (const url of [own, leading])
    await expect(read(url)).rejects.toMatchObject({ problem: 'bad-status', status: 401 });
  expect(asked).toEqual([undefined, undefined]);
});

it('a server that does not answer is not waited for', async () => {
  const url = await startServer(() => undefined);
  await expect(read(url, { headersMs: 200, wholeMs: 30_000 })).rejects.toThrow(/timed out/);
});

it('a server that sends a little now and then is not waited for', async () => {
  const url = await startServer((_request, response) => {
    response.write('{"packages": [');
    const timer = setInterval(() => response.write(' '), 20);
    response.on('close', () => clearInterval(timer));
  });
  await expect(read(url, { headersMs: 10_000, wholeMs: 400 })).rejects.toMatchObject({
    problem: 'unreachable',
  });
});

it('a server that sends without an end is left after 40 MB', async () => {
  let sent = 0;
  const url = await startServer((_request, response) => {
    const piece = Buffer.alloc(1024 * 1024, ' ');
    response.write('{"packages": [');
    const send = (): void => {
      while (!response.destroyed && response.write(piece)) sent += piece.length;
      sent += piece.length;
      response.once('drain', send);
    };
    send();
  });
  await expect(read(url)).rejects.toThrow(/larger than 41943040 bytes/);
  expect(sent).toBeLessThan(200 * 1024 * 1024);
}, 60_000);

it('what unpacks to a thousand times its size is given up, encoded by the server or not', async () => {
  const bomb = gzipSync(Buffer.concat([Buffer.from('{"packages": ['), Buffer.alloc(300 * 1024 * 1024, ' ')]));
  const url = await startServer(({ url: path }, response) => {
    response.writeHead(200, path === '/encoded' ? { 'Content-Encoding': 'gzip' } : {}).end(bomb);
  });
  await expect(read(`${url}/encoded`)).rejects.toThrow(/unpacks to more than/);
  await expect(read(`${url}/plain.json.gz`)).rejects.toThrow(/unpacks to more than/);
}, 60_000);

it('one package of bytes that are no text, too large or nested too deep hides no other', async () => {
  const broken = [
    `{"name": "broken-bytes", "version": "\u00ff"}`,
    `{"name": "large", "description": "${'x'.repeat(3_000_000)}"}`,
    `{"name": "deep", "config": ${'['.repeat(5_000)}${']'.repeat(5_000)}}`,
    '{"name": nonsense}',
  ];
  const url = await startServer((_request, response) => {
    response.end(Buffer.from(`{"packages": [${broken.join(',')}, ${JSON.stringify(GOOD)}]}`, 'latin1'));
  });
  const reading = await read(url);
  expect(reading).toMatchObject({ definitions: [{ summary: { name: 'good' } }] });
  expect('problems' in reading && reading.problems.map(({ message }) => message)).toEqual([
    expect.stringContaining('not valid UTF-8'),
    expect.stringContaining('larger than'),
    expect.stringContaining('nested'),
    expect.stringContaining('expected a value'),
  ]);
});

it('more packages than any repository has are refused', async () => {
  const url = await startServer((_request, response) => {
    response.end(`{"packages": [${'0,'.repeat(60_000)}0]}`);
  });
  await expect(read(url)).rejects.toThrow(/more than 50000 packages/);
}, 60_000);
