import { X509Certificate } from 'node:crypto';
import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connect as connectTls } from 'node:tls';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { request } from '../../src/http/client.ts';
import { introducePeer } from '../../src/http/peers.ts';
import { sendJson, sendText } from '../../src/http/respond.ts';
import { Router } from '../../src/http/router.ts';
import { type HttpServer, startServer } from '../../src/http/server.ts';
import { silentLog } from '../../src/runtime/log.ts';
import { openAuthority } from '../../src/security/authority.ts';
import { EXECUTOR_PATHS } from '../../src/security/realms.ts';
import { isDueForRenewal, isNamed, ownCertificate } from '../../src/security/server-certificate.ts';

const DAY_MS = 86_400_000;
const NAMES = ['127.0.0.1', 'localhost', '::1', 'fe80::1:2', '10.1.2.3', 'master.example'];
const now = Date.now();

let folder: string;
let server: HttpServer;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'plenum-tls-'));
  const authority = openAuthority(folder, now);
  const router = new Router()
    .on('GET', '/hello', ({ response }) => sendText(response, 200, 'hello'))
    .on('GET', '/header', ({ request: { headers }, response }) =>
      sendJson(response, 200, { authorization: headers.authorization }),
    )
    .on('POST', '/api/v1/executor', ({ response }) => sendText(response, 200, 'for executors'));
  server = await startServer({
    router,
    log: silentLog,
    access: {
      tls: () => ownCertificate(folder, authority, { names: NAMES, nowMs: now }),
      plainPaths: EXECUTOR_PATHS,
    },
  });
});

afterEach(async () => {
  await server.close();
  rmSync(folder, { recursive: true });
});

const caOf = (where: string): string => openAuthority(where, now).certificate;

describe('a server with TLS', () => {
  it('serves those who trust the authority of its cluster', async () => {
    expect(server.url).toMatch(/^https:/);
    const answer = await request({ url: `${server.url}/hello`, tls: { ca: caOf(folder) } });
    expect(answer.body.toString()).toBe('hello');
  });

  it('is refused by those who trust another authority, or only the public ones', async () => {
    const other = mkdtempSync(join(tmpdir(), 'plenum-tls-'));
    await expect(request({ url: `${server.url}/hello`, tls: { ca: caOf(other) } })).rejects.toThrow(
      /certificate/i,
    );
    await expect(request({ url: `${server.url}/hello` })).rejects.toThrow(/certificate/i);
    rmSync(other, { recursive: true });
  });

  it('is refused under a name that its certificate does not have', async () => {
    const error = await new Promise<Error>((resolve) => {
      connectTls({
        host: '127.0.0.1',
        port: server.port,
        servername: 'elsewhere.example',
        ca: caOf(folder),
      }).on('error', resolve);
    });
    expect(error.message).toContain('elsewhere.example');
  });

  it('tells who comes without TLS to come with it', async () => {
    const answer = await request({ url: `http://127.0.0.1:${server.port}/hello` });
    expect([answer.status, answer.body.toString()]).toEqual([400, 'This port speaks TLS: use https://']);
  });

  it('takes executors of this machine without TLS, whole requests with their bodies', async () => {
    const url = `http://127.0.0.1:${server.port}/api/v1/executor`;
    const answer = await request({ method: 'POST', url, body: 'x'.repeat(100_000) });
    expect(answer.body.toString()).toBe('for executors');
  });

  it('closes, and with it connections that have said nothing yet', async () => {
    const silent = connect(server.port, '127.0.0.1');
    silent.on('error', () => undefined);
    const closed = new Promise((resolve) => silent.on('close', resolve));
    await new Promise((resolve) => silent.on('connect', resolve));
    silent.write('G');
    await new Promise((resolve) => silent.write('ET /hello HTTP/1.1\r\n', resolve));
    await server.close();
    await closed;
  });
});

describe('a known peer', () => {
  it('is trusted by the authority of its cluster and spoken to with the credentials that are for it', async () => {
    introducePeer(server.url, { ca: caOf(folder), authorization: () => 'token=mine' });
    const own = await request({ url: `${server.url}/header` });
    expect(JSON.parse(own.body.toString())).toEqual({ authorization: 'token=mine' });
    const other = await request({ url: `${server.url}/header`, headers: { Authorization: 'token=theirs' } });
    expect(JSON.parse(other.body.toString())).toEqual({ authorization: 'token=theirs' });
  });
});

describe('certificates', () => {
  it('have every name that was asked for, addresses of both families too', () => {
    const authority = openAuthority(folder, now);
    const certificate = new X509Certificate(
      ownCertificate(folder, authority, { names: NAMES, nowMs: now }).cert,
    );
    expect(NAMES.filter((name) => !isNamed(certificate, name))).toEqual([]);
    expect(isNamed(certificate, '10.1.2.4')).toBe(false);
    expect(certificate.ca).toBe(false);
    expect(certificate.checkIssued(new X509Certificate(authority.certificate))).toBe(true);
  });

  it('stay the same until a third of their life is left, then they are renewed', () => {
    const authority = openAuthority(folder, now);
    const at = (days: number): string =>
      ownCertificate(folder, authority, { names: NAMES, nowMs: now + days * DAY_MS }).cert;
    const first = at(0);
    expect(at(59)).toBe(first);
    const second = at(61);
    expect(second).not.toBe(first);
    expect(isDueForRenewal(new X509Certificate(second), now + 61 * DAY_MS)).toBe(false);
  });

  it('are made anew for another name', () => {
    const authority = openAuthority(folder, now);
    const names = [...NAMES, 'second.example'];
    const { cert } = ownCertificate(folder, authority, { names, nowMs: now });
    expect(isNamed(new X509Certificate(cert), 'second.example')).toBe(true);
  });

  it('and their keys lie in files that only their owner can read', () => {
    for (const file of ['ca.key', 'ca.pem', 'server.key', 'server.pem']) {
      expect(statSync(join(folder, file)).mode & 0o777).toBe(0o600);
    }
  });
});
