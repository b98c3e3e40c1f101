import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type FakeCluster, startFakeCluster } from './fake-cluster.ts';

let cluster: FakeCluster;
let folder: string;

const definition = {
  name: 'db',
  version: '2',
  description: 'A database',
  preInstallNotes: 'Needs a disk',
  postInstallNotes: 'Ask it on port 1',
  config: { type: 'object' },
  marathon: { v2AppMustacheTemplate: Buffer.from('{"id": "{{x}}"}').toString('base64') },
};

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'plenum-packages-'));
  cluster = await startFakeCluster({
    'POST /package/describe': { body: { package: definition } },
    'POST /package/render': { body: { marathonJson: { id: '/db' } } },
    'POST /package/install': { body: { packageName: 'db', packageVersion: '2', appId: '/db' } },
  });
});

afterEach(async () => {
  await cluster.close();
  await rm(folder, { recursive: true });
});

const bodyOf = (path: string): unknown =>
  JSON.parse(cluster.server.requests.findLast(({ target }) => target === path)?.body ?? 'null');

describe('package install', () => {
  it('installs the version that it described, with options of a file and of flags', async () => {
    const options = join(folder, 'options.yaml');
    await writeFile(options, 'service:\n  name: a\nnodes: 3\n');
    const args = [
      'package',
      'install',
      'db',
      '--yes',
      '--options',
      options,
      '--set',
      'service.name=b',
      '--app-id=/x',
    ];
    const { code, stdout, stderr } = await cluster.run(args);
    expect({ code, stdout }).toEqual({ code: 0, stdout: '' });
    expect(stderr.split('\n')).toEqual(['Needs a disk', 'Installing db 2 as /db', 'Ask it on port 1', '']);
    expect(bodyOf('/package/install')).toEqual({
      packageName: 'db',
      packageVersion: '2',
      appId: '/x',
      options: { service: { name: 'b' }, nodes: 3 },
    });
  });

  it('sends no options when none are given', async () => {
    await cluster.run(['package', 'install', 'db', '--yes', '--json']);
    expect(bodyOf('/package/install')).toEqual({ packageName: 'db', packageVersion: '2' });
  });

  it('without a terminal wants --yes, and asks nothing of the service that changes it', async () => {
    const { code, stderr } = await cluster.run(['package', 'install', 'db']);
    expect(code).toBe(2);
    expect(stderr).toContain('--yes');
    expect(bodyOf('/package/install')).toBeNull();
  });

  it('reads the options before anything else, and names the place of a mistake', async () => {
    const options = join(folder, 'options.json');
    await writeFile(options, '{\n  "a": 1,\n}');
    const { code, stderr } = await cluster.run(['package', 'install', 'db', '--options', options]);
    expect(code).toBe(1);
    expect(stderr).toContain(`${options}:3:1`);
    expect(cluster.server.requests).toEqual([]);
    expect((await cluster.run(['package', 'install', 'db', '--options', join(folder, 'nope')])).code).toBe(3);
  });

  it('--dry-run prints the app and installs nothing', async () => {
    const { stdout } = await cluster.run(['package', 'install', 'db', '--dry-run']);
    expect(JSON.parse(stdout)).toEqual({ id: '/db' });
    expect(bodyOf('/package/install')).toBeNull();
  });
});

describe('package describe', () => {
  it.each([
    [[], { package: definition }],
    [['--config', '--json'], { type: 'object' }],
    [['--app', '--render'], { id: '/db' }],
    [['--app', '--set', 'x=1'], { id: '/db' }],
    [['--cli'], {}],
  ])('with %j prints JSON', async (flags, expected) => {
    const { stdout } = await cluster.run(['package', 'describe', 'db', ...flags]);
    expect(JSON.parse(stdout)).toEqual(expected);
  });

  it('--app prints the template as it is, --package-versions the versions', async () => {
    cluster.answers['POST /package/list-versions'] = { body: { results: { '2': '1', '1': '0' } } };
    expect((await cluster.run(['package', 'describe', 'db', '--app'])).stdout).toBe('{"id": "{{x}}"}\n');
    const { stdout } = await cluster.run(['package', 'describe', 'db', '--package-versions']);
    expect(JSON.parse(stdout)).toEqual(['1', '2']);
  });
});

