import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { currentCluster } from '../../src/cli/clusters/current-cluster.ts';
import {
  attach,
  attachedName,
  knownClusters,
  saveKnownCluster,
} from '../../src/cli/clusters/known-clusters.ts';
import { clusterFolder } from '../../src/cluster/cluster-folder.ts';
import { writeRecord } from '../../src/cluster/cluster-record.ts';
import { type Answers, type RecordingServer, startRecordingServer } from '../clients/recording-server.ts';
import { runPlenum } from './run-plenum.ts';

let home: string;

beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), 'plenum-clusters-'));
});

afterEach(() => rm(home, { recursive: true }));

const add = (name: string, more = {}): void =>
  saveKnownCluster(home, { name, url: `http://${name}`, ...more });
const current = (asked?: string, env = {}) => currentCluster({ home, env, asked });

describe('the cluster that is meant', () => {
  it('is that of --cluster, else of PLENUM_CLUSTER, else the attached one', () => {
    for (const name of ['one', 'two', 'three']) add(name);
    attach(home, 'three');
    expect(current('one', { PLENUM_CLUSTER: 'two' }).name).toBe('one');
    expect(current(undefined, { PLENUM_CLUSTER: 'two' }).name).toBe('two');
    expect(current().name).toBe('three');
  });

  it('is the only one when none is attached, or when the attached one is gone', () => {
    add('only');
    expect(current().name).toBe('only');
    attach(home, 'gone');
    expect(current().name).toBe('only');
  });

  it('is none when there are several, or none at all', () => {
    expect(() => current()).toThrow('plenum up');
    add('one');
    add('two');
    expect(() => current()).toThrow('plenum cluster attach one|two');
  });

  it('may be told by a URL, an id or the beginning of one', () => {
    add('one', { id: 'abc-1' });
    add('two', { id: 'abd-2' });
    expect(current('https://dcos.example.com/').url).toBe('https://dcos.example.com');
    expect(current('abc').name).toBe('one');
    expect(() => current('ab')).toThrow('Several clusters begin with ab: one, two');
    expect(() => current('onne')).toThrow('There is no cluster onne');
  });

  it('that is local and not up is told of with 6', () => {
    writeRecord(clusterFolder(home, 'local'), {
      format: 1,
      name: 'local',
      id: 'x',
      host: '127.0.0.1',
      ports: { gateway: 1 },
      agents: [],
    });
    expect(() => current()).toThrowError(expect.objectContaining({ outcome: 'no-cluster' }));
  });

  it('takes its token from PLENUM_TOKEN before that of its file', () => {
    add('one', { token: 'from-file' });
    expect(current().token).toBe('from-file');
    expect(current(undefined, { PLENUM_TOKEN: 'from-env' }).token).toBe('from-env');
  });
});

describe('what is kept of clusters', () => {
  it('can be read by nobody else', async () => {
    add('one', { token: 'secret' });
    attach(home, 'one');
    for (const file of [join(home, 'clusters', 'one.json'), join(home, 'attached')]) {
      expect((await stat(file)).mode & 0o777).toBe(0o600);
    }
    expect((await stat(join(home, 'clusters'))).mode & 0o777).toBe(0o700);
  });

  it('never leads out of its folder', () => {
    expect(() => saveKnownCluster(home, { name: '../x', url: 'http://x' })).toThrow('cannot name a cluster');
    expect(() => current('../../etc/passwd')).toThrow('There is no cluster');
  });

  it('when damaged is told of with its file', async () => {
    add('one');
    await writeFile(join(home, 'clusters', 'one.json'), '{');
    expect(() => knownClusters(home)).toThrow('one.json');
  });
});

