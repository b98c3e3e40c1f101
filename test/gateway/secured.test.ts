import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { startGateway } from '../../src/gateway/server.ts';
import { request } from '../../src/http/client.ts';
import { sendJson, sendText } from '../../src/http/respond.ts';
import { Router } from '../../src/http/router.ts';
import { type HttpServer, startServer } from '../../src/http/server.ts';
import type { ServerAccess } from '../../src/http/server-access.ts';
import { readAcls } from '../../src/mesos/acls/read-acls.ts';
import { systemClock } from '../../src/runtime/clock.ts';
import { silentLog } from '../../src/runtime/log.ts';
import { authenticator } from '../../src/security/authenticator.ts';
import { type Authority, openAuthority } from '../../src/security/authority.ts';
import {
  type Access,
  agentRealms,
  gatewayChallenge,
  gatewayRealms,
  type Realms,
  serviceRealms,
} from '../../src/security/realms.ts';
import { ownCertificate } from '../../src/security/server-certificate.ts';
import { verifyToken } from '../../src/security/token.ts';
import { waitFor } from '../support/wait-for.ts';

/** Bob may not read logs, ann may not see what tasks of others than web print. */
const ACLS = {
  access_mesos_logs: [{ principals: { values: ['bob'] }, logs: { type: 'NONE' } }],
  access_sandboxes: [
    { principals: { values: ['ann'] }, users: { values: ['web'] } },
    { principals: { values: ['ann'] }, users: { type: 'NONE' } },
  ],
  permissive: true,
};

let folder: string;
let authority: Authority;
let servers: HttpServer[];
let gateway: HttpServer;

const tokenFor = (role: 'operator' | 'control-plane' | 'proxy', sub: string = role): string =>
  authority.tokenFor({ sub, role, nowMs: Date.now(), lifeMs: 60_000 });

const echo = (): Router =>
  new Router()
    .on('GET', '/files/read', ({ response }) => sendText(response, 403, ''))
    .on('GET', '/metrics/snapshot', ({ response }) => sendText(response, 403, '403 Forbidden.'))
    .on('*', '/*path', ({ request: { headers, url }, response }) =>
      sendJson(response, 200, { url, headers }),
    );

const started = async (router: Router, access?: ServerAccess): Promise<HttpServer> => {
  const server = await startServer({ router, log: silentLog, access });
  servers.push(server);
  return server;
};

beforeEach(async () => {
  servers = [];
  folder = mkdtempSync(join(tmpdir(), 'plenum-gateway-'));
  writeFileSync(join(folder, 'control-plane.log'), '{"server":"master","msg":"up"}\n');
  authority = openAuthority(folder, Date.now());
  const tls = () => ownCertificate(folder, authority, { names: ['127.0.0.1'], nowMs: Date.now() });
  const access = (realms: Realms, audience?: string): ServerAccess => ({
    tls,
    authenticate: authenticator({
      realms,
      demanded: new Set<Access>(['readonly', 'readwrite']),
      authorityKey: authority.publicKey,
      audience,
      challenge: realms === gatewayRealms ? gatewayChallenge : undefined,
      clock: systemClock,
    }),
  });
  const agent = await started(echo(), access(agentRealms));
  const own = await started(echo(), access(serviceRealms('own'), 'own'));
  const foreign = await started(echo());
  const frameworks = [
    { id: 'f0', name: 'own', webui_url: own.url, active: true },
    { id: 'f1', name: 'foreign', webui_url: foreign.url, active: true },
  ];
  const slaves = [{ id: 'S0', hostname: 'x', pid: `slave(1)@127.0.0.1:${agent.port}`, active: true }];
  const app = (name: string, port: number) => ({
    labels: { DCOS_SERVICE_NAME: name, DCOS_SERVICE_SCHEME: 'http' },
    tasks: [{ state: 'TASK_RUNNING', host: '127.0.0.1', ports: [port] }],
  });
  const parts = await started(
    new Router()
      .on('GET', '/slaves', ({ response }) => sendJson(response, 200, { slaves }))
      .on('GET', '/state-summary', ({ response }) => sendJson(response, 200, { frameworks }))
      .on('GET', '/v2/apps', ({ response }) => sendJson(response, 200, { apps: [app('own', own.port)] })),
  );
  gateway = await startGateway({
    mesosUrl: parts.url,
    marathonUrl: parts.url,
    packagesUrl: parts.url,
    dashboardDir: folder,
    clusterId: '1b6a6c1e-9a53-4a0e-8f4e-3d1f6a2b7c90',
    clusterName: 'test',
    version: '0',
    log: silentLog,
    access: access(gatewayRealms),
    agentPeer: {
      ca: authority.certificate,
      authorization: () => `token=${tokenFor('control-plane')}`,
      tokenOfCaller: (principal) => tokenFor('operator', principal),
    },
    proxyToken: (service) => tokenFor('proxy', service),
    acls: readAcls(JSON.stringify(ACLS)),
    logFile: join(folder, 'control-plane.log'),
    diagnosticsFolder: join(folder, 'diagnostics'),
    logIn: (name, password) => (name === 'alice' && password === 'pw' ? tokenFor('operator') : undefined),
  });
  servers.push(gateway);
});

