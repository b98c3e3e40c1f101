import { afterEach, describe, expect, it } from 'vitest';
import { request } from '../../src/http/client.ts';
import { sendText } from '../../src/http/respond.ts';
import { Router } from '../../src/http/router.ts';
import { type HttpServer, startServer } from '../../src/http/server.ts';
import { silentLog } from '../../src/runtime/log.ts';

const servers: HttpServer[] = [];

afterEach(async () => {
  for (const server of servers.splice(0)) await server.close();
});

const serve = async (options: { takesLongerPaths?: boolean }) => {
  const router = new Router(options);
  for (const path of ['/', '/state', '/api/v1', '/api/v1/scheduler', '/quota/*role']) {
    router.on('POST', path, ({ response, path: asked }) => sendText(response, 200, `${path} for ${asked}`));
  }
  const server = await startServer({ router, log: silentLog });
  servers.push(server);
  return async (path: string, method = 'POST') => {
    const { status, body } = await request({ method, url: `${server.url}${path}` });
    return status === 200 ? body.toString() : status;
  };
};

describe('a router that takes longer paths', () => {
  it('serves a path that it does not have by the longest one that it begins with', async () => {
    const ask = await serve({ takesLongerPaths: true });
    expect(await ask('/api/v1/operator')).toBe('/api/v1 for /api/v1/operator');
    expect(await ask('/api/v1/scheduler/a/b?x=/y')).toBe('/api/v1/scheduler for /api/v1/scheduler/a/b');
    expect(await ask('/state/x/')).toBe('/state for /state/x/');
    expect(await ask('/quota/a/b')).toBe('/quota/*role for /quota/a/b');
  });

  it('goes by whole segments, and never to the root', async () => {
    const ask = await serve({ takesLongerPaths: true });
    for (const path of ['/states', '/api', '/api/v2', '/nosuch', '/nosuch/state', '/quota']) {
      expect([path, await ask(path)]).toEqual([path, 404]);
    }
  });

  it('refuses a method where the path is, and looks no further', async () => {
    const ask = await serve({ takesLongerPaths: true });
    expect(await ask('/api/v1/scheduler', 'PUT')).toBe(405);
    expect(await ask('/state/x', 'PUT')).toBe(405);
  });

  it('is done soon with a path of thousands of segments', async () => {
    const ask = await serve({ takesLongerPaths: true });
    expect(await ask(`/state${'/x'.repeat(4_000)}`)).toMatch(/^\/state for /);
    expect(await ask('/x'.repeat(4_000))).toBe(404);
  });
});

describe('a router that does not', () => {
  it('serves the paths that it has alone', async () => {
    const ask = await serve({});
    expect(await ask('/state/')).toBe('/state for /state/');
    expect(await ask('/api/v1/operator')).toBe(404);
  });
});
