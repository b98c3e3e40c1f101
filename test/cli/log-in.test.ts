import { createPublicKey, generateKeyPairSync, verify } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { findKnownCluster, saveKnownCluster } from '../../src/cli/clusters/known-clusters.ts';
import { type Answers, type RecordingServer, startRecordingServer } from '../clients/recording-server.ts';
import { runPlenum } from './run-plenum.ts';

const PROBE = 'HEAD /pkgpanda/active.buildinfo.full.json';
const LOGIN = 'POST /acs/api/v1/auth/login';
const challenge = { [PROBE]: { status: 401, headers: { 'WWW-Authenticate': 'acsjwt' } } };

let home: string;
let server: RecordingServer;

beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), 'plenum-login-'));
});

afterEach(async () => {
  await server.close();
  await rm(home, { recursive: true });
});

const start = async (answers: Answers): Promise<void> => {
  server = await startRecordingServer(answers);
  saveKnownCluster(home, { name: 'dcos', url: server.url });
};
const run = (args: string, options: { env?: Record<string, string>; keys?: string[] } = {}) =>
  runPlenum(args.split(' '), {
    env: { PLENUM_HOME: home, ...options.env },
    ...(options.keys ? { isTty: true, keys: options.keys } : {}),
  });
const keptToken = () => findKnownCluster(home, 'dcos')?.token;
const sentLogin = () => {
  const login = server.requests.find(({ method }) => method === 'POST');
  return JSON.parse(login?.body ?? 'null') as Record<string, string> | null;
};

describe('auth login', () => {
  it('by name and password keeps the token that the cluster gives', async () => {
    await start({ ...challenge, [LOGIN]: { body: { token: 'given' } } });
    const file = join(home, 'password');
    await writeFile(file, 'pass\n', { mode: 0o600 });
    const { code, stderr } = await run(`auth login --username alice --password-file ${file}`);
    expect({ code, stderr }).toEqual({ code: 0, stderr: 'Logged in to dcos\n' });
    expect(sentLogin()).toEqual({ uid: 'alice', password: 'pass' });
    expect(keptToken()).toBe('given');
  });

  it('says when the token expires, where it tells', async () => {
    const claims = Buffer.from(JSON.stringify({ exp: 1_893_456_000 })).toString('base64url');
    await start({ ...challenge, [LOGIN]: { body: { token: `x.${claims}.y` } } });
    const { stderr } = await run('auth login --username alice --password pass');
    expect(stderr).toBe('Logged in to dcos until 2030-01-01T00:00:00.000Z\n');
  });

  it('takes name and password from the environment, those of DC/OS too', async () => {
    await start({ ...challenge, [LOGIN]: { body: { token: 'given' } } });
    const env = { PLENUM_USERNAME: 'alice', DCOS_USERNAME: 'bob', DCOS_PASSWORD: 'pass' };
    expect((await run('auth login', { env })).code).toBe(0);
    expect(sentLogin()).toEqual({ uid: 'alice', password: 'pass' });
  });

  it('asks a person for what was not given', async () => {
    await start({ ...challenge, [LOGIN]: { body: { token: 'given' } } });
    const { code } = await run('auth login --username alice', { keys: ['p', 'w', '\r'] });
    expect(code).toBe(0);
    expect(sentLogin()).toEqual({ uid: 'alice', password: 'pw' });
  });

  it('asks nobody where there is no terminal, and says what to give', async () => {
    await start(challenge);
    const { code, stderr } = await run('auth login --username alice');
    expect(code).toBe(2);
    expect(stderr).toContain('--password-file');
    expect(keptToken()).toBeUndefined();
  });

  it('of a service account shows a token under its own key, good for five minutes', async () => {
    await start({
      ...challenge,
      'GET /acs/api/v1/auth/providers': {
        body: {
          users: {
            'authentication-type': 'dcos-uid-password',
            'client-method': 'dcos-usercredential-post-receive-authtoken',
          },
          services: {
            'authentication-type': 'dcos-uid-servicekey',
            'client-method': 'dcos-servicecredential-post-receive-authtoken',
          },
        },
      },
      [LOGIN]: { body: { token: 'given' } },
    });
    const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
    const file = join(home, 'key.pem');
    await writeFile(file, privateKey.export({ type: 'pkcs8', format: 'pem' }), { mode: 0o600 });
    expect((await run(`auth login --username robot --private-key ${file}`)).code).toBe(0);
    const { uid, token = '' } = sentLogin() ?? {};
    const [header = '', claims = '', signature = ''] = token.split('.');
    const decoded = (part: string): unknown => JSON.parse(Buffer.from(part, 'base64url').toString());
    expect(uid).toBe('robot');
    expect(decoded(header)).toEqual({ alg: 'RS256', typ: 'JWT' });
    const { exp } = decoded(claims) as { exp: number };
    expect(exp - Date.now() / 1000).toBeGreaterThan(200);
    expect(exp - Date.now() / 1000).toBeLessThanOrEqual(301);
    const content = Buffer.from(`${header}.${claims}`);
    expect(verify('sha256', content, createPublicKey(privateKey), Buffer.from(signature, 'base64url'))).toBe(
      true,
    );
  });

  it('through a browser checks the token that was copied', async () => {
    const known = (headers: Readonly<Record<string, unknown>>) => headers.authorization === 'token=good';
    await start({
      [PROBE]: ({ headers }) =>
        known(headers) ? {} : { status: 401, headers: { 'WWW-Authenticate': 'acsjwt' } },
      'GET /acs/api/v1/auth/providers': {
        body: {
          saml: {
            'authentication-type': 'saml-sp-initiated',
            'client-method': 'browser-prompt-authtoken',
            config: { start_flow_url: '/saml/start' },
          },
        },
      },
    });
    const refused = await run('auth login', { keys: ['b', 'a', 'd', '\r'] });
    expect(refused.code).not.toBe(0);
    expect(refused.stderr).toContain(`${server.url}/saml/start`);
    expect(keptToken()).toBeUndefined();
    expect((await run('auth login', { keys: ['g', 'o', 'o', 'd', '\r'] })).code).toBe(0);
    expect(keptToken()).toBe('good');
  });

  it('shows what the cluster has against it, and keeps nothing', async () => {
    const description = 'The credentials are invalid';
    await start({ ...challenge, [LOGIN]: { status: 401, body: { title: 'Unauthorized', description } } });
    const { code, stderr } = await run('auth login --username alice --password wrong');
    expect(code).not.toBe(0);
    expect(stderr).toContain(description);
    expect(keptToken()).toBeUndefined();
  });

  it('of a cluster that asks for none says so', async () => {
    await start({ [PROBE]: {} });
    expect(await run('auth login')).toMatchObject({ code: 0, stderr: 'dcos asks for no login\n' });
  });

  it('by a login that there is not names the command that lists them', async () => {
    await start(challenge);
    const { stderr } = await run('auth login --provider saml');
    expect(stderr).toContain('plenum auth list-providers');
  });

  it('never reads a password that others may read', async () => {
    await start(challenge);
    const file = join(home, 'password');
    await writeFile(file, 'pass', { mode: 0o644 });
    const { code, stderr } = await run(`auth login --username alice --password-file ${file}`);
    expect(code).toBe(2);
    expect(stderr).toContain('chmod 600');
    expect(server.requests).toEqual([]);
  });
});

