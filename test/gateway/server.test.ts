import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import http from 'node:http';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { startGateway } from '../../src/gateway/server.ts';
import { type HttpRequest, openStream, request } from '../../src/http/client.ts';
import { OutputStream } from '../../src/http/output-stream.ts';
import { send, sendJson } from '../../src/http/respond.ts';
import { Router } from '../../src/http/router.ts';
import { type HttpServer, startServer } from '../../src/http/server.ts';
import { silentLog } from '../../src/runtime/log.ts';
import { type FakePart, startFakePart } from './fake-cluster.ts';

const CLUSTER_ID = '1b6a6c1e-9a53-4a0e-8f4e-3d1f6a2b7c90';

let mesos: FakePart;
let marathon: FakePart;
let packages: FakePart;
let agent: FakePart;
let service: FakePart;
let gateway: HttpServer;
let dashboardDir: string;
let apps: unknown[];
let frameworks: unknown[];

beforeEach(async () => {
  apps = [];
  frameworks = [];
  agent = await startFakePart('agent');
  service = await startFakePart('service');
  mesos = await startFakePart(
    'mesos',
    new Router()
      .on('GET', '/slaves', ({ response }) =>
        sendJson(response, 200, {
          slaves: [
            { id: 'c0-S0', hostname: '127.0.0.1', pid: `slave(1)@127.0.0.1:${agent.port}`, active: true },
            { id: 'c0-S1', hostname: '127.0.0.2', pid: 'slave(1)@127.0.0.2:1', active: false },
          ],
        }),
      )
      .on('GET', '/state-summary', ({ response }) =>
        sendJson(response, 200, { cluster: 'test', frameworks, slaves: [] }),
      )
      .on('GET', '/redirect', ({ response }) =>
        send(response, 307, '', { Location: `//127.0.0.1:${mesos.port}/state?a=b` }),
      )
      .on('GET', '/elsewhere', ({ response }) =>
        send(response, 307, '', { Location: 'https://example.org/x' }),
      ),
  );
  marathon = await startFakePart(
    'marathon',
    new Router().on('GET', '/v2/apps', ({ response }) => sendJson(response, 200, { apps })),
  );
  packages = await startFakePart('packages');
  dashboardDir = await mkdtemp(join(tmpdir(), 'plenum-dashboard-'));
  await writeFile(join(dashboardDir, 'index.html'), '<!doctype html><title>Plenum</title>');
  await writeFile(join(dashboardDir, 'dashboard.js'), 'let one = 1;');
  gateway = await startGateway({
    mesosUrl: mesos.url,
    marathonUrl: marathon.url,
    packagesUrl: packages.url,
    dashboardDir,
    clusterId: CLUSTER_ID,
    clusterName: 'test',
    version: '9.9.9',
    log: silentLog,
    mostExchanges: 8,
  });
});

afterEach(async () => {
  await gateway.close();
  await Promise.all([mesos, marathon, packages, agent, service].map((part) => part.close()));
  await rm(dashboardDir, { recursive: true });
});

const ask = async (path: string, options: Partial<HttpRequest> = {}) => {
  const { status, headers, body } = await request({ url: gateway.url + path, ...options });
  const text = body.toString();
  return {
    status,
    headers,
    text,
    json: text.startsWith('{') || text.startsWith('[') ? JSON.parse(text) : undefined,
  };
};

const listen = (server: http.Server): Promise<number> =>
  new Promise((resolve) => {
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      resolve(typeof address === 'object' && address ? address.port : 0);
    });
  });

const appOf = (labels: Record<string, string>, ports: number[] = [service.port]) => ({
  id: '/app',
  labels,
  tasks: [{ id: 'app.1', state: 'TASK_RUNNING', host: '127.0.0.1', ports, healthCheckResults: [] }],
});

