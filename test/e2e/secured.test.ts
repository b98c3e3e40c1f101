import { readdirSync, readFileSync, statSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { request } from '../../src/http/client.ts';
import { type ClusterAddresses, createPlenumHome, type PlenumHome } from '../support/plenum.ts';
import { waitFor } from '../support/wait-for.ts';

/** A cluster with TLS and authentication, as it is where other machines reach it. */
describe('a cluster with TLS', () => {
  let home: PlenumHome;
  let other: string;
  let cluster: ClusterAddresses;
  let ca: string;

  const security = (file: string): string =>
    join(home.folder, 'local', 'local', 'state', 'control-plane', 'security', file);
  const status = async (url: string, authorization?: string): Promise<number> =>
    (
      await request({
        url,
        tls: { ca },
        headers: authorization === undefined ? {} : { Authorization: authorization },
      })
    ).status;

  beforeAll(async () => {
    home = await createPlenumHome();
    other = await mkdtemp(join(tmpdir(), 'plenum-other-'));
    cluster = await home.up('--tls', '--agents', '2', '--master-port', '0', '--packages-port', '0');
    ca = readFileSync(security('ca.pem'), 'utf8');
  });

  afterAll(async () => {
    await home.remove();
    await rm(other, { recursive: true, force: true });
  });

  it('speaks TLS everywhere, and lets nobody in who does not say who he is', async () => {
    for (const url of [
      cluster.gateway,
      cluster.master,
      cluster.marathon,
      ...cluster.agents.map((agent) => agent.url),
    ]) {
      expect(url).toMatch(/^https:/);
      expect(await status(`${url}/state`)).toBe(401);
    }
  });

  it('is used by its own user like any other: apps, logs, nodes', async () => {
    const file = join(home.folder, 'app.json');
    await writeFile(
      file,
      JSON.stringify({ id: '/said', cmd: 'echo said; exec sleep 100000', cpus: 0.1, mem: 32 }),
    );
    await home.must('marathon', 'app', 'add', file, '--wait');
    await waitFor('the log', async () => (await home.must('task', 'log', 'said')).includes('said'));
    expect(await home.must('node', 'list')).toMatch(/ agent .* agent .* master \(leader\) /s);
  });

  it('runs services, whose schedulers register as themselves', async () => {
    await home.must('package', 'install', 'hello-world', '--yes', '--wait', '--timeout', '100s');
    expect(await home.must('service', 'list')).toContain('hello-world');
    const operator = await home.must('cluster', 'token', '--operator', 'test');
    const path = `${cluster.gateway}/service/hello-world/v1/plans/deploy`;
    expect(await status(path, `token=${operator.trim()}`)).toBe(200);
    expect(await status(path)).toBe(401);
  }, 120_000);

  it('is set up elsewhere with a token, and not without', async () => {
    const tokenFile = join(other, 'token');
    await writeFile(
      tokenFile,
      await home.must('cluster', 'token', '--operator', 'alice', '--valid-for', '1h'),
      { mode: 0o600 },
    );
    const elsewhere = { env: { PLENUM_HOME: other } };
    const setUp = ['cluster', 'setup', cluster.gateway, '--name', 'far', '--ca-certs', security('ca.pem')];
    expect((await home.run(setUp, elsewhere)).code).toBe(5);
    expect((await home.run([...setUp, '--token-file', tokenFile], elsewhere)).code).toBe(0);
    expect((await home.run(['task', 'list'], elsewhere)).stdout).toContain('said');
  });

  it('shows its join token to its own user and makes another one when asked to', async () => {
    const first = await home.must('cluster', 'token');
    expect(first).toMatch(/^plenum-join\.[0-9a-f]{64}\.[\w-]{43}\n$/);
    expect(await home.must('cluster', 'token')).toBe(first);
    const { token } = await home.json<{ token: string }>('cluster', 'token', '--rotate');
    expect(token).not.toBe(first.trim());
    expect(`${token}\n`).toBe(await home.must('cluster', 'token'));
  });

  /** A master has another id after every start; its agents keep theirs. */
  const agentIds = async (): Promise<string[]> => {
    const nodes = await home.json<{ id: string; type: string }[]>('node', 'list');
    return nodes.flatMap(({ id, type }) => (type === 'agent' ? [id] : [])).sort();
  };

  it('comes back as it was after a stop, with the same authority and the same agents', async () => {
    const before = await agentIds();
    await home.must('down');
    await home.must('up');
    expect(readFileSync(security('ca.pem'), 'utf8')).toBe(ca);
    expect(await agentIds()).toEqual(before);
  }, 60_000);

  it('cannot be moved, nor lose its TLS', async () => {
    await home.must('down');
    const { code, stderr } = await home.run(['up', '--host', '127.0.0.9']);
    expect([code, stderr]).toEqual([4, expect.stringContaining('listens on 127.0.0.1 with TLS')]);
  }, 60_000);

  it('has written no secret into a log, and every secret into a file for its owner alone', () => {
    const folder = join(home.folder, 'local', 'local');
    const logs = readdirSync(join(folder, 'logs')).map((file) =>
      readFileSync(join(folder, 'logs', file), 'utf8'),
    );
    const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((file) =>
      /security\/[^/]+$/.test(file),
    );
    expect(files.length).toBeGreaterThanOrEqual(5 + 2 * 4);
    for (const file of files) {
      expect(statSync(join(folder, file)).mode & 0o777).toBe(0o600);
      if (file.endsWith('.pem')) continue;
      const [secret = ''] = readFileSync(join(folder, file), 'utf8')
        .split('\n')
        .filter((line) => !line.startsWith('-----'));
      expect(secret.length).toBeGreaterThan(40);
      for (const log of logs) expect(log).not.toContain(secret.split('.').at(-1));
    }
  });
});

describe('servers alone', () => {
  it('refuse to listen where others reach them without TLS, and say what to pass', async () => {
    const home = await createPlenumHome();
    const marathon = await home.run([
      'marathon',
      '--master',
      'https://127.0.0.1:1',
      '--host',
      '0.0.0.0',
      '--port',
      '0',
    ]);
    expect(marathon.code).toBe(2);
    expect(marathon.stderr).toMatch(/--security-dir|--credentials/);
    const agent = await home.run([
      'agent',
      '--master',
      'http://127.0.0.1:1',
      '--host',
      '0.0.0.0',
      '--port',
      '0',
    ]);
    expect(agent.code).toBe(2);
    expect(agent.stderr).toContain('An agent that others reach needs TLS');
    const stranger = await home.run(['agent', '--master', 'https://127.0.0.1:1', '--port', '0']);
    expect(stranger.code).toBe(1);
    expect(stranger.stderr).toContain('--join-token-file');
    await home.remove();
  });
});
