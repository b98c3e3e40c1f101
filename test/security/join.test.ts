import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { request } from '../../src/http/client.ts';
import { Router } from '../../src/http/router.ts';
import { type HttpServer, startServer } from '../../src/http/server.ts';
import { type Clock, systemClock } from '../../src/runtime/clock.ts';
import { type Log, silentLog } from '../../src/runtime/log.ts';
import { type Authority, newKeyPair, openAuthority } from '../../src/security/authority.ts';
import { joinEndpoint } from '../../src/security/join-endpoint.ts';
import { JOIN_PATH } from '../../src/security/join-protocol.ts';
import { joinTokenOf, parseJoinToken, rotateJoinToken } from '../../src/security/join-token.ts';
import { type JoinOptions, joinCluster } from '../../src/security/membership.ts';
import { ownCertificate } from '../../src/security/server-certificate.ts';
import { verifyToken } from '../../src/security/token.ts';

const DAY_MS = 86_400_000;

let folder: string;
let authority: Authority;
let master: HttpServer;
let token: string;
let said: string;

const remembering: Log = {
  ...silentLog,
  info: (fields, message) => {
    said += `${JSON.stringify(fields)} ${message}\n`;
  },
  warn: (fields, message) => {
    said += `${JSON.stringify(fields)} ${message}\n`;
  },
};

const clusterFolder = (): string => join(folder, 'cluster');
const agentFolder = (): string => join(folder, 'agent');

beforeEach(async () => {
  said = '';
  folder = mkdtempSync(join(tmpdir(), 'plenum-join-'));
  authority = openAuthority(clusterFolder(), Date.now());
  token = joinTokenOf(clusterFolder(), authority.fingerprint);
  const tls = () =>
    ownCertificate(clusterFolder(), authority, {
      names: ['127.0.0.1', 'master.example'],
      nowMs: Date.now(),
    });
  master = await startServer({
    router: new Router(),
    log: silentLog,
    access: {
      tls,
      intercept: joinEndpoint({
        authority,
        folder: clusterFolder(),
        ownCertificate: () => tls().cert,
        clock: systemClock,
        log: remembering,
      }),
    },
  });
});

afterEach(async () => {
  await master.close();
  rmSync(folder, { recursive: true });
});

const joining = (options: Partial<JoinOptions> = {}) =>
  joinCluster({
    masterUrls: [master.url],
    joinToken: token,
    names: ['127.0.0.1', 'worker.example'],
    folder: agentFolder(),
    clock: systemClock,
    log: remembering,
    ...options,
  });

const claimsOf = (text: string) => verifyToken(text, authority.publicKey, Date.now());

describe('an agent', () => {
  it('joins with the token, serves with a certificate of the cluster and is known by a token of its own', async () => {
    const { ca, tls, token: own } = await joining();
    expect(ca).toBe(authority.certificate);
    expect(claimsOf(own())).toMatchObject({ role: 'agent', sub: expect.stringMatching(/^agent-/) });
    const agent = await startServer({ router: new Router(), log: silentLog, access: { tls } });
    expect((await request({ url: `${agent.url}/`, tls: { ca } })).status).toBe(404);
    await agent.close();
    for (const file of ['ca.pem', 'agent.key', 'agent.pem', 'agent-token']) {
      expect(statSync(join(agentFolder(), file)).mode & 0o777).toBe(0o600);
    }
    expect(said).not.toContain(parseJoinToken(token)?.secret);
    expect(said).not.toContain(own());
  });

  it('stays who it is without the token, and when that was rotated', async () => {
    const first = (await joining()).token();
    rotateJoinToken(clusterFolder(), authority.fingerprint);
    expect((await joining({ joinToken: undefined })).token()).toBe(first);
    expect((await joining()).token()).toBe(first);
  });

  it('renews what it has when little time is left, as the same agent', async () => {
    const first = (await joining()).token();
    const later: Clock = { ...systemClock, now: () => Date.now() + 61 * DAY_MS };
    const second = (await joining({ joinToken: undefined, clock: later })).token();
    expect(second).not.toBe(first);
    expect(claimsOf(second)?.sub).toBe(claimsOf(first)?.sub);
  });

  it('has its certificate made anew for another address', async () => {
    const before = (await joining()).tls().cert;
    const { tls } = await joining({ joinToken: undefined, names: ['127.0.0.1', 'moved.example'] });
    expect(tls().cert).not.toBe(before);
  });

  it('joins another cluster when it is given the token of that one', async () => {
    await joining();
    const elsewhere = mkdtempSync(join(tmpdir(), 'plenum-join-'));
    const other = openAuthority(elsewhere, Date.now());
    const otherToken = joinTokenOf(elsewhere, other.fingerprint);
    await expect(joining({ joinToken: otherToken })).rejects.toThrow(/certificate authority is another one/);
    rmSync(elsewhere, { recursive: true });
  });
});