describe('the paths of a cluster', () => {
  it.each([
    ['/mesos/state?pretty=1', 'mesos', '/state?pretty=1'],
    ['/mesos/master/state', 'mesos', '/master/state'],
    ['/mesos', 'mesos', '/'],
    ['/service/marathon/v2/info', 'marathon', '/v2/info'],
    ['/service/marathon/', 'marathon', '/'],
    ['/marathon/v2/deployments', 'marathon', '/v2/deployments'],
    ['/package/search', 'packages', '/package/search'],
    ['/capabilities', 'packages', '/capabilities'],
    ['/cosmos/service/describe', 'packages', '/service/describe'],
    ['/agent/c0-S0/files/browse?path=%2Fa%20b', 'agent', '/files/browse?path=%2Fa%20b'],
    ['/slave/c0-S0/state.json', 'agent', '/state.json'],
  ])('%s goes to %s as %s', async (path, part, target) => {
    const { status, json } = await ask(path);
    expect(status).toBe(200);
    expect({ part: json.part, target: json.target }).toEqual({ part, target });
  });

  it('passes method, body, headers and status through in both directions', async () => {
    const { json } = await ask('/package/describe', {
      method: 'POST',
      body: '{"packageName":"hdfs"}',
      headers: {
        Accept: 'application/vnd.dcos.package+json',
        'Content-Type': 'application/json;charset=utf-8',
      },
    });
    expect(json).toMatchObject({ part: 'packages', method: 'POST', body: '{"packageName":"hdfs"}' });
    expect(json.headers).toMatchObject({
      accept: 'application/vnd.dcos.package+json',
      'content-type': 'application/json;charset=utf-8',
      'x-forwarded-host': `127.0.0.1:${gateway.port}`,
      host: `127.0.0.1:${packages.port}`,
    });
  });

  it('does not pass on what belongs to one connection only', async () => {
    const { json } = await ask('/mesos/echo', {
      headers: { Connection: 'x-private', 'X-Private': 'a', TE: 'trailers', 'X-Public': 'b' },
    });
    expect(json.headers['x-public']).toBe('b');
    expect(json.headers['x-private']).toBeUndefined();
    expect(json.headers.te).toBeUndefined();
  });

  it('rewrites redirects of a part to itself and leaves those to elsewhere alone', async () => {
    expect((await ask('/mesos/redirect')).headers.location).toBe('/mesos/state?a=b');
    expect((await ask('/mesos/elsewhere')).headers.location).toBe('https://example.org/x');
  });

  it('answers 404 in JSON for an agent or a service that nobody knows, and for any other path', async () => {
    expect((await ask('/agent/nope/state')).json).toMatchObject({
      status: 404,
      message: 'No agent nope is registered: plenum node list shows those that are',
    });
    const unknownService = await ask('/service/nope/');
    expect(unknownService.status).toBe(404);
    expect(unknownService.json.message).toContain('No service nope runs');
    expect((await ask('/nothing/here')).json).toEqual({
      status: 404,
      title: 'Not Found',
      message: 'No such path: /nothing/here',
    });
    expect((await ask('/agent/%zz/state')).status).toBe(400);
  });

  it('answers 502 with the name of the part that does not answer', async () => {
    await packages.close();
    const { status, json } = await ask('/package/list', { method: 'POST', body: '{}' });
    expect(status).toBe(502);
    expect(json.message).toMatch(/^packages does not answer at http:\/\/127\.0\.0\.1:\d+: .*ECONNREFUSED/);
  });

  it('sends a read again when the part closed the kept connection at that moment', async () => {
    await ask('/marathon/ping');
    const { port } = marathon;
    await marathon.close();
    const again = await startServer({
      router: new Router().on('GET', '/ping', ({ response }) => send(response, 200, 'pong')),
      log: silentLog,
      port,
    });
    expect((await ask('/marathon/ping')).text).toBe('pong');
    await again.close();
  });
});

describe('services', () => {
  it('serves an app under its DCOS_SERVICE_NAME at the port of its index, prefix taken off', async () => {
    apps = [
      appOf({ DCOS_SERVICE_NAME: 'hdfs', DCOS_SERVICE_PORT_INDEX: '1', DCOS_SERVICE_SCHEME: 'http' }, [
        1,
        service.port,
      ]),
    ];
    expect((await ask('/service/hdfs/v1/plans?x=1')).json).toMatchObject({
      part: 'service',
      target: '/v1/plans?x=1',
    });
  });

  it('finds names with slashes, the longest first', async () => {
    apps = [
      appOf({ DCOS_SERVICE_NAME: 'group', DCOS_SERVICE_PORT_INDEX: '0' }, [1]),
      appOf({ DCOS_SERVICE_NAME: '/group/hdfs', DCOS_SERVICE_PORT_INDEX: '0' }),
    ];
    expect((await ask('/service/group/hdfs/v1')).json).toMatchObject({ part: 'service', target: '/v1' });
  });

  it('leaves the path whole for a service that asks for it', async () => {
    apps = [appOf({ DCOS_SERVICE_NAME: 'ui', DCOS_SERVICE_REWRITE_REQUEST_URLS: 'false' })];
    expect((await ask('/service/ui/a')).json.target).toBe('/service/ui/a');
  });

  it('serves a framework at its webui_url, by name and by id', async () => {
    frameworks = [{ id: 'f-1', name: 'chronos', active: true, webui_url: `${service.url}/ui/` }];
    expect((await ask('/service/chronos/jobs')).json.target).toBe('/ui/jobs');
    expect((await ask('/service/f-1/jobs')).json.target).toBe('/ui/jobs');
  });

  it('leads to the slash at the end, so that relative links work', async () => {
    const { status, headers } = await ask('/service/hdfs?tab=1');
    expect(status).toBe(307);
    expect(headers.location).toBe('/service/hdfs/?tab=1');
  });

  it('serves no app without a running task and no framework with a webui_url that is none', async () => {
    apps = [
      {
        id: '/a',
        labels: { DCOS_SERVICE_NAME: 'a' },
        tasks: [{ state: 'TASK_STAGING', host: 'h', ports: [1] }],
      },
    ];
    frameworks = [{ id: 'f', name: 'b', active: true, webui_url: 'file:///etc/passwd' }];
    expect((await ask('/service/a/')).status).toBe(404);
    expect((await ask('/service/b/')).status).toBe(404);
  });

  it('goes on with one source when the other is silent', async () => {
    apps = [appOf({ DCOS_SERVICE_NAME: 'hdfs' })];
    await mesos.close();
    expect((await ask('/service/hdfs/')).status).toBe(200);
  });
});