describe('package list', () => {
  beforeEach(() => {
    const installed = (appId: string, name: string): object => ({
      appId,
      packageInformation: { packageDefinition: { name, version: '1', description: 'first line\nsecond' } },
    });
    cluster.answers['POST /package/list'] = {
      body: {
        packages: [installed('/db', 'db'), installed('/second-db', 'db'), installed('/cache', 'cache')],
      },
    };
  });

  it('has a line for each version, with all its apps', async () => {
    const { stdout } = await cluster.run(['package', 'list']);
    expect(stdout.split('\n')).toEqual([
      'NAME   VERSION  CERTIFIED  APP             COMMAND  DESCRIPTION',
      'cache  1        false      /cache          ---      first line',
      'db     1        false      /db,/second-db  ---      first line',
      '',
    ]);
  });

  it('as JSON is an array of packages with their apps', async () => {
    const { stdout } = await cluster.run(['package', 'list', 'second', '--json']);
    expect(JSON.parse(stdout)).toEqual([
      { apps: ['/second-db'], name: 'db', version: '1', description: 'first line\nsecond' },
    ]);
    expect((await cluster.run(['package', 'list', 'nope', '--json'])).stdout).toBe('[]\n');
    expect((await cluster.run(['package', 'list', 'nope'])).code).toBe(3);
  });
});

describe('package uninstall', () => {
  const progress = (state: string, more = {}): object => ({
    uninstalls: [
      { packageName: 'db', appId: '/db', uninstall: { id: 'u', state, phase: 'FREEING_RESOURCES', ...more } },
    ],
  });

  beforeEach(() => {
    cluster.answers['POST /package/uninstall'] = {
      body: {
        results: [
          {
            packageName: 'db',
            appId: '/db',
            packageVersion: '2',
            uninstall: { id: 'u', state: 'UNDER_WAY' },
          },
        ],
      },
    };
  });

  const uninstall = (...flags: string[]) => cluster.run(['package', 'uninstall', 'db', '--yes', ...flags]);

  it('--wait returns when all is gone', async () => {
    let asked = 0;
    cluster.answers['GET /package/uninstalls'] = () => ({
      body: progress(++asked > 2 ? 'DONE' : 'UNDER_WAY'),
    });
    const { code, stderr } = await uninstall('--wait');
    expect({ code, asked, stderr }).toEqual({
      code: 0,
      asked: 3,
      stderr: '/db: its volumes and reservations are being freed\nUninstalled db 2 (/db)\n',
    });
  });

  it('--wait that takes too long says how far it is, and a failure why', async () => {
    cluster.answers['GET /package/uninstalls'] = {
      body: progress('UNDER_WAY', { problem: 'agent S0 is away' }),
    };
    const late = await uninstall('--wait', '--timeout', '50ms');
    expect(late.code).toBe(7);
    expect(late.stderr).toContain('its volumes and reservations are being freed (agent S0 is away)');
    cluster.answers['GET /package/uninstalls'] = { body: progress('FAILED', { problem: 'two frameworks' }) };
    const failed = await uninstall('--wait');
    expect(failed.code).toBe(1);
    expect(failed.stderr).toContain('two frameworks');
  });

  it('of a service that does not tell waits until the app is no longer listed', async () => {
    let asked = 0;
    cluster.answers['POST /package/list'] = () => ({
      body: { packages: ++asked > 2 ? [] : [{ appId: '/db' }] },
    });
    expect((await uninstall('--wait')).code).toBe(0);
    expect(asked).toBe(3);
  });

  it('without a terminal wants --yes', async () => {
    expect((await cluster.run(['package', 'uninstall', 'db'])).code).toBe(2);
    expect(cluster.changes()).toEqual([]);
  });
});

