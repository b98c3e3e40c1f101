import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import { type AddressInfo, connect, createServer as createPlainServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { request } from '../../src/http/client.ts';
import { type RouterOptions, type RunningRouter, startRouter } from '../../src/router/start-router.ts';
import { systemClock } from '../../src/runtime/clock.ts';
import { silentLog } from '../../src/runtime/log.ts';
import { openAuthority } from '../../src/security/authority.ts';
import { ownCertificate } from '../../src/security/server-certificate.ts';
import { waitFor } from '../support/wait-for.ts';
import { type ServedMarathon, serveMarathon } from './served-marathon.ts';
import { shownApp } from './shown-app.ts';

const hasHaproxy = spawnSync('haproxy', ['-v']).status === 0;

/** A real HAProxy in front of real servers; only Marathon is played. */
describe.skipIf(!hasHaproxy)('the router', () => {
  const ends: (() => Promise<unknown> | unknown)[] = [];
  let marathon: ServedMarathon;
  let httpPort: number;

  beforeEach(async () => {
    marathon = await serveMarathon();
    ends.push(marathon.close);
    httpPort = await freePort();
  });

  afterEach(async () => {
    for (const end of ends.splice(0).reverse()) await end();
  });

  const start = async (changes: Partial<RouterOptions> = {}): Promise<RunningRouter> => {
    const folder = mkdtempSync(join(tmpdir(), 'plenum-router-'));
    const router = await startRouter({
      marathons: [{ url: marathon.url }],
      rules: {
        groups: ['external'],
        isHealthDemanded: true,
        isStrict: false,
        areTemplatesAllowed: true,
        madeUpPorts: { first: 10_050, last: 10_100 },
      },
      listen: {
        bindAddress: '127.0.0.1',
        httpPort,
        httpsPort: 0,
        certificates: [],
        maxConnections: 200,
        drainSeconds: 30,
      },
      status: { host: '127.0.0.1', port: 0, hostnames: [] },
      executable: 'haproxy',
      folder,
      readEveryMs: 600_000,
      reloadEveryMs: 1,
      clock: systemClock,
      log: silentLog,
      onEnded: (reason) => {
        throw new Error(reason);
      },
      ...changes,
    });
    ends.push(() => rmSync(folder, { recursive: true, force: true }), router.close);
    return router;
  };

  /** An instance: a server that says its name. */
  const instance = async (name: string): Promise<number> => {
    const server = createServer((_request, response) => response.end(name));
    ends.push(() => close(server));
    return listen(server);
  };

  const app = async (hostPorts: number[], labels: Record<string, string> = {}) =>
    shownApp({
      hostPorts,
      portDefinitions: [{ port: await freePort() }],
      labels: { HAPROXY_GROUP: 'external', HAPROXY_0_VHOST: 'web.example', ...labels },
    });

  const ask = async (host: string, path = '/'): Promise<string> => {
    const url = `http://127.0.0.1:${httpPort}${path}`;
    const { status, body } = await request({ url, headers: { Host: host } });
    return status === 200 ? body.toString() : String(status);
  };

  const untilConfigured = (
    router: RunningRouter,
    isIt: (status: ReturnType<RunningRouter['status']>) => boolean,
  ) => waitFor('the configuration', () => isIt(router.status()));

  it('routes hosts to the instances of their app, and everyone else nowhere', async () => {
    marathon.show([await app([await instance('one'), await instance('two')])]);
    const router = await start();
    await untilConfigured(router, ({ routes }) => routes.length === 1);
    const answers = [await ask('web.example'), await ask('web.example'), await ask('other.example')];
    expect(answers.sort()).toEqual(['503', 'one', 'two']);
    expect(marathon.requests).toContain('/v2/apps?embed=apps.tasks');
  });

  it('drops no request and no connection while instances come and go', async () => {
    const ports = [await instance('a'), await instance('b'), await instance('c'), await instance('d')];
    const shown = await app(ports.slice(0, 1));
    marathon.show([shown]);
    const router = await start();
    await untilConfigured(router, ({ routes }) => routes.length === 1);
    // A connection that lasts: it is answered once before the changes and once after them.
    const lasting = await openConnection(httpPort);
    ends.push(lasting.close);
    expect(await lasting.ask()).toContain('200 OK');

    const other = { ...(await app(ports, { HAPROXY_0_VHOST: 'other.example' })), id: '/other' };
    let isChanging = true;
    const answers = new Map<string, number>();
    const callers = Array.from({ length: 4 }, async () => {
      while (isChanging) {
        const answer = await ask('web.example');
        answers.set(answer, (answers.get(answer) ?? 0) + 1);
      }
    });
    for (let change = 1; change <= 8; change++) {
      const { configurations } = router.status();
      const portDefinitions = shown.portDefinitions ?? [];
      const changed = { ...(await app(ports.slice(0, 1 + (change % 4)))), portDefinitions };
      // Another app takes a reload to come, and another one to go.
      marathon.show(change === 3 ? [changed, other] : [changed]);
      await untilConfigured(router, (status) => status.configurations > configurations);
    }
    isChanging = false;
    await Promise.all(callers);

    expect(await lasting.ask()).toContain('200 OK');
    // Where only instances change, the process that runs goes on.
    const { reloads, configurations } = router.status();
    expect({ reloads, configurations }).toEqual({ reloads: 3, configurations: 10 });
    expect([...answers.keys()].sort()).toEqual(['a', 'b', 'c', 'd']);
  });

  it('leaves out the app that HAProxy refuses, says why, and serves the others', async () => {
    const good = await app([await instance('good')]);
    const bad = {
      ...(await app([await instance('bad')], {
        HAPROXY_0_VHOST: 'bad.example',
        HAPROXY_0_BACKEND_HEAD: 'backend {backend}\\n  nonsense\\n',
      })),
      id: '/bad',
    };
    marathon.show([bad, good]);
    const router = await start();
    await untilConfigured(router, ({ routes }) => routes.length === 1);
    expect(await ask('web.example')).toBe('good');
    expect(router.status().problems).toEqual([
      { appId: '/bad', message: expect.stringMatching(/haproxy refuses its port 0: .*nonsense/) },
    ]);
  });

  it('leaves a port to the program that has it already', async () => {
    const taken = createPlainServer();
    ends.push(() => close(taken));
    const port = await listen(taken);
    marathon.show([
      shownApp({ portDefinitions: [{ port }] }),
      { ...(await app([await instance('good')])), id: '/good' },
    ]);
    const router = await start();
    await untilConfigured(router, ({ routes }) => routes.length === 1);
    expect(await ask('web.example')).toBe('good');
    expect(router.status().problems[0]?.message).toMatch(/its port 0 cannot be served: .*EADDRINUSE/);
  });

  it('goes on as it is while Marathon is away', async () => {
    marathon.show([await app([await instance('one')])]);
    const router = await start();
    await untilConfigured(router, ({ routes }) => routes.length === 1);
    await marathon.close();
    await waitFor('the router notices', async () => {
      await request({ method: 'POST', url: `${router.url}/_mlb_signal/hup` });
      return router.status().failure !== undefined;
    });
    expect(await ask('web.example')).toBe('one');
  });

  it('turns to the next Marathon when one does not answer', async () => {
    marathon.show([await app([await instance('one')])]);
    const router = await start({
      marathons: [{ url: `http://127.0.0.1:${await freePort()}` }, { url: marathon.url }],
    });
    await untilConfigured(router, ({ routes }) => routes.length === 1);
  });

  it('tells about itself on a page, without passwords', async () => {
    marathon.show([await app([await instance('one')], { HAPROXY_0_AUTH: 'site:alice:$5$salt$secret' })]);
    const router = await start();
    await untilConfigured(router, ({ routes }) => routes.length === 1);
    const page = async (path: string): Promise<string> =>
      (await request({ url: `${router.url}${path}` })).body.toString();
    expect(await page('/_haproxy_health_check')).toBe('OK\n');
    expect(await page('/_haproxy_getpids')).toMatch(/^\d+( \d+)+\n$/);
    expect(await page('/haproxy?stats;csv')).toMatch(/^# pxname,svname/);
    expect(await page('/_haproxy_getvhostmap')).toMatch(/^web\.example web_\d+\n$/);
    expect(await page('/_haproxy_getappmap')).toMatch(/^\/web web_\d+\n$/);
    expect(await page('/_mlb_signal/hup')).toBe('Marathon is being read\n');
    expect(await page('/_haproxy_getconfig')).toContain('user alice password ***');
    expect(await page('/v1/status')).not.toContain('secret');
    expect(await ask('web.example')).toBe('401');
  });

  it('speaks TLS at its own port and at that of an app, and sends those who come without it there', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'plenum-router-tls-'));
    ends.push(() => rmSync(folder, { recursive: true, force: true }));
    const authority = openAuthority(folder, Date.now());
    const { cert, key } = ownCertificate(folder, authority, {
      names: ['web.example', '127.0.0.1'],
      nowMs: Date.now(),
    });
    const certificate = join(folder, 'site.pem');
    writeFileSync(certificate, `${cert}${key}`, { mode: 0o600 });
    const shown = await app([await instance('one')], {
      HAPROXY_0_REDIRECT_TO_HTTPS: 'true',
      HAPROXY_0_USE_HSTS: 'true',
      HAPROXY_0_SSL_CERT: certificate,
    });
    marathon.show([shown]);
    const httpsPort = await freePort();
    const router = await start({
      listen: {
        bindAddress: '127.0.0.1',
        httpPort,
        httpsPort,
        certificates: [certificate],
        drainSeconds: 30,
      },
    });
    await untilConfigured(router, ({ routes }) => routes.length === 1);
    const web = { headers: { Host: 'web.example' }, tls: { ca: authority.certificate } };
    const plain = await request({ ...web, url: `http://127.0.0.1:${httpPort}/a?b=c` });
    expect(plain.status).toBe(301);
    expect(plain.headers.location).toBe(`https://web.example:${httpsPort}/a?b=c`);
    for (const port of [httpsPort, shown.portDefinitions?.[0]?.port]) {
      const { status, headers, body } = await request({ ...web, url: `https://127.0.0.1:${port}/` });
      expect([status, body.toString()]).toEqual([200, 'one']);
      expect(headers['strict-transport-security']).toMatch(/^max-age=/);
    }
  });

  it('drops no request and loses no instance while one app of a deployment group takes the place of another', async () => {
    const [blue, green] = [await instance('blue'), await instance('green')];
    const port = await freePort();
    const member = (id: string, hostPort: number, startedAt: string) => ({
      ...shownApp({
        id,
        hostPorts: [hostPort],
        portDefinitions: [{ port }],
        labels: {
          HAPROXY_GROUP: 'external',
          HAPROXY_0_VHOST: 'web.example',
          HAPROXY_DEPLOYMENT_GROUP: 'web',
          HAPROXY_DEPLOYMENT_STARTED_AT: startedAt,
          HAPROXY_DEPLOYMENT_TARGET_INSTANCES: '1',
        },
      }),
    });
    const old = member('/web-blue', blue, '2026-01-01T00:00:00Z');
    const next = member('/web-green', green, '2026-01-02T00:00:00Z');
    marathon.show([old]);
    const router = await start();
    await untilConfigured(router, ({ routes }) => routes.length === 1);
    const answers = new Set<string>();
    let isChanging = true;
    const caller = (async () => {
      while (isChanging) answers.add(await ask('web.example'));
    })();
    marathon.show([old, next]);
    await untilConfigured(router, ({ routes }) => routes[0]?.servers.length === 2);
    await waitFor('green alone is asked for', async () => (await ask('web.example')) === 'green');
    marathon.show([next]);
    await untilConfigured(router, ({ routes }) => routes[0]?.servers.length === 1);
    isChanging = false;
    await caller;
    expect([...answers].sort()).toEqual(['blue', 'green']);
    expect(await ask('web.example')).toBe('green');
  });

  it('chooses by the id of the app at a port of its own', async () => {
    const site = { ...(await app([await instance('site')])), id: '/site/web' };
    const other = {
      ...(await app([await instance('other')], { HAPROXY_0_VHOST: 'other.example' })),
      id: '/other',
    };
    const plain = shownApp({
      id: '/plain',
      hostPorts: [await instance('plain')],
      portDefinitions: [{ port: await freePort() }],
    });
    marathon.show([site, other, plain]);
    const appIdPort = await freePort();
    const listen = { bindAddress: '127.0.0.1', httpPort, httpsPort: 0, certificates: [], drainSeconds: 30 };
    const router = await start({ listen: { ...listen, appIdPort } });
    await untilConfigured(router, ({ routes }) => routes.length === 3);
    const askFor = async (id: string): Promise<string> => {
      const headers = { 'X-Marathon-App-Id': id };
      const { status, body } = await request({ url: `http://127.0.0.1:${appIdPort}/`, headers });
      return status === 200 ? body.toString() : String(status);
    };
    expect([await askFor('/site/web'), await askFor('/other')]).toEqual(['site', 'other']);
    expect([await askFor('/plain'), await askFor('/site')]).toEqual(['503', '503']);
  });

  it('says which port is taken before it starts', async () => {
    const taken = createPlainServer();
    ends.push(() => close(taken));
    httpPort = await listen(taken);
    await expect(start()).rejects.toThrow(/port \d+ .*choose another one by --http-port/);
  });

  it('ends HAProxy when it ends', async () => {
    const router = await start();
    const { body } = await request({ url: `${router.url}/_haproxy_getpids` });
    const pids = body.toString().trim().split(' ');
    await router.close();
    await waitFor('all processes are gone', () => pids.every((pid) => !existsSync(`/proc/${pid}`)));
  });
});