describe('long exchanges', () => {
  it('passes the head and the first event of a stream on while it goes on, and ends it when the client leaves', async () => {
    let onClosed = (): void => undefined;
    const closed = new Promise<void>((resolve) => {
      onClosed = resolve;
    });
    const streaming = await startServer({
      log: silentLog,
      router: new Router().on('GET', '/v2/events', ({ response }) => {
        response.writeHead(200, { 'Content-Type': 'text/event-stream' });
        const stream = new OutputStream(response, onClosed);
        stream.write('event: one\n\n');
      }),
    });
    apps = [appOf({ DCOS_SERVICE_NAME: 'live' }, [streaming.port])];
    const stream = await openStream({ url: `${gateway.url}/service/live/v2/events` });
    expect(stream.headers['content-type']).toBe('text/event-stream');
    for await (const chunk of stream.body) {
      expect(chunk.toString()).toBe('event: one\n\n');
      break;
    }
    stream.close();
    await closed;
    await streaming.close();
  });

  it('passes a body of 64 MB in each direction without collecting it', async () => {
    const size = 64 * 1024 * 1024;
    const sink = http.createServer((incoming, outgoing) => incoming.pipe(outgoing));
    const port = await listen(sink);
    apps = [appOf({ DCOS_SERVICE_NAME: 'big' }, [port])];
    const { body } = await request({
      url: `${gateway.url}/service/big/`,
      method: 'PUT',
      body: Buffer.alloc(size, 'x'),
    });
    expect(body.length).toBe(size);
    sink.close();
  });

  it('cuts the answer when the upstream breaks off in the middle', async () => {
    const broken = http.createServer((_incoming, outgoing) => {
      outgoing.writeHead(200, { 'Content-Length': '1000' });
      outgoing.write('half', () => outgoing.destroy());
    });
    const port = await listen(broken);
    apps = [appOf({ DCOS_SERVICE_NAME: 'broken' }, [port])];
    await expect(request({ url: `${gateway.url}/service/broken/` })).rejects.toThrow();
    broken.close();
  });

  it('refuses with 503 what goes past the number of exchanges', async () => {
    const streaming = http.createServer((_incoming, outgoing) => outgoing.flushHeaders());
    const port = await listen(streaming);
    apps = [appOf({ DCOS_SERVICE_NAME: 'slow' }, [port])];
    const streams = await Promise.all(
      Array.from({ length: 8 }, () => openStream({ url: `${gateway.url}/service/slow/` })),
    );
    expect((await ask('/mesos/state')).status).toBe(503);
    for (const stream of streams) stream.close();
    streaming.closeAllConnections();
    streaming.close();
  });
});

describe('upgrades', () => {
  const upgrade = (path: string, headers: readonly string[] = []): Promise<string> =>
    new Promise((resolve, reject) => {
      const socket = connect(gateway.port, '127.0.0.1', () => {
        const head = [
          `GET ${path} HTTP/1.1`,
          `Host: 127.0.0.1:${gateway.port}`,
          'Connection: Upgrade',
          'Upgrade: echo',
          ...headers,
        ];
        socket.write(`${head.join('\r\n')}\r\n\r\n`);
      });
      let text = '';
      socket.on('data', (chunk) => {
        text += chunk;
        if (text.endsWith('\r\n\r\n') && text.includes(' 101 ')) socket.write('hello');
        if (text.endsWith('hello')) socket.end();
      });
      socket.on('error', reject);
      socket.on('close', () => resolve(text));
    });

  it('joins both connections once the upstream has agreed', async () => {
    const echo = http.createServer().on('upgrade', (_request, socket) => {
      socket.write('HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: echo\r\n\r\n');
      socket.pipe(socket);
    });
    const port = await listen(echo);
    apps = [appOf({ DCOS_SERVICE_NAME: 'echo' }, [port])];
    expect(await upgrade('/service/echo/socket')).toMatch(/^HTTP\/1\.1 101 .*\r\n\r\nhello$/s);
    echo.close();
  });

  it('passes a refusal back, and names what it does not know', async () => {
    apps = [appOf({ DCOS_SERVICE_NAME: 'plain' })];
    expect(await upgrade('/service/nope/socket')).toMatch(/^HTTP\/1\.1 404 .*No service nope runs/s);
  });

  it('refuses a page of another origin', async () => {
    expect(await upgrade('/service/echo/socket', ['Origin: http://evil.example'])).toMatch(
      /^HTTP\/1\.1 403 /,
    );
  });
});