describe('package repo', () => {
  beforeEach(() => {
    cluster.answers['POST /package/repository/add'] = { body: { repositories: [] } };
  });

  it.each([
    ['https://example.com/u.git#main', 'https://example.com/u.git#main'],
    ['git@example.com:team/u.git', 'git@example.com:team/u.git'],
    ['git+https://example.com/u', 'git+https://example.com/u'],
    ['oci://example.com/team/universe:1', 'oci://example.com/team/universe:1'],
  ])('add sends %s as it is', async (given, uri) => {
    await cluster.run(['package', 'repo', 'add', 'mine', given, '--index', '0']);
    expect(bodyOf('/package/repository/add')).toEqual({ name: 'mine', uri, index: 0 });
  });

  it('add makes a URL of a folder, which must be there', async () => {
    await cluster.run(['package', 'repo', 'add', 'mine', folder]);
    expect(bodyOf('/package/repository/add')).toEqual({ name: 'mine', uri: `file://${folder}` });
    expect((await cluster.run(['package', 'repo', 'add', 'mine', join(folder, 'nope')])).code).toBe(3);
  });

  it.each(['u.json', 'u.zip', 'u.tar.gz'])('add takes the file %s', async (name) => {
    await writeFile(join(folder, name), '');
    await cluster.run(['package', 'repo', 'add', 'mine', join(folder, name)]);
    expect(bodyOf('/package/repository/add')).toEqual({ name: 'mine', uri: `file://${join(folder, name)}` });
  });

  it('add says when the packages of others hide those of the new one', async () => {
    const repositories = ['first', 'mine'].map((name) => ({ name, uri: `/${name}` }));
    cluster.answers['POST /package/repository/add'] = { body: { repositories } };
    const { stderr } = await cluster.run(['package', 'repo', 'add', 'mine', folder]);
    expect(stderr).toContain('the last of 2, whose packages the others hide');
  });

  it('add sends the key to verify by, and takes back what a service does not check', async () => {
    const key = 'RWSwctjfBguBjilDo8C3EUf9W935kt1+Gwciu22fCKzkjOYv5lQx1/+i';
    await writeFile(join(folder, 'key.pub'), `untrusted comment: x\n${key}\n`);
    const answer = (fields: object) => ({ body: { repositories: [{ name: 'mine', uri: 'u', ...fields }] } });
    cluster.answers['POST /package/repository/add'] = answer({ key });
    const uri = 'https://example.com/u.json';
    for (const given of [key, join(folder, 'key.pub')]) {
      const { code } = await cluster.run(['package', 'repo', 'add', 'mine', uri, '--verify', given]);
      expect(code).toBe(0);
      expect(bodyOf('/package/repository/add')).toEqual({ name: 'mine', uri, key });
    }
    cluster.answers['POST /package/repository/add'] = answer({});
    cluster.answers['POST /package/repository/delete'] = { body: { repositories: [] } };
    const refused = await cluster.run(['package', 'repo', 'add', 'mine', uri, '--verify', key]);
    expect(refused).toMatchObject({ code: 1, stderr: expect.stringContaining('does not check signatures') });
    expect(bodyOf('/package/repository/delete')).toEqual({ name: 'mine' });
    const wrong = await cluster.run(['package', 'repo', 'add', 'mine', uri, '--verify', 'RWnothing']);
    expect(wrong).toMatchObject({ code: 2, stderr: expect.stringContaining('no public key of minisign') });
    const missing = await cluster.run(['package', 'repo', 'add', 'mine', uri, '--verify', 'nope.pub']);
    expect(missing.code).toBe(3);
  });

  it('list tells how repositories are doing', async () => {
    const problem = { where: 'B/bad/0', message: 'package.json: line 1' };
    cluster.answers['POST /package/repository/list'] = {
      body: {
        repositories: [
          {
            name: 'a',
            uri: 'file:///a',
            state: 'READY',
            packages: 2,
            problem: null,
            packageProblems: [problem],
          },
          {
            name: 'g',
            uri: 'git@b:g',
            state: 'STALE',
            packages: 3,
            problem: 'is away',
            confirmedAt: new Date(Date.now() - 3_600_000).toISOString(),
            commit: '0123456789abcdef0123456789abcdef01234567',
          },
        ],
      },
    };
    const { stdout, stderr } = await cluster.run(['package', 'repo', 'list']);
    expect(stderr).toContain('a: B/bad/0: package.json: line 1');
    expect(stdout.split('\n')).toEqual([
      'NAME  URI        STATE  PACKAGES  PROBLEM                   AGE     COMMIT',
      'a     file:///a  READY         2  1 package cannot be read',
      'g     git@b:g    STALE         3  is away                   60 min  0123456789ab',
      '',
    ]);
  });
});