describe('auth logout', () => {
  it('forgets the token', async () => {
    await start({});
    saveKnownCluster(home, { name: 'dcos', url: server.url, token: 'given' });
    expect((await run('auth logout')).stderr).toBe('Logged out of dcos\n');
    expect(keptToken()).toBeUndefined();
  });
});

describe('auth list-providers', () => {
  it('shows those of the attached cluster, or of another one', async () => {
    await start(challenge);
    const lines = ['PROVIDER ID  LOGIN METHOD', 'dcos-users   Log in with a user name and a password', ''];
    expect((await run('auth list-providers')).stdout).toBe(lines.join('\n'));
    expect((await run(`auth list-providers ${server.url}`)).stdout).toBe(lines.join('\n'));
    const { stdout } = await run('auth list-providers --json');
    expect(Object.keys(JSON.parse(stdout) as object)).toEqual(['dcos-users']);
  });
});

describe('cluster setup', () => {
  it('logs in with the name and password that it is given', async () => {
    await start({
      ...challenge,
      [LOGIN]: { body: { token: 'given' } },
      'GET /dcos-metadata/dcos-version.json': { body: { version: '2.2.0' } },
      'GET /metadata': { body: { CLUSTER_ID: 'c0ffee00-0000-4000-8000-000000000001' } },
      'GET /mesos/state-summary': { body: { cluster: 'dcos', slaves: [], frameworks: [] } },
    });
    expect((await run(`cluster setup ${server.url} --username alice --password pass`)).code).toBe(0);
    expect(keptToken()).toBe('given');
    const metadata = server.requests.find(({ target }) => target === '/metadata');
    expect(metadata?.headers.authorization).toBe('token=given');
  });
});