afterEach(async () => {
  for (const server of servers) await server.close();
  rmSync(folder, { recursive: true });
});

const ask = async (
  path: string,
  headers: Record<string, string> = {},
  body?: unknown,
  method = body === undefined ? 'GET' : 'POST',
) => {
  const answer = await request({
    method,
    url: gateway.url + path,
    headers,
    tls: { ca: authority.certificate },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const text = answer.body.toString();
  return {
    status: answer.status,
    headers: answer.headers,
    body: text.startsWith('{') ? JSON.parse(text) : text,
  };
};
const asOperator = () => ({ Authorization: `token=${tokenFor('operator')}` });

describe('a gateway that asks who is calling', () => {
  it('serves nothing to strangers but how to log in', async () => {
    for (const path of [
      '/',
      '/metadata',
      '/mesos/slaves',
      '/agent/S0/state',
      '/service/own/',
      '/system/health/v1',
    ]) {
      expect((await ask(path)).status).toBe(401);
    }
    const refused = await ask('/mesos/slaves');
    expect(refused.headers['www-authenticate']).toBe('Basic realm="plenum"');
    expect(refused.body).toMatchObject({ status: 401, title: 'Unauthorized' });
  });

  it('has the DC/OS command line log in with a name and a password', async () => {
    expect((await ask('/pkgpanda/active.buildinfo.full.json')).headers['www-authenticate']).toBe('acsjwt');
    expect((await ask('/acs/api/v1/auth/providers')).body['dcos-users']['authentication-type']).toBe(
      'dcos-uid-password',
    );
    const { body } = await ask('/acs/api/v1/auth/login', {}, { uid: 'alice', password: 'pw' });
    expect((await ask('/metadata', { Authorization: `token=${body.token}` })).status).toBe(200);
    expect((await ask('/acs/api/v1/auth/login', {}, { uid: 'alice', password: 'no' })).status).toBe(401);
    expect((await ask('/acs/api/v1/auth/login', {}, { uid: 5 })).status).toBe(400);
  });

  it('shows its authority to who does not trust it yet', async () => {
    expect((await ask('/ca/dcos-ca.crt')).body).toBe(authority.certificate);
  });

  it('asks agents in the name of the caller, and never shows them his token', async () => {
    const headers = {
      Authorization: `token=${authority.tokenFor({ sub: 'ann', role: 'operator', nowMs: Date.now() - 5_000, lifeMs: 60_000 })}`,
    };
    const { status, body } = await ask('/agent/S0/state', headers);
    expect(status).toBe(200);
    expect(body.headers.authorization).toMatch(/^token=/);
    expect(body.headers.authorization).not.toBe(headers.Authorization);
    const token = body.headers.authorization.replace(/^token=/, '');
    expect(verifyToken(token, authority.publicKey, Date.now())).toMatchObject({
      sub: 'ann',
      role: 'operator',
    });
    expect(body.headers['x-forwarded-proto']).toBe('https');
  });

  it('is known by services of the cluster, which nobody else reaches', async () => {
    const { status, body } = await ask('/service/own/v1/plans', asOperator());
    expect(status).toBe(200);
    expect(body.headers.authorization).toBeUndefined();
    const direct = await request({ url: `${servers[1]?.url}/v1/plans`, tls: { ca: authority.certificate } });
    expect(direct.status).toBe(401);
  });

  it('shows other services neither its own token nor the caller, whatever the caller sends', async () => {
    const { status, body } = await ask('/service/foreign/x', { ...asOperator(), 'X-Plenum-Proxy': 'mine' });
    expect(status).toBe(200);
    expect(body.headers.authorization).toBeUndefined();
    expect(body.headers['x-plenum-proxy']).toBeUndefined();
  });
});

describe('a gateway with ACLs', () => {
  const as = (name: string) => ({ Authorization: `token=${tokenFor('operator', name)}` });
  const DIAGNOSTICS = '/system/health/v1/diagnostics';
  const BUNDLE = `${DIAGNOSTICS}/1b6a6c1e-9a53-4a0e-8f4e-3d1f6a2b7c90`;

  it("shows the control plane's log to those who may read logs", async () => {
    for (const path of [
      '/system/v1/leader/mesos/logs/v2/component',
      '/system/v1/leader/mesos/logs/v2/component/dcos-mesos-master',
      '/system/v1/logs/v2/component',
    ]) {
      const { status, body } = await ask(path, as('bob'));
      expect([path, status, body.message]).toEqual([
        path,
        403,
        'bob may not do that: it takes leave for access_mesos_logs (--acls)',
      ]);
      expect([path, (await ask(path, as('ann'))).status]).toEqual([path, 200]);
    }
  });

  it('tells who asks through it that an agent gives no leave, instead of a fault of its own', async () => {
    for (const path of [
      '/system/v1/agent/S0/logs/v2/component',
      '/system/v1/agent/S0/logs/v2/component/dcos-mesos-slave',
      '/system/v1/agent/S0/metrics/v0/node',
    ]) {
      const { status, body } = await ask(path, as('bob'));
      expect([path, status, body.message]).toEqual([
        path,
        403,
        expect.stringMatching(/^(The )?agent does not let/),
      ]);
    }
  });

  it('keeps bundles from those who may not see all that is in them', async () => {
    for (const [method, path] of [
      ['GET', DIAGNOSTICS],
      ['PUT', BUNDLE],
      ['GET', BUNDLE],
      ['GET', `${BUNDLE}/file`],
      ['DELETE', BUNDLE],
    ] as const) {
      const body = method === 'PUT' ? { masters: true } : undefined;
      expect([path, (await ask(path, as('bob'), body, method)).body.message]).toEqual([
        path,
        'bob may not do that: it takes leave for access_mesos_logs (--acls)',
      ]);
      const { status, body: refusal } = await ask(path, as('ann'), body, method);
      expect([path, status, refusal.message]).toEqual([
        path,
        403,
        'ann may not do that: it takes leave for access_sandboxes (--acls)',
      ]);
    }
    expect((await ask(DIAGNOSTICS, asOperator())).body).toBe('[]');
  });

  it('lets others have them', async () => {
    expect((await ask(BUNDLE, asOperator(), { masters: true }, 'PUT')).status).toBe(200);
    await waitFor('it is made', async () => (await ask(BUNDLE, asOperator())).body.status === 'Done');
    expect((await ask(`${BUNDLE}/file`, asOperator())).status).toBe(200);
    expect((await ask(BUNDLE, asOperator(), undefined, 'DELETE')).status).toBe(200);
  });
});