describe('cluster setup', () => {
  const ID = 'c0ffee00-0000-4000-8000-000000000001';
  let server: RecordingServer;

  const start = async (answers: Answers): Promise<void> => {
    server = await startRecordingServer(answers);
  };

  afterEach(() => server.close());

  const dcos: Answers = {
    'GET /dcos-metadata/dcos-version.json': { body: { version: '2.2.0' } },
    'GET /metadata': { body: { CLUSTER_ID: ID, PUBLIC_IPV4: '127.0.0.1' } },
    'GET /mesos/state-summary': { body: { cluster: 'my cluster', slaves: [], frameworks: [] } },
  };
  const run = (...args: string[]) => runPlenum(args, { env: { PLENUM_HOME: home } });

  it('asks the cluster who it is, keeps it and attaches it', async () => {
    await start(dcos);
    const { code, stderr } = await run('cluster', 'setup', server.url);
    expect({ code, stderr }).toEqual({ code: 0, stderr: `Attached cluster my-cluster at ${server.url}\n` });
    expect(attachedName(home)).toBe('my-cluster');
    expect(knownClusters(home)).toEqual([{ name: 'my-cluster', url: server.url, id: ID }]);
    const { stdout } = await run('cluster', 'list', '--json');
    expect(JSON.parse(stdout)).toEqual([
      {
        attached: true,
        cluster_id: ID,
        name: 'my-cluster',
        status: 'AVAILABLE',
        url: server.url,
        version: '2.2.0',
        local: false,
      },
    ]);
  });

  it('sends a token from a file that nobody else may read', async () => {
    await start(dcos);
    const file = join(home, 'token');
    await writeFile(file, 'secret\n', { mode: 0o644 });
    const refused = await run('cluster', 'setup', server.url, '--token-file', file);
    expect(refused.code).toBe(2);
    expect(refused.stderr).toContain('chmod 600');
    await rm(file);
    await writeFile(file, 'secret\n', { mode: 0o600 });
    expect((await run('cluster', 'setup', server.url, '--token-file', file)).code).toBe(0);
    expect(server.requests.every(({ headers }) => headers.authorization === 'token=secret')).toBe(true);
    expect(await readFile(join(home, 'clusters', 'my-cluster.json'), 'utf8')).toContain('"token": "secret"');
  });

  it('takes a Mesos master alone, and says what is missing', async () => {
    await start({
      'GET /version': { body: { version: '1.11.1' } },
      'GET /state-summary': { body: { slaves: [], frameworks: [] } },
      'GET /tasks': { body: { tasks: [] } },
    });
    const { code, stderr } = await run('cluster', 'setup', server.url, '--name', 'bare');
    expect(code).toBe(0);
    expect(stderr).toContain('--marathon-url');
    expect((await run('task', 'list', '--json')).stdout).toBe('[]\n');
  });

  it('shows the version of Plenum where the master is one of Plenum', async () => {
    await start({
      'GET /version': { body: { version: '1.11.0', plenum_version: '0.9.0' } },
      'GET /state-summary': { body: { slaves: [], frameworks: [] } },
    });
    const set = await run('cluster', 'setup', server.url, '--name', 'bare', '--json');
    expect(JSON.parse(set.stdout)).toMatchObject({ name: 'bare', version: '0.9.0' });
    const listed = await run('cluster', 'list', '--json');
    expect(JSON.parse(listed.stdout)).toMatchObject([{ name: 'bare', version: '0.9.0' }]);
  });

  it('keeps nothing of what does not answer, or refuses', async () => {
    await start({ 'GET /dcos-metadata/dcos-version.json': { status: 401 } });
    expect((await run('cluster', 'setup', server.url)).code).toBe(5);
    const { url } = server;
    await server.close();
    expect((await run('cluster', 'setup', url)).code).toBe(6);
    expect(knownClusters(home)).toEqual([]);
  });

  it('does not put one cluster in the place of another', async () => {
    await start(dcos);
    saveKnownCluster(home, { name: 'taken', url: 'http://elsewhere' });
    const { code, stderr } = await run('cluster', 'setup', server.url, '--name', 'taken');
    expect(code).toBe(4);
    expect(stderr).toContain('--name');
  });

  it('is undone by remove', async () => {
    await start(dcos);
    await run('cluster', 'setup', server.url);
    expect((await run('cluster', 'remove', ID.slice(0, 6))).code).toBe(0);
    expect(knownClusters(home)).toEqual([]);
    expect(attachedName(home)).toBeUndefined();
    expect((await run('cluster', 'remove')).code).toBe(2);
    expect((await run('cluster', 'remove', 'nope')).code).toBe(3);
  });
});
