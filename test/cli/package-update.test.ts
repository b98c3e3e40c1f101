import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type FakeCluster, startFakeCluster } from './fake-cluster.ts';

let cluster: FakeCluster;

const M = '/service/marathon/v2';
const S = '/cosmos/service';

const app = { id: '/db', instances: 1, tasksRunning: 1, version: 'v', deployments: [] };
const config = {
  properties: {
    service: { properties: { mode: { type: 'string' } } },
    password: { type: 'string', format: 'password' },
  },
};

const installed = (appId: string): object => ({
  appId,
  packageInformation: { packageDefinition: { name: 'db', version: '1', description: '' } },
});

const marathonPreview = {
  steps: [{ actions: [{ action: 'RestartApplication', app: '/db' }] }],
  diff: [
    {
      id: '/db',
      kind: 'update',
      changes: [
        { path: '/cmd', before: 'one', after: 'two' },
        { path: '/env/URL', before: 'db:secret-1@host', after: 'db:secret-2@host' },
        { path: '/labels/DCOS_PACKAGE_OPTIONS', before: 'x', after: 'y' },
      ],
    },
  ],
};

beforeEach(async () => {
  cluster = await startFakeCluster({
    'POST /package/list': { body: { packages: [installed('/db')] } },
    [`POST ${S}/preview`]: {
      body: {
        package: { name: 'db', version: '2', config },
        currentVersion: '1',
        currentOptions: { service: { mode: 'slow', old: true }, same: [1], password: 'secret-1' },
        resolvedOptions: { service: { mode: 'fast' }, same: [1], count: 2, password: 'secret-2' },
        marathonJson: { id: '/db', cmd: 'two' },
      },
    },
    [`POST ${S}/update`]: {
      body: { package: { name: 'db', version: '2' }, resolvedOptions: {}, marathonDeploymentId: 'd' },
    },
    [`POST ${S}/rollback`]: {
      body: { package: { name: 'db', version: '1' }, resolvedOptions: {}, marathonDeploymentId: 'd' },
    },
    [`GET ${M}/deployments/none`]: { status: 404, body: { message: 'DeploymentPlan none does not exist' } },
    [`PUT ${M}/apps/db`]: { body: marathonPreview },
    [`GET ${M}/deployments`]: { body: [] },
    [`GET ${M}/apps/db`]: { body: { app } },
  });
});

afterEach(() => cluster.close());

const bodyOf = (path: string): unknown =>
  JSON.parse(cluster.server.requests.findLast(({ target }) => target === path)?.body ?? 'null');

const update = (...flags: string[]) => cluster.run(['package', 'update', 'db', ...flags]);

const SHOWN = [
  'db 1 -> 2 (/db)',
  '    + count: 2',
  '    - password: "********"',
  '    + password: "********"',
  '    - service.mode: "slow"',
  '    + service.mode: "fast"',
  '    - service.old: true',
  '~ /db changes',
  '    - /cmd: "one"',
  '    + /cmd: "two"',
  '    - /env/URL: "********"',
  '    + /env/URL: "********"',
];

