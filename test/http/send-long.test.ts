import { once } from 'node:events';
import { connect } from 'node:net';
import { gunzipSync } from 'node:zlib';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { openStream, request } from '../../src/http/client.ts';
import {
  CHUNK_BYTES,
  forgetFreeChunks,
  type LongBody,
  LongBodyWriter,
  recycle,
  reserveChunks,
  wrapped,
} from '../../src/http/long-body.ts';
import { Router } from '../../src/http/router.ts';
import { sendLong } from '../../src/http/send-long.ts';
import { type HttpServer, startServer } from '../../src/http/server.ts';
import { silentLog } from '../../src/runtime/log.ts';
import { waitFor } from '../support/wait-for.ts';

const LINE = 'Grüße an 10.000 Agenten, 🚀 und noch mehr Text\n';

const bodyOf = (lines: number): LongBody => {
  const writer = new LongBodyWriter();
  for (let line = 0; line < lines; line++) writer.text(LINE);
  return writer.finish();
};

let server: HttpServer;
afterEach(() => server.close());

const serve = async (body: LongBody, signal?: AbortSignal): Promise<{ finished: () => number }> => {
  let finished = 0;
  const router = new Router().on('GET', '/', async ({ response }) => {
    const headers = { 'Content-Type': 'text/plain' };
    await sendLong(response, 200, body, { headers, ...(signal ? { signal } : {}) });
    finished++;
  });
  server = await startServer({ router, log: silentLog });
  return { finished: () => finished };
};

describe('a long answer', () => {
  it('arrives whole, with its length, whatever characters fall on the borders of its pieces', async () => {
    const body = wrapped('<', bodyOf(20_000), '>');
    expect(body.chunks.length).toBeGreaterThan(10);
    await serve(body);
    const answer = await request({ url: server.url });
    expect(answer.headers['content-length']).toBe(String(body.length));
    expect(answer.body.toString() === `<${LINE.repeat(20_000)}>`).toBe(true);
  });

  it('is zipped for who asks, with the length of that', async () => {
    await serve(bodyOf(20_000));
    const answer = await request({ url: server.url, headers: { 'Accept-Encoding': 'gzip' } });
    expect(answer.headers['content-encoding']).toBe('gzip');
    expect(answer.headers['content-length']).toBe(String(answer.body.length));
    expect(gunzipSync(answer.body).toString() === LINE.repeat(20_000)).toBe(true);
  });

  it('has its length but no body for HEAD', async () => {
    const body = bodyOf(20_000);
    await serve(body);
    const answer = await request({ method: 'HEAD', url: server.url });
    expect(answer.headers['content-length']).toBe(String(body.length));
    expect(answer.body.length).toBe(0);
  });

  it('waits for a reader that takes nothing, and is over when the reader goes', async () => {
    const { finished } = await serve(bodyOf(1_000_000));
    const socket = connect(server.port, '127.0.0.1');
    await once(socket, 'connect');
    socket.pause();
    socket.write('GET / HTTP/1.1\r\nHost: localhost\r\n\r\n');
    const other = await request({ url: server.url });
    expect(other.status).toBe(200);
    await waitFor('the other one is done', () => finished() === 1);
    socket.destroy();
    await waitFor('the answer is over', () => finished() === 2);
  });

  it('is cut off when it is told to be', async () => {
    const cut = new AbortController();
    const { finished } = await serve(bodyOf(1_000_000), cut.signal);
    const stream = await openStream({ url: server.url });
    cut.abort();
    await expect(
      (async () => {
        for await (const chunk of stream.body) expect(chunk.length).toBeGreaterThan(0);
      })(),
    ).rejects.toThrow();
    await waitFor('the answer is over', () => finished() === 1);
  });

  it('is written into the chunks of one that was given back', async () => {
    const first = bodyOf(5_000);
    const [chunk] = first.chunks;
    recycle(first);
    const second = bodyOf(5_000);
    expect(second.chunks.some(({ buffer }) => buffer === chunk?.buffer)).toBe(true);
    await serve(second);
    expect((await request({ url: server.url })).body.toString() === LINE.repeat(5_000)).toBe(true);
  });

  it('is written into room that was made for it', () => {
    forgetFreeChunks();
    for (const _step of reserveChunks(3 * CHUNK_BYTES));
    const allocate = vi.spyOn(Buffer, 'allocUnsafeSlow');
    try {
      const writer = new LongBodyWriter();
      writer.bytes(Buffer.alloc(3 * CHUNK_BYTES));
      expect(writer.finish().chunks).toHaveLength(3);
      expect(allocate).not.toHaveBeenCalled();
    } finally {
      allocate.mockRestore();
    }
  });

  it('is made of bytes and text in the order in which they came', async () => {
    const inner = new LongBodyWriter();
    inner.text('inner');
    const writer = new LongBodyWriter();
    writer.text('a');
    writer.bytes(Buffer.from('b'));
    writer.text('c');
    expect(writer.length).toBe(3);
    writer.append(inner);
    writer.text('d');
    await serve(writer.finish());
    expect((await request({ url: server.url })).body.toString()).toBe('abcinnerd');
  });
});
