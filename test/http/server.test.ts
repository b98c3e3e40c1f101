import { connect } from 'node:net';
import { gzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readBody, readJson } from '../../src/http/body.ts';
import { openStream, request } from '../../src/http/client.ts';
import { HttpError } from '../../src/http/http-error.ts';
import { OutputStream } from '../../src/http/output-stream.ts';
import { send, sendJson, sendText } from '../../src/http/respond.ts';
import { Router } from '../../src/http/router.ts';
import { type HttpServer, startServer } from '../../src/http/server.ts';
import { silentLog } from '../../src/runtime/log.ts';

let server: HttpServer;
let streamClosed: Promise<void>;

beforeEach(async () => {
  let onClosed = (): void => undefined;
  streamClosed = new Promise((resolve) => {
    onClosed = resolve;
  });
  const router = new Router()
    .on('GET', '/apps/*id/versions', ({ response, params }) =>
      sendJson(response, 200, { versions: params.id }),
    )
    .on('GET', '/apps/*id', ({ response, params, query }) =>
      sendJson(response, 200, { id: params.id, embed: query.getAll('embed') }),
    )
    .on('POST', '/echo', async ({ request: incoming, response }) =>
      sendJson(response, 200, await readJson(incoming, 1_000)),
    )
    .on('POST', '/length', async ({ request: incoming, response }) =>
      sendText(response, 200, String((await readBody(incoming, 10_000)).length)),
    )
    .on('GET', '/teapot', () => {
      throw new HttpError(418, 'short and stout', { headers: { 'X-Kind': 'teapot' } });
    })
    .on('GET', '/crash', () => {
      throw new Error('a secret detail');
    })
    .on('GET', '/moved', ({ response }) => send(response, 307, '', { Location: '/apps/target' }))
    .on('GET', '/flood', ({ response }) => {
      const stream = new OutputStream(response, onClosed, 1_000_000);
      const pump = (): void => {
        if (!stream.isOpen) return;
        stream.write(Buffer.alloc(100_000));
        setImmediate(pump);
      };
      pump();
    });
  server = await startServer({ router, log: silentLog });
});

afterEach(() => server.close());

const get = (path: string, headers = {}) => request({ url: server.url + path, headers });

describe('routing', () => {
  it('takes several segments for a starred name and prefers the route that was added first', async () => {
    expect((await get('/apps/a/b/versions')).body.toString()).toBe('{"versions":"a/b"}');
    expect((await get('/apps/a/b/?embed=tasks&embed=counts')).body.toString()).toBe(
      '{"id":"a/b","embed":["tasks","counts"]}',
    );
  });

  it('answers 404 for an unknown path, 405 with Allow for another method, 400 for a broken encoding', async () => {
    expect((await get('/nothing')).status).toBe(404);
    const wrongMethod = await request({ method: 'DELETE', url: `${server.url}/echo` });
    expect([wrongMethod.status, wrongMethod.headers.allow]).toEqual([405, 'POST']);
    expect((await get('/apps/%ff')).status).toBe(400);
  });

  it('answers HEAD with the headers of GET and no body', async () => {
    const head = await request({ method: 'HEAD', url: `${server.url}/apps/web` });
    expect([head.status, head.headers['content-length'], head.body.length]).toEqual([200, '23', 0]);
  });
});

describe('errors', () => {
  it('gives the status, text and headers of an HttpError', async () => {
    const answer = await get('/teapot');
    expect([answer.status, answer.body.toString(), answer.headers['x-kind']]).toEqual([
      418,
      'short and stout',
      'teapot',
    ]);
  });

  it('hides the detail of an unexpected error', async () => {
    const answer = await get('/crash');
    expect(answer.status).toBe(500);
    expect(answer.body.toString()).not.toContain('secret');
  });
});

describe('bodies', () => {
  const post = (path: string, body: string | Buffer, headers = {}) =>
    request({ method: 'POST', url: server.url + path, body, headers });

  it('reads JSON, and says where it is not JSON', async () => {
    expect((await post('/echo', '{"a":1}')).body.toString()).toBe('{"a":1}');
    const broken = await post('/echo', '{"a":');
    expect(broken.status).toBe(400);
    expect(broken.body.toString()).toContain('not valid JSON');
  });

  it('refuses a body over the limit, whether it is announced, sent in chunks, or only large once unzipped', async () => {
    expect((await post('/length', Buffer.alloc(20_000))).status).toBe(413);
    expect(
      (await post('/length', gzipSync(Buffer.alloc(20_000)), { 'Content-Encoding': 'gzip' })).status,
    ).toBe(413);
    expect(
      (await post('/length', gzipSync(Buffer.alloc(9_000)), { 'Content-Encoding': 'gzip' })).body.toString(),
    ).toBe('9000');
    expect((await post('/length', 'not gzip', { 'Content-Encoding': 'gzip' })).status).toBe(400);
    expect((await post('/length', 'x', { 'Content-Encoding': 'br' })).status).toBe(415);
  });
});

describe('pages of other origins', () => {
  it('are refused when they change state, and allowed to be told apart from our own', async () => {
    const send = (headers: Record<string, string>) =>
      request({ method: 'POST', url: `${server.url}/echo`, body: '{}', headers });
    expect((await send({ Origin: 'https://evil.example' })).status).toBe(403);
    expect((await send({ Origin: 'null' })).status).toBe(403);
    expect((await send({ Origin: server.url })).status).toBe(200);
  });

  it('are refused under a Host that is not ours, reads included', async () => {
    expect((await get('/apps/web', { Host: 'rebound.example' })).status).toBe(403);
    expect((await get('/apps/web', { Host: `localhost:${server.port}` })).status).toBe(200);
  });
});

describe('the client', () => {
  it('follows redirects as far as it was told', async () => {
    expect((await get('/moved')).status).toBe(307);
    const followed = await request({ url: `${server.url}/moved`, maxRedirects: 1 });
    expect(followed.body.toString()).toContain('target');
  });

  it('gives up after its time limit with an error named TimeoutError', async () => {
    const silent = await startServer({
      router: new Router().on('GET', '/', () => undefined),
      log: silentLog,
    });
    await expect(request({ url: silent.url, timeoutMs: 50 })).rejects.toMatchObject({ name: 'TimeoutError' });
    await expect(openStream({ url: silent.url, timeoutMs: 50 })).rejects.toMatchObject({
      name: 'TimeoutError',
    });
    await silent.close();
  });
});

describe('OutputStream', () => {
  it('cuts off a reader that does not keep up', async () => {
    const socket = connect(server.port, '127.0.0.1');
    socket.write('GET /flood HTTP/1.1\r\nHost: localhost\r\n\r\n');
    socket.pause();
    await streamClosed;
    socket.destroy();
  });
});
