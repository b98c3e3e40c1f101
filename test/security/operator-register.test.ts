import { existsSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { clusterFolder } from '../../src/cluster/cluster-folder.ts';
import { operatorToken } from '../../src/cluster/local-access.ts';
import { operatorsOf, revokeOperator } from '../../src/cluster/operators.ts';
import { request } from '../../src/http/client.ts';
import { sendJson } from '../../src/http/respond.ts';
import { Router } from '../../src/http/router.ts';
import { type HttpServer, startServer } from '../../src/http/server.ts';
import { silentLog } from '../../src/runtime/log.ts';
import { VirtualClock } from '../../src/runtime/virtual-clock.ts';
import { authenticator } from '../../src/security/authenticator.ts';
import { openAuthority } from '../../src/security/authority.ts';
import {
  issueTimeMs,
  noteToken,
  readOperators,
  revocationCheck,
  revokeTokens,
} from '../../src/security/operator-register.ts';
import { oneRealm } from '../../src/security/realms.ts';

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'plenum-operators-'));
});

afterEach(() => rmSync(folder, { recursive: true }));

const claims = (sub: string, iat: number, role: 'operator' | 'agent' = 'operator') => ({
  sub,
  role,
  iat,
  exp: iat + 3_600,
});

describe('the register of operators', () => {
  it('lists tokens until they expire or are revoked', () => {
    noteToken(folder, { sub: 'alice', iat: 100, exp: 200 }, 100_000);
    noteToken(folder, { sub: 'alice', iat: 100, exp: 900 }, 100_000);
    noteToken(folder, { sub: 'bob', iat: 110, exp: 900 }, 110_000);
    expect(readOperators(folder, 150_000).issued).toHaveLength(3);
    expect(readOperators(folder, 250_000).issued.map(({ sub }) => sub)).toEqual(['alice', 'bob']);
    expect(revokeTokens(folder, 'alice', 250_000)).toBe(1);
    expect(readOperators(folder, 250_000).issued.map(({ sub }) => sub)).toEqual(['bob']);
    expect(statSync(join(folder, 'operators.json')).mode & 0o777).toBe(0o600);
  });

  it('ends what was made before, for one name and for operators only, and not what is made after', () => {
    const clock = new VirtualClock(1_000_000);
    const isRevoked = revocationCheck(folder, clock);
    expect(isRevoked(claims('alice', 900))).toBe(false);
    revokeTokens(folder, 'alice', clock.now());
    clock.advance(1_000);
    expect(isRevoked(claims('alice', 900))).toBe(true);
    expect(isRevoked(claims('alice', 1_000))).toBe(true);
    expect(isRevoked(claims('alice', 1_001))).toBe(false);
    expect(isRevoked(claims('bob', 900))).toBe(false);
    expect(isRevoked(claims('alice', 900, 'agent'))).toBe(false);
    expect(issueTimeMs(folder, 'alice', 1_000_400)).toBe(1_001_000);
  });

  it('is not guessed when it is damaged', () => {
    writeFileSync(join(folder, 'operators.json'), '{"issued":', { mode: 0o600 });
    expect(() => readOperators(folder, 0)).toThrow(/operators.json is damaged/);
    expect(() => revocationCheck(folder, new VirtualClock(1))(claims('alice', 1))).toThrow(/damaged/);
  });

  it('can hold the names of properties that all objects have', () => {
    for (const name of ['__proto__', 'constructor']) {
      expect(revocationCheck(folder, new VirtualClock(1))(claims(name, 1))).toBe(false);
      revokeTokens(folder, name, 5_000);
      expect(revocationCheck(folder, new VirtualClock(1))(claims(name, 1))).toBe(true);
    }
  });
});

describe('a server of a cluster', () => {
  let server: HttpServer | undefined;

  afterEach(() => server?.close());

  it('takes a token no more once it is revoked, and the next one that is made', async () => {
    const cluster = clusterFolder(folder, 'secured');
    const authority = openAuthority(cluster.securityFolder, Date.now());
    const clock = new VirtualClock(Date.now());
    server = await startServer({
      router: new Router().on('GET', '/', ({ response }) => sendJson(response, 200, {})),
      log: silentLog,
      access: {
        authenticate: authenticator({
          realms: oneRealm('test'),
          demanded: new Set(['readwrite']),
          authorityKey: authority.publicKey,
          isRevoked: revocationCheck(cluster.securityFolder, clock),
          clock,
        }),
      },
    });
    const { url } = server;
    const statusWith = async (token: string): Promise<number> =>
      (await request({ url: `${url}/`, headers: { Authorization: `token=${token}` } })).status;
    const [first, others] = ['alice', 'bob'].map((sub) => operatorToken(cluster, { sub, lifeMs: 3_600_000 }));
    expect(existsSync(cluster.securityFolder)).toBe(true);
    expect(operatorsOf(cluster).map(({ operator }) => operator)).toEqual(['alice', 'bob']);
    expect(await statusWith(first ?? '')).toBe(200);
    expect(revokeOperator(cluster, 'alice')).toBe(1);
    clock.advance(1_000);
    expect(await statusWith(first ?? '')).toBe(401);
    expect(await statusWith(others ?? '')).toBe(200);
    expect(await statusWith(operatorToken(cluster, { sub: 'alice', lifeMs: 3_600_000 }))).toBe(200);
  });
});