const listen = (server: Server | ReturnType<typeof createPlainServer>): Promise<number> =>
  new Promise((resolve) => {
    server.listen(0, '127.0.0.1', () => resolve((server.address() as AddressInfo).port));
  });

const close = (server: Server | ReturnType<typeof createPlainServer>): Promise<void> =>
  new Promise((resolve) => {
    server.close(() => resolve());
    if ('closeAllConnections' in server) server.closeAllConnections();
  });

/** One that nobody has at the moment: HAProxy does not tell which it would take by itself. */
const freePort = async (): Promise<number> => {
  const server = createPlainServer();
  const port = await listen(server);
  await close(server);
  return port;
};

interface LastingConnection {
  ask(): Promise<string>;
  close(): void;
}

/** A connection that is kept open between two requests. */
const openConnection = (port: number): Promise<LastingConnection> =>
  new Promise((resolve, reject) => {
    const socket = connect(port, '127.0.0.1', () =>
      resolve({
        ask: () =>
          new Promise((answered, failed) => {
            socket.once('data', (data) => answered(data.toString()));
            socket.once('close', () => failed(new Error('The connection was closed')));
            socket.write('GET / HTTP/1.1\r\nHost: web.example\r\n\r\n');
          }),
        close: () => socket.destroy(),
      }),
    );
    socket.on('error', reject);
  });