describe('protection against foreign pages', () => {
  it('refuses a Host that is not ours', async () => {
    const { status, json } = await ask('/mesos/state', { headers: { Host: 'evil.example' } });
    expect(status).toBe(403);
    expect(json.message).toContain('Host evil.example is not served here');
    expect(mesos.asked).toEqual([]);
  });

  it('refuses a change from a page of another origin and passes one from its own', async () => {
    const foreign = await ask('/marathon/v2/apps', {
      method: 'POST',
      body: '{}',
      headers: { Origin: 'http://evil.example' },
    });
    expect(foreign.status).toBe(403);
    expect(marathon.asked).toEqual([]);
    const own = await ask('/marathon/v2/groups', {
      method: 'POST',
      body: '{}',
      headers: { Origin: gateway.url },
    });
    expect(own.status).toBe(200);
    expect(own.json.headers.origin).toBe(marathon.url);
  });
});

describe('what the cluster says about itself', () => {
  it('names its id and address', async () => {
    expect((await ask('/metadata')).json).toEqual({ PUBLIC_IPV4: '127.0.0.1', CLUSTER_ID: CLUSTER_ID });
  });

  it('answers what the DC/OS command line asks when it is set up', async () => {
    expect((await ask('/', { method: 'HEAD' })).status).toBe(200);
    expect((await ask('/pkgpanda/active.buildinfo.full.json', { method: 'HEAD' })).status).toBe(200);
    expect((await ask('/acs/api/v1/auth/providers')).json).toEqual({});
    expect((await ask('/dcos-metadata/dcos-version.json')).json).toMatchObject({
      version: '2.2.0',
      'dcos-variant': 'open',
      'plenum-version': '9.9.9',
    });
    expect((await ask('/mesos_dns/v1/hosts/leader.mesos')).json).toEqual([
      { host: 'leader.mesos.', ip: '127.0.0.1' },
    ]);
    expect((await ask('/net/v1/nodes')).json.map((node: { private_ip: string }) => node.private_ip)).toEqual([
      '127.0.0.1',
      '127.0.0.1',
      '127.0.0.2',
    ]);
  });

  it('reports which part is ill', async () => {
    expect((await ask('/system/health/v1/nodes')).json.nodes).toEqual([
      { host_ip: '127.0.0.1', role: 'master', health: 0 },
      { host_ip: '127.0.0.1', role: 'agent', health: 0 },
      { host_ip: '127.0.0.2', role: 'agent', health: 1 },
    ]);
    expect((await ask('/system/health/v1/units/nope')).status).toBe(404);
  });

  it('reports a dead part as a unit with the reason', async () => {
    await marathon.close();
    const { json } = await ask('/system/health/v1');
    const unit = json.units.find(({ id }: { id: string }) => id === 'dcos-marathon.service');
    expect(unit).toMatchObject({ health: 1 });
    expect(unit.output).toContain('ECONNREFUSED');
  });
});

describe('the dashboard', () => {
  it('is the page at the root, zipped when asked, under a policy that allows nothing foreign', async () => {
    const { headers, text } = await ask('/');
    expect(text).toContain('<title>Plenum</title>');
    expect(headers['content-security-policy']).toContain("default-src 'none'");
    const zipped = await request({
      url: `${gateway.url}/dashboard/dashboard.js`,
      headers: { 'Accept-Encoding': 'gzip' },
    });
    expect(gunzipSync(zipped.body).toString()).toBe('let one = 1;');
    const same = await request({
      url: `${gateway.url}/dashboard/dashboard.js`,
      headers: { 'If-None-Match': String(zipped.headers.etag) },
    });
    expect(same.status).toBe(304);
  });

  it('gives no file that is not the dashboard’s', async () => {
    expect((await ask('/dashboard/..%2f..%2fetc%2fpasswd')).status).toBe(404);
    expect((await ask('/dashboard/none.js')).status).toBe(404);
  });
});
