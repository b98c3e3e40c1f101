import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { request } from '../../src/http/client.ts';
import { type Principal, principalOf } from '../../src/http/principal.ts';
import { sendJson } from '../../src/http/respond.ts';
import { Router } from '../../src/http/router.ts';
import { type HttpServer, startServer } from '../../src/http/server.ts';
import { systemClock } from '../../src/runtime/clock.ts';
import { silentLog } from '../../src/runtime/log.ts';
import { authenticator } from '../../src/security/authenticator.ts';
import { type Authority, openAuthority } from '../../src/security/authority.ts';
import { readCredentials } from '../../src/security/credentials.ts';
import { masterRealms } from '../../src/security/realms.ts';
import type { Role } from '../../src/security/token.ts';

let folder: string;
let authority: Authority;
let server: HttpServer;
let principal: Principal | undefined;

const credentialsFile = (): string => join(folder, 'credentials.json');

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'plenum-auth-'));
  authority = openAuthority(folder, Date.now());
  writeFileSync(
    credentialsFile(),
    JSON.stringify({
      credentials: [
        { principal: 'alice', secret: 'pw' },
        { principal: 'bob', secret: 'pw2' },
      ],
    }),
    { mode: 0o600 },
  );
  const router = new Router().on('*', '/*path', ({ request: incoming, response }) => {
    principal = principalOf(incoming);
    sendJson(response, 200, {});
  });
  server = await startServer({
    router,
    log: silentLog,
    access: {
      authenticate: authenticator({
        realms: masterRealms,
        demanded: new Set(['readonly', 'readwrite', 'frameworks', 'agents']),
        authorityKey: authority.publicKey,
        credentials: readCredentials(credentialsFile()),
        clock: systemClock,
      }),
    },
  });
});

afterEach(async () => {
  await server.close();
  rmSync(folder, { recursive: true });
});

const ask = async (path: string, authorization?: string, method = 'GET') => {
  const { status, headers, body } = await request({
    method,
    url: server.url + path,
    headers: authorization === undefined ? {} : { Authorization: authorization },
  });
  return {
    status,
    challenge: headers['www-authenticate'],
    type: headers['content-type'],
    body: body.toString(),
  };
};
const basic = (user: string, password: string): string =>
  `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`;
const tokenOf = (role: Role, lifeMs = 60_000, nowMs = Date.now()): string =>
  authority.tokenFor({ sub: `some ${role}`, role, nowMs, lifeMs });

describe('who comes without credentials', () => {
  it.each([
    ['GET', '/state', 'mesos-master-readonly'],
    ['GET', '/metrics/snapshot', 'mesos-master-readonly'],
    ['POST', '/api/v1', 'mesos-master-readwrite'],
    ['POST', '/master/teardown', 'mesos-master-readwrite'],
    ['GET', '/maintenance/schedule', 'mesos-master-readwrite'],
    ['POST', '/api/v1/scheduler', 'mesos-master-scheduler'],
  ])('is refused at %s %s with the realm that Mesos names', async (method, path, realm) => {
    expect(await ask(path, undefined, method)).toEqual({
      status: 401,
      challenge: `Basic realm="${realm}"`,
      type: 'text/plain; charset=utf-8',
      body: '401 Unauthorized.',
    });
  });

  it('is still told that the master lives, and what it is', async () => {
    expect((await ask('/health')).status).toBe(200);
    expect((await ask('/master/health')).status).toBe(200);
    expect((await ask('/version')).status).toBe(200);
  });
});

describe('principals of the credentials file', () => {
  it('are known by their password', async () => {
    expect((await ask('/state', basic('alice', 'pw'))).status).toBe(200);
    expect(principal).toEqual({ name: 'alice', by: 'password' });
  });

  it.each([
    ['a wrong password', basic('alice', 'no')],
    ["somebody else's password", basic('alice', 'pw2')],
    ['a name that nobody has', basic('carol', '')],
    ['no colon', `Basic ${Buffer.from('alice').toString('base64')}`],
    ['an empty header', ''],
    ['another scheme', 'Digest username="alice"'],
  ])('are not: %s', async (_case, authorization) => {
    expect((await ask('/state', authorization)).status).toBe(401);
  });

  it('come from a file that others cannot read', () => {
    chmodSync(credentialsFile(), 0o644);
    expect(() => readCredentials(credentialsFile())).toThrow(/Others may read .*chmod 600/);
  });

  it('come from a file of the right form, and what stands in a wrong one is not told', () => {
    writeFileSync(credentialsFile(), '{"credentials": [{"principal": "alice", "secret": hunter2}]}');
    expect(() => readCredentials(credentialsFile())).toThrow(/is not valid JSON$/);
    writeFileSync(credentialsFile(), '{"alice": "hunter2"}');
    expect(() => readCredentials(credentialsFile())).toThrow(/is not of the form/);
  });
});

describe('tokens of the cluster', () => {
  it('are taken as DC/OS sends them, as bearers, and as the password that a browser asks for', async () => {
    const token = tokenOf('operator');
    for (const header of [`token=${token}`, `Bearer ${token}`, basic('whoever', token)]) {
      expect((await ask('/api/v1', header, 'POST')).status).toBe(200);
      expect(principal).toEqual({ name: 'some operator', by: 'token' });
    }
  });

  it('of agents are good for being an agent and for nothing else', async () => {
    const header = `token=${tokenOf('agent')}`;
    expect((await ask('/api/v1/agent-link', header, 'POST')).status).toBe(200);
    expect(await ask('/state', header)).toMatchObject({ status: 403, body: '403 Forbidden.' });
    expect((await ask('/api/v1/scheduler', header, 'POST')).status).toBe(403);
  });

  it('end with their time', async () => {
    const hourAgo = Date.now() - 3_600_000;
    expect((await ask('/state', `token=${tokenOf('operator', 60_000, hourAgo)}`)).status).toBe(401);
  });

  it('of another cluster, changed ones and nonsense are not taken', async () => {
    const elsewhere = mkdtempSync(join(tmpdir(), 'plenum-auth-'));
    const foreign = openAuthority(elsewhere, Date.now());
    const [header = '', , signature = ''] = tokenOf('agent').split('.');
    const claims = { sub: 'x', role: 'operator', iat: 0, exp: Date.now() };
    const changed = `${header}.${Buffer.from(JSON.stringify(claims)).toString('base64url')}.${signature}`;
    const unsigned = `${Buffer.from('{"alg":"none"}').toString('base64url')}.${changed.split('.')[1]}.`;
    const theirs = foreign.tokenFor({ sub: 'x', role: 'operator', nowMs: Date.now(), lifeMs: 60_000 });
    for (const token of [theirs, changed, unsigned, 'a.b.c', '..', 'x', 'x'.repeat(10_000)]) {
      expect((await ask('/state', `token=${token}`)).status).toBe(401);
    }
    rmSync(elsewhere, { recursive: true });
  });
});