describe('package update', () => {
  it('shows what changes in options and app, changes it, and waits until it is usable', async () => {
    const flags = ['--set', 'service.mode=fast', '--package-version', '2', '--yes', '--wait'];
    const { code, stdout, stderr } = await update(...flags);
    expect({ code, stdout }).toEqual({ code: 0, stdout: '' });
    expect(stderr.split('\n').slice(0, 12)).toEqual(SHOWN);
    expect(stderr).not.toContain('DCOS_PACKAGE');
    expect(stderr).toContain('Changing db (/db) to 2: deployment d\n');
    expect(stderr).toContain('ready: it can be used\ndb 2 is usable\n');
    const request = {
      appId: '/db',
      packageVersion: '2',
      replace: false,
      options: { service: { mode: 'fast' } },
    };
    expect(bodyOf(`${S}/preview`)).toEqual(request);
    expect(bodyOf(`${S}/update`)).toEqual(request);
    const { target } = cluster.server.requests.find(({ method }) => method === 'PUT') ?? {};
    expect(target).toBe(`${M}/apps/db?dryRun=true&partialUpdate=false`);
  });

  it('--dry-run prints what would change, as JSON too, and changes nothing', async () => {
    const { stdout, stderr } = await update('--replace', '--dry-run');
    expect(stdout.split('\n').slice(0, 12)).toEqual(SHOWN);
    expect(stderr).toBe('');
    const { stdout: json } = await update('--replace', '--dry-run', '--json');
    expect(JSON.parse(json)).toMatchObject({
      appId: '/db',
      version: { before: '1', after: '2' },
      options: [
        { path: ['count'], after: 2 },
        { path: ['password'], before: '********', after: '********' },
        { path: ['service', 'mode'], before: 'slow', after: 'fast' },
        { path: ['service', 'old'], before: true },
      ],
      app: { diff: [{ id: '/db', changes: [{ path: '/cmd' }, { path: '/env/URL' }] }] },
    });
    expect(bodyOf(`${S}/update`)).toBeNull();
  });

  it('does nothing when nothing would change', async () => {
    const options = { a: 1 };
    cluster.answers[`POST ${S}/preview`] = {
      body: {
        package: { name: 'db', version: '1' },
        currentVersion: '1',
        currentOptions: options,
        resolvedOptions: options,
        marathonJson: {},
      },
    };
    cluster.answers[`PUT ${M}/apps/db`] = { body: { steps: [], diff: [] } };
    const { code, stderr } = await update('--set', 'a=1');
    expect({ code, stderr }).toEqual({ code: 0, stderr: 'Nothing would change\n' });
    expect(bodyOf(`${S}/update`)).toBeNull();
  });

  it('warns of options that the package does not know', async () => {
    const { stderr } = await update('--set', 'service.mdoe=fast', '--dry-run');
    expect(stderr).toContain('no option service.mdoe, it has no effect; did you mean service.mode?');
  });

  it('of a cluster whose Marathon knows no dry runs shows the options alone', async () => {
    cluster.answers[`GET ${M}/deployments/none`] = { status: 404, body: { message: 'no' } };
    const { stdout } = await update('--replace', '--dry-run');
    expect(stdout.trimEnd().split('\n')).toEqual([
      ...SHOWN.slice(0, 7),
      'This Marathon cannot tell what changes in the app',
    ]);
    expect(cluster.changes().some((change) => change.startsWith('PUT'))).toBe(false);
  });

  it('of a package service that knows no previews changes what it is told to, but has no dry run', async () => {
    delete cluster.answers[`POST ${S}/preview`];
    const dry = await update('--replace', '--dry-run');
    expect(dry.code).toBe(1);
    expect(bodyOf(`${S}/update`)).toBeNull();
    expect((await update('--replace', '--yes')).code).toBe(0);
    expect(bodyOf(`${S}/update`)).toEqual({ appId: '/db', replace: true });
    expect((await cluster.run(['package', 'rollback', 'db', '--yes'])).code).toBe(1);
  });

  it('wants something to change, somebody to agree, and to know which', async () => {
    const nothing = await update('--yes');
    expect({ code: nothing.code, requests: cluster.server.requests }).toEqual({ code: 2, requests: [] });
    const unasked = await update('--replace');
    expect({ code: unasked.code, sent: bodyOf(`${S}/update`) }).toEqual({ code: 2, sent: null });
    cluster.answers['POST /package/list'] = { body: { packages: [installed('/db'), installed('/two')] } };
    const several = await update('--replace', '--yes');
    expect({ code: several.code, stderr: several.stderr }).toMatchObject({
      code: 4,
      stderr: expect.stringContaining('/db, /two'),
    });
    await update('--replace', '--yes', '--app-id', 'db');
    expect(bodyOf(`${S}/update`)).toMatchObject({ appId: '/db' });
    cluster.answers['POST /package/list'] = { body: { packages: [] } };
    expect((await update('--replace', '--yes')).code).toBe(3);
  });
});

describe('package rollback', () => {
  it('shows what changes and goes back, to an entry if one is named', async () => {
    const { code, stderr } = await cluster.run([
      'package',
      'rollback',
      'db',
      '--to',
      '3',
      '--force',
      '--yes',
    ]);
    expect(code).toBe(0);
    expect(stderr.split('\n').slice(0, 12)).toEqual(SHOWN);
    expect(bodyOf(`${S}/preview`)).toEqual({ appId: '/db', to: 3, force: true, rollback: true });
    expect(bodyOf(`${S}/rollback`)).toEqual({ appId: '/db', to: 3, force: true });
  });
});

describe('package history', () => {
  it('lists what ran, marks what runs, and is JSON when asked', async () => {
    const entry = (id: number, action: string, current: boolean): object => ({
      id,
      action,
      at: '2026-01-02T03:04:05.000Z',
      packageVersion: '1',
      source: 'file:///u',
      options: { a: id, password: 'secret' },
      current,
    });
    const entries = [entry(1, 'INSTALLED', false), entry(2, 'ROLLED_BACK', true)];
    cluster.answers[`POST ${S}/history`] = { body: { entries } };
    cluster.answers[`POST ${S}/describe`] = { body: { package: { name: 'db', version: '1', config } } };
    const { stdout } = await cluster.run(['package', 'history', 'db']);
    expect(stdout.split('\n')).toEqual([
      'NUMBER  AT                        ACTION       VERSION  OPTIONS',
      '1       2026-01-02T03:04:05.000Z  installed    1        {"a":1,"password":"********"}',
      '2*      2026-01-02T03:04:05.000Z  rolled back  1        {"a":2,"password":"********"}',
      '',
    ]);
    const { stdout: json } = await cluster.run(['package', 'history', 'db', '--json']);
    expect(JSON.parse(json)).toEqual({ entries });
    delete cluster.answers[`POST ${S}/history`];
    expect((await cluster.run(['package', 'history', 'db'])).stderr).toContain('keeps no history');
  });
});
