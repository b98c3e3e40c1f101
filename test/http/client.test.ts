import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { openStream, request } from '../../src/http/client.ts';

const servers: Server[] = [];

afterEach(() => {
  for (const server of servers.splice(0)) {
    server.close();
    server.closeAllConnections();
  }
});

const serve = async (listener: RequestListener): Promise<string> => {
  const server = createServer(listener);
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
};

describe('a request', () => {
  it('gets status, headers and the whole body', async () => {
    const url = await serve((_request, response) => {
      response.writeHead(418, { 'X-Kind': 'tea' });
      response.write('ten ');
      setImmediate(() => response.end('cups'));
    });
    const { status, headers, body } = await request({ url });
    expect([status, headers['x-kind'], body.toString()]).toEqual([418, 'tea', 'ten cups']);
  });

  it('gives up when no answer begins in time', async () => {
    const url = await serve(() => undefined);
    await expect(request({ url, timeoutMs: 20 })).rejects.toMatchObject({
      name: 'TimeoutError',
      message: `GET ${url} timed out`,
    });
  });

  it('gives up when an answer that has begun does not end in time', async () => {
    const url = await serve((_request, response) => void response.write('half'));
    await expect(request({ url, timeoutMs: 50 })).rejects.toMatchObject({ name: 'TimeoutError' });
  });

  it('counts the time over all redirects', async () => {
    const url = await serve((incoming, response) => {
      if (incoming.url === '/') response.writeHead(307, { Location: '/silent' }).end();
    });
    await expect(request({ url, timeoutMs: 50, maxRedirects: 1 })).rejects.toMatchObject({
      name: 'TimeoutError',
    });
  });

  it('fails when the answer is cut short', async () => {
    const url = await serve((_request, response) => {
      response.writeHead(200, { 'Content-Length': '100' });
      response.write('half', () => response.destroy());
    });
    await expect(request({ url })).rejects.toThrow('aborted');
  });

  it('ends when its signal says so', async () => {
    const controller = new AbortController();
    const url = await serve(() => controller.abort());
    await expect(request({ url, signal: controller.signal })).rejects.toMatchObject({ name: 'AbortError' });
  });
});

describe('a stream', () => {
  it('outlives the time that its beginning may take', async () => {
    let finish: () => void = () => undefined;
    const url = await serve((_request, response) => {
      response.write('first');
      finish = () => void response.end('last');
    });
    const stream = await openStream({ url, timeoutMs: 40 });
    setTimeout(() => finish(), 80);
    const pieces: string[] = [];
    for await (const piece of stream.body) pieces.push(piece.toString());
    expect(pieces.join(' ')).toBe('first last');
  });

  it('ends with an error for its reader once it is closed', async () => {
    const url = await serve((_request, response) => void response.write('first'));
    const stream = await openStream({ url });
    await expect(
      (async () => {
        for await (const _piece of stream.body) stream.close();
      })(),
    ).rejects.toThrow();
  });
});
