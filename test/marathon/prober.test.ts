import { createServer, type RequestListener } from 'node:http';
import { type AddressInfo, createServer as createTcpServer, type Server } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import type { ProbeResult, ProbeTarget } from '../../src/marathon/core/effect.ts';
import { Prober } from '../../src/marathon/prober.ts';

const closers: (() => void)[] = [];

afterEach(() => {
  for (const close of closers.splice(0)) close();
});

const listen = async (server: Server): Promise<number> => {
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', () => resolve()));
  closers.push(() => void server.close());
  return (server.address() as AddressInfo).port;
};

const serve = (listener: RequestListener): Promise<number> => {
  const server = createServer(listener);
  closers.push(() => server.closeAllConnections());
  return listen(server);
};

const probe = (target: ProbeTarget, timeoutMs = 5000): Promise<ProbeResult> =>
  new Promise((resolve) => {
    const prober = new Prober((_probe, result) => resolve(result));
    closers.push(() => prober.close());
    prober.probe({ target, timeoutMs, purpose: { type: 'readiness', taskId: 't', instanceId: 'i' } });
  });

describe('probes', () => {
  it('give the status of an HTTP answer, redirects included', async () => {
    const port = await serve((request, response) => {
      response.writeHead(request.url === '/moved' ? 302 : 503, { Location: 'http://127.0.0.1:1/' }).end('no');
    });
    const url = `http://127.0.0.1:${port}`;
    expect(await probe({ type: 'http', url: `${url}/x`, keepsBody: false })).toMatchObject({
      status: 503,
      body: '',
    });
    expect(await probe({ type: 'http', url: `${url}/moved`, keepsBody: false })).toMatchObject({
      status: 302,
    });
  });

  it('read the beginning of an endless body, and only when it is wanted', async () => {
    const port = await serve((_request, response) => {
      response.writeHead(200, { 'Content-Type': 'text/plain' });
      const pour = (): void => {
        while (!response.destroyed && response.write('x'.repeat(16_384)));
      };
      response.on('drain', pour);
      pour();
    });
    const url = `http://127.0.0.1:${port}/`;
    const kept = await probe({ type: 'http', url, keepsBody: true });
    expect(kept).toMatchObject({ type: 'http', status: 200, contentType: 'text/plain' });
    expect(kept.type === 'http' && kept.body.length).toBe(64 * 1024);
    expect(await probe({ type: 'http', url, keepsBody: false })).toMatchObject({ status: 200, body: '' });
  });

  it('fail when nobody answers in time', async () => {
    const port = await serve(() => undefined);
    const result = await probe({ type: 'http', url: `http://127.0.0.1:${port}/`, keepsBody: false }, 50);
    expect(result).toMatchObject({ type: 'failed' });
  });

  it('tell whether a TCP port takes connections', async () => {
    const server = createTcpServer((socket) => void socket.destroy());
    const port = await listen(server);
    expect(await probe({ type: 'tcp', host: '127.0.0.1', port })).toEqual({ type: 'connected' });
    await new Promise((resolve) => void server.close(resolve));
    expect(await probe({ type: 'tcp', host: '127.0.0.1', port })).toMatchObject({ type: 'failed' });
  });

  it('leave nothing behind of those that are over', async () => {
    const warnings: string[] = [];
    const note = ({ name }: Error): void => void warnings.push(name);
    process.on('warning', note);
    closers.push(() => process.removeListener('warning', note));
    const server = createTcpServer((socket) => void socket.destroy());
    const port = await listen(server);
    let results = 0;
    await new Promise<void>((resolve) => {
      const prober = new Prober(() => {
        if (++results === 600) resolve();
      });
      closers.push(() => prober.close());
      for (let index = 0; index < 600; index++) {
        prober.probe({
          // Every other one fails.
          target: { type: 'tcp', host: '127.0.0.1', port: index % 2 === 0 ? port : 1 },
          timeoutMs: 20_000,
          purpose: { type: 'readiness', taskId: 't', instanceId: 'i' },
        });
      }
    });
    // Node.js warns when more listen for the end of the prober than there can be probes under way.
    await new Promise((resolve) => void setImmediate(resolve));
    expect(warnings).toEqual([]);
  });

  it('run only so many at a time, and all in the end', async () => {
    let underWay = 0;
    let most = 0;
    const port = await serve((_request, response) => {
      underWay++;
      most = Math.max(most, underWay);
      setTimeout(() => {
        underWay--;
        response.end();
      }, 20);
    });
    let results = 0;
    await new Promise<void>((resolve) => {
      const prober = new Prober(() => {
        results++;
        if (results === 600) resolve();
      });
      closers.push(() => prober.close());
      for (let index = 0; index < 600; index++) {
        prober.probe({
          target: { type: 'http', url: `http://127.0.0.1:${port}/`, keepsBody: false },
          timeoutMs: 20_000,
          purpose: { type: 'readiness', taskId: 't', instanceId: 'i' },
        });
      }
    });
    expect(most).toBeLessThanOrEqual(256);
  });
});
