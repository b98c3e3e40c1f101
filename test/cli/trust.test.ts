import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { findKnownCluster } from '../../src/cli/clusters/known-clusters.ts';
import { send, sendJson } from '../../src/http/respond.ts';
import { Router } from '../../src/http/router.ts';
import { type HttpServer, startServer } from '../../src/http/server.ts';
import { silentLog } from '../../src/runtime/log.ts';
import { type Authority, openAuthority } from '../../src/security/authority.ts';
import { ownCertificate } from '../../src/security/server-certificate.ts';
import { runPlenum } from './run-plenum.ts';

let home: string;
let authority: Authority;
let server: HttpServer;
let tokensSeen: string[];

beforeEach(async () => {
  home = mkdtempSync(join(tmpdir(), 'plenum-trust-'));
  const folder = join(home, 'security');
  authority = openAuthority(folder, Date.now());
  tokensSeen = [];
  const router = new Router()
    .on('GET', '/ca/dcos-ca.crt', ({ request: { headers }, response }) => {
      tokensSeen.push(headers.authorization ?? '');
      send(response, 200, authority.certificate);
    })
    .on('GET', '/dcos-metadata/dcos-version.json', ({ response }) =>
      sendJson(response, 200, { version: '2.2.0' }),
    )
    .on('GET', '/metadata', ({ response }) => sendJson(response, 200, {}))
    .on('GET', '/mesos/state-summary', ({ response }) => sendJson(response, 200, { cluster: 'far' }));
  const tls = () => ownCertificate(folder, authority, { names: ['127.0.0.1'], nowMs: Date.now() });
  server = await startServer({ router, log: silentLog, access: { tls } });
});

afterEach(async () => {
  await server.close();
  rmSync(home, { recursive: true });
});

const setUp = (args: string[] = [], options: object = {}) =>
  runPlenum(['cluster', 'setup', server.url, ...args], {
    env: { PLENUM_HOME: home, PLENUM_TOKEN: 'a-token' },
    ...options,
  });

describe('setting up a cluster whose authority is not known', () => {
  it('shows its fingerprint and trusts it from then on, and only it, when that was confirmed', async () => {
    const { code, stderr } = await setUp([], { isTty: true, keys: ['y', '\r'] });
    expect(code).toBe(0);
    const digits = authority.fingerprint.toUpperCase().match(/../g)?.join(':') ?? 'none';
    expect(stderr).toContain(`Fingerprint  ${digits}`);
    expect(findKnownCluster(home, 'far')?.ca).toBe(authority.certificate);
  });

  it('keeps nothing when that was not confirmed', async () => {
    expect((await setUp([], { isTty: true, keys: ['\r'] })).code).toBe(1);
    expect(findKnownCluster(home, 'far')).toBeUndefined();
  });

  it('asks nobody where there is no terminal, and trusts only when it was told to', async () => {
    const refused = await setUp();
    expect([refused.code, refused.stderr]).toEqual([2, expect.stringContaining('--no-check')]);
    expect((await setUp(['--no-check'])).code).toBe(0);
    expect(findKnownCluster(home, 'far')?.ca).toBe(authority.certificate);
  });

  it('sends no token to whom nobody trusts yet', async () => {
    await setUp(['--no-check']);
    expect(tokensSeen).toEqual(['']);
  });
});