describe('nobody joins', () => {
  it('with a token that was rotated away', async () => {
    const former = token;
    rotateJoinToken(clusterFolder(), authority.fingerprint);
    await expect(joining({ joinToken: former })).rejects.toThrow(/not the one of this cluster/);
  });

  it('without a token, or with what is none', async () => {
    await expect(joining({ joinToken: undefined })).rejects.toThrow(/--join-token-file/);
    await expect(joining({ joinToken: 'hello' })).rejects.toThrow(/no join token/);
  });

  it('with the token of an operator', async () => {
    const operator = authority.tokenFor({ sub: 'x', role: 'operator', nowMs: Date.now(), lifeMs: 60_000 });
    const admission = { ca: authority.certificate, token: operator };
    await expect(joining({ admission, folder: undefined })).rejects.toThrow(/not genuine, or has expired/);
  });
});

describe('a service', () => {
  it('joins with the token that Marathon gave it, keeps it nowhere and stays a framework', async () => {
    const given = authority.tokenFor({
      sub: 'service hdfs',
      role: 'framework',
      nowMs: Date.now(),
      lifeMs: 60_000,
    });
    const admission = { ca: authority.certificate, token: given };
    const { token: own } = await joining({ joinToken: undefined, admission, folder: undefined });
    expect(claimsOf(own())).toMatchObject({ role: 'framework', sub: 'service hdfs' });
    expect(() => readFileSync(join(agentFolder(), 'agent-token'))).toThrow();
  });
});

describe('the endpoint', () => {
  const secret = (): string | undefined => parseJoinToken(token)?.secret;
  const publicKey = newKeyPair().publicKey.export({ type: 'spki', format: 'pem' }).toString();
  const post = async (body: unknown): Promise<[number, string]> => {
    const { status, body: answer } = await request({
      method: 'POST',
      url: `${master.url}${JOIN_PATH}`,
      body: typeof body === 'string' ? body : JSON.stringify(body),
      tls: { ca: authority.certificate },
    });
    return [status, answer.toString()];
  };

  it.each([
    ['no JSON', () => '{', 400],
    ['no object', () => [], 401],
    ['nothing', () => '', 400],
    ['no secret', () => ({ public_key: publicKey, names: ['a'] }), 401],
    ['a secret of another type', () => ({ secret: 5, public_key: publicKey, names: ['a'] }), 401],
    ['no names', () => ({ secret: secret(), public_key: publicKey }), 400],
    ['a name that is none', () => ({ secret: secret(), public_key: publicKey, names: ['*.example'] }), 400],
    ['a name with a zero', () => ({ secret: secret(), public_key: publicKey, names: ['a\0b'] }), 400],
    ['no key', () => ({ secret: secret(), names: ['a'] }), 400],
    ['a key that is none', () => ({ secret: secret(), public_key: 'x', names: ['a'] }), 400],
    ['too much', () => 'x'.repeat(20_000), 413],
  ])('refuses %s', async (_what, body, status) => {
    expect((await post(body()))[0]).toBe(status);
  });
});
