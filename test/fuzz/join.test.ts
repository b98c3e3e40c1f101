import { generateKeyPairSync } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { request } from '../../src/http/client.ts';
import { Router } from '../../src/http/router.ts';
import { type HttpServer, startServer } from '../../src/http/server.ts';
import { systemClock } from '../../src/runtime/clock.ts';
import { type Authority, openAuthority } from '../../src/security/authority.ts';
import { joinEndpoint } from '../../src/security/join-endpoint.ts';
import { JOIN_PATH } from '../../src/security/join-protocol.ts';
import { joinTokenOf, parseJoinToken } from '../../src/security/join-token.ts';
import { joinCluster } from '../../src/security/membership.ts';
import { ownCertificate } from '../../src/security/server-certificate.ts';
import { fire, pick, randomFor, SEED, TIMEOUT_MS } from './support/budget.ts';
import { hostileJson } from './support/hostile-json.ts';
import { errorLog, faultOf } from './support/shoot.ts';

const seed = `PLENUM_FUZZ_SEED=${SEED}`;

let folder: string;
let authority: Authority;
let master: HttpServer;
let errors: readonly unknown[];

beforeEach(async () => {
  const logged = errorLog();
  errors = logged.errors;
  folder = mkdtempSync(join(tmpdir(), 'plenum-join-fuzz-'));
  authority = openAuthority(folder, Date.now());
  joinTokenOf(folder, authority.fingerprint);
  const tls = () => ownCertificate(folder, authority, { names: ['127.0.0.1'], nowMs: Date.now() });
  const intercept = joinEndpoint({
    authority,
    folder,
    ownCertificate: () => tls().cert,
    clock: systemClock,
    log: logged.log,
  });
  master = await startServer({ router: new Router(), log: logged.log, access: { tls, intercept } });
});

afterEach(async () => {
  await master.close();
  rmSync(folder, { recursive: true });
});

const secret = (): string => parseJoinToken(joinTokenOf(folder, authority.fingerprint))?.secret ?? '';

/** A real agent still joins. */
const checkOthers = async (): Promise<void> => {
  const member = await joinCluster({
    masterUrls: [master.url],
    joinToken: joinTokenOf(folder, authority.fingerprint),
    names: ['127.0.0.1'],
    folder: undefined,
    clock: systemClock,
    log: errorLog().log,
  });
  expect(member.ca).toBe(authority.certificate);
};

describe('the way into a cluster', () => {
  it('refuses everything that is no agent with the secret', { timeout: TIMEOUT_MS }, async () => {
    const random = randomFor('join');
    const keyOf = (type: 'ec' | 'rsa' | 'ed25519'): string => {
      const { publicKey } =
        type === 'ec'
          ? generateKeyPairSync('ec', { namedCurve: 'prime256v1' })
          : type === 'rsa'
            ? generateKeyPairSync('rsa', { modulusLength: 1024 })
            : generateKeyPairSync('ed25519');
      return publicKey.export({ type: 'spki', format: 'pem' }).toString();
    };
    const keys = [
      keyOf('ec'),
      keyOf('rsa'),
      keyOf('ed25519'),
      '-----BEGIN PUBLIC KEY-----\n',
      '',
      'x'.repeat(10_000),
    ];
    const names = [
      'worker',
      '127.0.0.1',
      '*',
      'a\0b',
      'a,DNS:master',
      '..',
      'a'.repeat(300),
      '',
      'localhost',
    ];
    const faults = new Map<string, string>();
    await fire(
      async () => {
        const call = {
          secret: pick(random, [secret(), 'guess', '']),
          public_key: pick(random, keys),
          names: [pick(random, names), pick(random, names)],
        };
        const body = hostileJson(call, random);
        const {
          status,
          headers,
          body: answer,
        } = await request({
          method: 'POST',
          url: `${master.url}${JOIN_PATH}`,
          headers: {
            'Content-Type': 'application/json',
            ...(random.next() < 0.2
              ? { Authorization: pick(random, ['token=', 'token=a.b.c', 'Bearer x', 'Basic ===']) }
              : {}),
          },
          body,
          tls: { ca: authority.certificate },
        });
        const text = answer.toString('latin1');
        const fault = faultOf({ status, contentType: String(headers['content-type'] ?? ''), text });
        if (fault !== undefined) faults.set(fault.slice(0, 100), body.slice(0, 500));
        if (status >= 400 && text.includes(secret())) faults.set('the secret is told', body);
        if (status === 200 && !body.includes(secret()))
          faults.set('somebody without the secret is let in', body);
      },
      { width: 4, least: 20 },
    );
    expect([...faults].slice(0, 5), `${seed} ${JSON.stringify(errors.slice(0, 3))}`).toEqual([]);
    await checkOthers();
    expect(errors, seed).toEqual([]);
  });

  it('is not disturbed by what is no TLS, or breaks off in the middle of it', {
    timeout: TIMEOUT_MS,
  }, async () => {
    const random = randomFor('tls');
    const hello = Buffer.from('16030100f8010000f40303', 'hex');
    const noise = (length: number): Buffer =>
      Buffer.from(Array.from({ length }, () => Math.floor(random.next() * 256)));
    const pieces: (() => Buffer)[] = [
      () => hello,
      () => Buffer.concat([hello, noise(200)]),
      () => Buffer.from('1603010005', 'hex'),
      () => Buffer.from('16ffffffff', 'hex'),
      () => Buffer.from('GET / HTTP/1.1\r\n\r\n'),
      () => Buffer.from(`POST ${JOIN_PATH} HTTP/1.1\r\nContent-Length: 999999999999\r\n\r\n{`),
      () => noise(1 + Math.floor(random.next() * 2_000)),
      () => Buffer.alloc(0),
    ];
    await fire(
      () =>
        new Promise<void>((resolve) => {
          const socket = connect(master.port, '127.0.0.1', () => {
            socket.write(pick(random, pieces)());
            if (random.next() < 0.5) socket.end();
            else setImmediate(() => socket.destroy());
          });
          socket.on('data', () => undefined);
          socket.on('error', () => undefined);
          socket.on('close', () => resolve());
        }),
      { width: 16, least: 50 },
    );
    await checkOthers();
    expect(errors, seed).toEqual([]);
  });
});
